"""Addresses of plans and all that follows from them; each noun names its own in its module."""

from django.urls import URLPattern, URLResolver, include, path

from campaigns.urls import (
    agreements,
    campaigns,
    collaborations,
    contents,
    outreach,
    plans,
    problems,
    products,
    samples,
    settlements,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *products.urlpatterns,
    *campaigns.urlpatterns,
    *plans.urlpatterns,
    *collaborations.urlpatterns,
    *outreach.urlpatterns,
    *agreements.urlpatterns,
    *samples.urlpatterns,
    *contents.urlpatterns,
    *settlements.urlpatterns,
    *problems.urlpatterns,
    path("api/v1/", include("campaigns.api.urls")),
]
