from django.urls import URLPattern, path

from campaigns.views import contents as views
from campaigns.views import results

urlpatterns: list[URLPattern] = [
    path("contents/", views.content_list, name="content_list"),
    path("contents/results/", results.result_import_create, name="result_import_create"),
    path("contents/results/<int:pk>/", results.result_import_detail, name="result_import_detail"),
    path("contents/results/<int:pk>/start/", results.result_import_start, name="result_import_start"),
    path("contents/<int:pk>/", views.content_detail, name="content_detail"),
    path("contents/<int:pk>/drafts/<int:draft_pk>/review/", views.content_review, name="content_review"),
    path("contents/<int:pk>/drafts/<int:draft_pk>/file/", views.content_draft_file, name="content_draft_file"),
    path(
        "contents/<int:pk>/results/<int:result_pk>/remove/", views.content_result_remove, name="content_result_remove"
    ),
    path("contents/<int:pk>/<slug:step>/", views.content_step, name="content_step"),
    path("collaborations/<int:pk>/contents/new/", views.content_add, name="content_add"),
]
