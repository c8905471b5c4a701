"""Addresses of the API of plans and collaborations, under v1/."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from campaigns.api.products import ProductViewSet

router = SimpleRouter()
router.register("products", ProductViewSet, basename="api_product")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
