"""Addresses of the ledger, rule books, appeals, the blacklist and the creator's own page.

Each part names its own in its module; the order decides nothing.
"""

from django.urls import URLPattern, URLResolver, include, path

from violations.views import appeals, blacklist, desk, health

desk_urls: list[URLPattern | URLResolver] = [
    path("violations/", desk.violation_desk, name="violation_desk"),
]

appeal_urls: list[URLPattern | URLResolver] = [
    path("violations/appeals/", appeals.appeal_list, name="appeal_list"),
    path("violations/appeals/outcomes/", appeals.appeal_outcomes, name="appeal_outcomes"),
    path("violations/appeals/<int:pk>/", appeals.appeal_detail, name="appeal_detail"),
    path("violations/appeals/<int:pk>/claim/", appeals.appeal_claim, name="appeal_claim"),
    path("violations/appeals/<int:pk>/reviewer/", appeals.appeal_assign, name="appeal_assign"),
    path("violations/appeals/<int:pk>/question/", appeals.appeal_ask, name="appeal_ask"),
    path("violations/appeals/<int:pk>/answer/", appeals.appeal_answer, name="appeal_answer"),
    path("violations/appeals/<int:pk>/decision/", appeals.appeal_decide, name="appeal_decide"),
    path("violations/appeals/<int:pk>/withdrawal/", appeals.appeal_withdraw, name="appeal_withdraw"),
    path("violations/appeals/evidence/<int:pk>/", appeals.appeal_evidence, name="appeal_evidence"),
    path("violations/entries/<int:pk>/appeal/", appeals.appeal_create, name="appeal_create"),
]

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
    *appeal_urls,
    *desk_urls,
    *blacklist_urls,
    *health_urls,
    path("api/v1/", include("violations.api.urls")),
]
