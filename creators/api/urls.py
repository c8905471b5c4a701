"""Addresses of the API: resources under v1/, its schema and its documentation."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

router = SimpleRouter()

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(router.urls)),
]
