"""Addresses of the directory, of shortlists and of imports; the API's are in `creators.api.urls`."""

from django.urls import URLPattern, URLResolver, include, path

creator_urls: list[URLPattern | URLResolver] = []

shortlist_urls: list[URLPattern | URLResolver] = []

import_urls: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = [
    *creator_urls,
    *shortlist_urls,
    *import_urls,
    path("api/", include("creators.api.urls")),
]
