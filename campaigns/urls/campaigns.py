from django.urls import URLPattern, path

from campaigns.views import campaign_map, campaigns, matrices

urlpatterns: list[URLPattern] = [
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/export/", campaigns.campaign_export, name="campaign_export"),
    path("campaigns/new/", campaigns.campaign_create, name="campaign_create"),
    path("campaigns/<int:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:pk>/move/", campaigns.campaign_move, name="campaign_move"),
    path("campaigns/<int:pk>/map/", campaign_map.campaign_map, name="campaign_map"),
    path("campaigns/<int:pk>/map/preset/", campaign_map.stage_preset, name="stage_preset"),
    path("campaigns/<int:pk>/map/new/", campaign_map.stage_create, name="stage_create"),
    path("campaigns/<int:pk>/map/<int:stage_pk>/", campaign_map.stage_edit, name="stage_edit"),
    path("campaigns/<int:pk>/map/<int:stage_pk>/delete/", campaign_map.stage_delete, name="stage_delete"),
    path("campaigns/<int:pk>/matrices/", matrices.matrix_list, name="matrix_list"),
    path("campaigns/<int:pk>/matrices/new/", matrices.matrix_create, name="matrix_create"),
    path("matrices/<int:pk>/", matrices.matrix_detail, name="matrix_detail"),
    path("matrices/<int:pk>/assign/", matrices.matrix_assign, name="matrix_assign"),
    path("matrices/<int:pk>/cells/<int:cell_pk>/push/", matrices.matrix_push, name="matrix_push"),
]
