"""`/api/v1/health-ratings/`: the platform's own Creator Health Rating."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from creators.serializers.creators import ErrorSerializer
from creators.serializers.shortlists import KEY_MAX
from violations.models import HealthRating
from violations.selectors.health import bands_on, line_of
from violations.serializers.health import HealthInputSerializer, HealthSerializer, health_output
from violations.services.health import rating_record

CREATOR = OpenApiParameter("creator", int, description="Only ratings of this creator.")


class NewestFirst(CursorPagination):
    ordering = ("-id",)
    page_size = 100


class HealthRatingViewSet(GenericViewSet):
    """Ratings as they were read from the platform; never computed here."""

    permission_classes = [requires(Permission.VIOLATION_VIEW, write=Permission.HEALTH_RECORD)]
    queryset = HealthRating.objects.none()
    serializer_class = HealthSerializer
    pagination_class = NewestFirst
    filter_backends = []

    def get_queryset(self) -> QuerySet[HealthRating]:
        return HealthRating.objects.select_related("creator", "recorded_by")

    @extend_schema(parameters=[CREATOR])
    def list(self, request: Request) -> Response:
        """Ratings of every day, the last recorded first."""
        found = self.get_queryset()
        creator = request.query_params.get("creator", "")
        if creator.isascii() and creator.isdigit():
            found = found.filter(creator=min(int(creator), KEY_MAX))
        bands = bands_on(timezone.localdate())
        page = self.paginate_queryset(found)
        return self.get_paginated_response([health_output(row, line_of(row, bands)) for row in page or []])

    @extend_schema(
        request=HealthInputSerializer,
        responses={201: HealthSerializer, 400: ErrorSerializer, 403: ErrorSerializer},
    )
    def create(self, request: Request) -> Response:
        """Keep a rating of a day; the same day and source again replaces it."""
        serializer = HealthInputSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        wanted: Any = serializer.validated_data
        rating = rating_record(by=user_of(request), at=timezone.now(), **wanted)
        bands = bands_on(timezone.localdate())
        return Response(health_output(rating, line_of(rating, bands)), status=201)
