from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("creators.urls")),
    path("", include("django_prometheus.urls")),
]
