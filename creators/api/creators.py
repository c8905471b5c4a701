"""`/api/v1/creators/` and `/api/v1/metrics/`: the directory for programs."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ViewSet

from accounts.api import requires
from accounts.models import User
from accounts.states import Permission
from core.lists import ROWS_CHOICES, ROWS_DEFAULT, CursorError, rows_chosen
from creators.filters import CreatorFilter, creator_filter
from creators.metrics import METRICS
from creators.models import CreatorFacts
from creators.selectors.directory import directory_page, rows_of
from creators.serializers.creators import (
    CreatorPageSerializer,
    CreatorSerializer,
    ErrorSerializer,
    MetricSerializer,
    creator_output,
    metric_output,
)

LIST_PARAMETERS = [
    OpenApiParameter("cursor", str, description="Where the page begins; take it from `next` or `previous`."),
    OpenApiParameter("rows", int, enum=ROWS_CHOICES, default=ROWS_DEFAULT, description="Rows a page."),
]


class CreatorViewSet(GenericViewSet):
    """Creators with every known metric."""

    permission_classes = [requires(Permission.CREATOR_VIEW)]
    queryset = CreatorFacts.objects.all()
    serializer_class = CreatorSerializer
    # For the schema: the list filters itself, so that page and API answer alike.
    filter_backends = [DjangoFilterBackend]
    filterset_class = CreatorFilter
    pagination_class = None
    lookup_value_regex = r"\d+"

    @extend_schema(parameters=LIST_PARAMETERS, responses={200: CreatorPageSerializer, 400: ErrorSerializer})
    def list(self, request: Request) -> Response:
        """A page of the creators that pass all filters."""
        directory = creator_filter(request.query_params, CreatorFacts.objects.visible_to(cast("User", request.user)))
        if directory.errors:
            raise ValidationError(directory.errors)
        cursor = request.query_params.get("cursor", "")
        try:
            listing = directory_page(directory, size=rows_chosen(request.query_params), cursor=cursor)
        except CursorError as error:
            raise ValidationError({"cursor": _("This cursor is not valid. Start again without one.")}) from error
        page: dict[str, Any] = {
            "count": listing.count.number,
            "count_is_capped": listing.count.is_capped,
            "next": _address(request, listing.page.next_cursor),
            "previous": _address(request, listing.page.previous_cursor),
            "results": [creator_output(row) for row in listing.rows],
        }
        return Response(page)

    @extend_schema(filters=False, responses={200: CreatorSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: int) -> Response:
        """One creator."""
        facts = get_object_or_404(CreatorFacts.objects.visible_to(cast("User", request.user)), pk=pk)
        return Response(creator_output(rows_of([facts])[0]))


class MetricViewSet(ViewSet):
    """The dictionary of metrics, in the language of the request."""

    permission_classes = [requires(Permission.CREATOR_VIEW)]

    @extend_schema(responses=MetricSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Every metric: key, definition, unit, window."""
        return Response([metric_output(metric) for metric in METRICS])


def _address(request: Request, cursor: str | None) -> str | None:
    """The address of this list at another cursor."""
    if cursor is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
