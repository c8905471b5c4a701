"""Addresses of the ledger, rule books, appeals, the blacklist and the creator's own page.

Each part names its own in its module; the order decides nothing.
"""

from django.urls import URLPattern, URLResolver, include, path

from violations.views import blacklist, health

blacklist_urls: list[URLPattern | URLResolver] = [
    path("violations/blacklist/", blacklist.blacklist_list, name="blacklist_list"),
    path("violations/blacklist/<int:pk>/", blacklist.blacklist_detail, name="blacklist_detail"),
    path("violations/blacklist/<int:pk>/decision/", blacklist.blacklist_decide, name="blacklist_decide"),
    path("violations/blacklist/<int:pk>/keep/", blacklist.blacklist_keep, name="blacklist_keep"),
    path("violations/blacklist/<int:pk>/removal/", blacklist.blacklist_remove, name="blacklist_remove"),
    path(
        "violations/blacklist/<int:pk>/evidence/<int:evidence_pk>/",
        blacklist.blacklist_evidence,
        name="blacklist_evidence",
    ),
    path("creators/<int:pk>/blacklist/", blacklist.blacklist_create, name="blacklist_create"),
]

health_urls: list[URLPattern | URLResolver] = [
    path("violations/health/", health.health_list, name="health_list"),
    path("creators/<int:pk>/health-rating/", health.health_create, name="health_create"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *blacklist_urls,
    *health_urls,
    path("api/v1/", include("violations.api.urls")),
]
