from django.urls import URLPattern, URLResolver, path

from core import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help_page"),
    path("preferences/", views.preference_set, name="preference_set"),
    path("jobs/<int:pk>/", views.job_detail, name="job_detail"),
    path("jobs/<int:pk>/cancel/", views.job_cancel, name="job_cancel"),
    path("files/<int:pk>/", views.file_download, name="file_download"),
    path("healthz", views.health_live, name="health_live"),
    path("readyz", views.health_ready, name="health_ready"),
    path("prometheus", views.prometheus_metrics, name="prometheus_metrics"),
    path("gallery/", views.gallery, name="gallery"),
]
