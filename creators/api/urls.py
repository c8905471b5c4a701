"""Addresses of the API: resources under v1/, its schema and its documentation."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from creators.api.creators import CreatorViewSet, MetricViewSet
from creators.api.imports import ImportViewSet
from creators.api.schema import docs, schema

router = SimpleRouter()
router.register("creators", CreatorViewSet, basename="api_creator")
router.register("imports", ImportViewSet, basename="api_import")
router.register("metrics", MetricViewSet, basename="api_metric")

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(router.urls)),
    path("schema/", schema, name="api_schema"),
    path("docs/", docs, name="api_docs"),
]
