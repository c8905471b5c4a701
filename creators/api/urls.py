"""Addresses of the API: resources under v1/, its schema and its documentation."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from creators.api.creators import CreatorViewSet, MetricViewSet
from creators.api.imports import ImportViewSet
from creators.api.schema import docs, schema
from creators.api.shortlists import EntryViewSet, ShortlistViewSet

router = SimpleRouter()
router.register("creators", CreatorViewSet, basename="api_creator")
router.register("imports", ImportViewSet, basename="api_import")
router.register("metrics", MetricViewSet, basename="api_metric")
router.register("shortlists", ShortlistViewSet, basename="api_shortlist")

entries = EntryViewSet.as_view({"get": "list", "post": "create"})
entry = EntryViewSet.as_view({"patch": "partial_update", "delete": "destroy"})

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(router.urls)),
    path("v1/shortlists/<int:shortlist_pk>/entries/", entries, name="api_entry-list"),
    path("v1/shortlists/<int:shortlist_pk>/entries/<int:pk>/", entry, name="api_entry-detail"),
    path("schema/", schema, name="api_schema"),
    path("docs/", docs, name="api_docs"),
]
