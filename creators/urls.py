"""Addresses of the directory, of shortlists and of imports; the API's are in `creators.api.urls`."""

from django.urls import URLPattern, URLResolver, include, path

from creators.views import comparison, creators, exports, imports, profile, reference, shortlists

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

shortlist_urls: list[URLPattern | URLResolver] = [
    path("shortlists/", shortlists.shortlist_list, name="shortlist_list"),
    path("shortlists/new/", shortlists.shortlist_create, name="shortlist_create"),
    path("shortlists/add/", shortlists.shortlist_bulk_add, name="shortlist_bulk_add"),
    path("shortlists/<int:pk>/", shortlists.shortlist_detail, name="shortlist_detail"),
    path("shortlists/<int:pk>/edit/", shortlists.shortlist_edit, name="shortlist_edit"),
    path("shortlists/<int:pk>/delete/", shortlists.shortlist_delete, name="shortlist_delete"),
    path("shortlists/<int:pk>/export/", exports.shortlist_export, name="shortlist_export"),
    path("shortlists/<int:pk>/remove/", shortlists.entries_remove, name="entries_remove"),
    path("shortlists/<int:pk>/move/", shortlists.entries_move, name="entries_move"),
    path("shortlists/<int:pk>/copy/", shortlists.entries_copy, name="entries_copy"),
    path("shortlists/<int:pk>/entries/<int:entry_pk>/note/", shortlists.entry_note, name="entry_note"),
    path("creators/compare/", comparison.creator_compare, name="creator_compare"),
    path("creators/export/", exports.creator_export, name="creator_export"),
]

import_urls: list[URLPattern | URLResolver] = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_create, name="import_create"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/preview/", imports.import_preview, name="import_preview"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/failures/", imports.import_failures, name="import_failures"),
    path("imports/<int:pk>/conflicts/<int:conflict_pk>/", imports.conflict_resolve, name="conflict_resolve"),
    path("reference/rates/", reference.rate_list, name="rate_list"),
    path("reference/headers/", reference.alias_list, name="alias_list"),
    path("reference/headers/<int:pk>/delete/", reference.alias_delete, name="alias_delete"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *creator_urls,
    *shortlist_urls,
    *import_urls,
    path("api/", include("creators.api.urls")),
]
