"""Addresses of the API of violations, under v1/."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from violations.api.blacklist import BlacklistViewSet
from violations.api.health import HealthRatingViewSet

router = SimpleRouter()
router.register("blacklist", BlacklistViewSet, basename="api_blacklist")
router.register("health-ratings", HealthRatingViewSet, basename="api_health_rating")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
