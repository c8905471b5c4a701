"""Addresses of the API of violations, under v1/."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from violations.api.appeals import AppealViewSet
from violations.api.batches import BatchViewSet
from violations.api.blacklist import BlacklistViewSet
from violations.api.entries import StandingViewSet, ViolationViewSet
from violations.api.health import HealthRatingViewSet
from violations.api.rulebooks import RuleBookViewSet

router = SimpleRouter()
router.register("batches", BatchViewSet, basename="api_batch")
router.register("appeals", AppealViewSet, basename="api_appeal")
router.register("blacklist", BlacklistViewSet, basename="api_blacklist")
router.register("health-ratings", HealthRatingViewSet, basename="api_health_rating")
router.register("rulebooks", RuleBookViewSet, basename="api_rulebook")

router.register("violations", ViolationViewSet, basename="api_violation")

standing = StandingViewSet.as_view({"get": "retrieve"})

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("creators/<int:pk>/standing/", standing, name="api_standing"),
]
