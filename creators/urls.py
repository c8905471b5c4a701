"""Addresses of the directory, of shortlists and of imports; the API's are in `creators.api.urls`."""

from django.urls import URLPattern, URLResolver, include, path

from creators.views import creators, profile

creator_urls: list[URLPattern | URLResolver] = [
    path("creators/", creators.creator_list, name="creator_list"),
    path("creators/facets/", creators.creator_facets, name="creator_facets"),
    path("creators/<int:pk>/", profile.creator_detail, name="creator_detail"),
    path("creators/<int:pk>/drawer/", profile.creator_drawer, name="creator_drawer"),
    path("creators/<int:pk>/edit/", profile.creator_edit, name="creator_edit"),
    path("creators/<int:pk>/link/", profile.creator_link, name="creator_link"),
    path("creators/<int:pk>/unlink/", profile.creator_unlink, name="creator_unlink"),
    path("metrics/", profile.metric_list, name="metric_list"),
]

shortlist_urls: list[URLPattern | URLResolver] = []

import_urls: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = [
    *creator_urls,
    *shortlist_urls,
    *import_urls,
    path("api/", include("creators.api.urls")),
]
