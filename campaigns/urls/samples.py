from django.urls import URLPattern, path

from campaigns.views import samples as views

urlpatterns: list[URLPattern] = [
    path("samples/", views.sample_list, name="sample_list"),
    path("samples/economics/", views.sample_economics, name="sample_economics"),
    path("samples/approve/", views.sample_bulk_approve, name="sample_bulk_approve"),
    path("samples/ship/", views.sample_bulk_ship, name="sample_bulk_ship"),
    path("samples/<int:pk>/", views.sample_detail, name="sample_detail"),
    path("samples/<int:pk>/<slug:step>/", views.sample_step, name="sample_step"),
    path("collaborations/<int:pk>/samples/new/", views.sample_request, name="sample_request"),
]
