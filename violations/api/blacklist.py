"""`/api/v1/blacklist/`: the organisation's blacklist and those of your shops."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from creators.serializers.creators import ErrorSerializer
from violations.models import BlacklistEntry
from violations.serializers.blacklist import (
    BlacklistInputSerializer,
    BlacklistSerializer,
    DecisionSerializer,
    RemovalSerializer,
    blacklist_output,
)
from violations.services import blacklist as services
from violations.states import BlacklistState

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
RELATED = ("creator", "shop", "proposed_by", "decided_by", "removed_by")
STATE = OpenApiParameter("state", str, enum=BlacklistState.values, description="Only entries of this state.")


class NewestFirst(CursorPagination):
    ordering = ("-id",)
    page_size = 50


class BlacklistViewSet(GenericViewSet):
    """Entries of the organisation's blacklist and of your shops' own."""

    permission_classes = [requires(Permission.VIOLATION_VIEW, write=Permission.BLACKLIST_PROPOSE)]
    queryset = BlacklistEntry.objects.none()
    serializer_class = BlacklistSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[BlacklistEntry]:
        return BlacklistEntry.objects.visible_to(user_of(self.request)).select_related(*RELATED)

    @extend_schema(parameters=[STATE])
    def list(self, request: Request) -> Response:
        """Entries, the newest first."""
        found = self.get_queryset()
        if state := request.query_params.get("state"):
            found = found.filter(state=state)
        page = self.paginate_queryset(found)
        return self.get_paginated_response([blacklist_output(row) for row in page or []])

    @extend_schema(responses={200: BlacklistSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One entry."""
        return Response(blacklist_output(self._entry(pk)))

    @extend_schema(request=BlacklistInputSerializer, responses={201: BlacklistSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Propose a creator for the organisation's blacklist; with `shop`, put it on that shop's own at once."""
        wanted = _checked(BlacklistInputSerializer(data=request.data, context={"request": request}))
        shop = wanted.pop("shop")
        common = {**wanted, "by": user_of(request), "at": timezone.now()}
        entry = services.blacklist_add(shop=shop, **common) if shop else services.blacklist_propose(**common)
        return Response(blacklist_output(entry), status=201)

    @extend_schema(request=DecisionSerializer, responses={200: BlacklistSerializer, **ERRORS})
    @action(detail=True, methods=["post"], permission_classes=[requires(Permission.BLACKLIST_DECIDE)])
    def decision(self, request: Request, pk: str) -> Response:
        """Confirm or refuse a proposal of somebody else."""
        entry = self._entry(pk)
        wanted = _checked(DecisionSerializer(data=request.data))
        entry = services.blacklist_decide(entry=entry, by=user_of(request), at=timezone.now(), **wanted)
        return Response(blacklist_output(entry))

    @extend_schema(request=RemovalSerializer, responses={200: BlacklistSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def removal(self, request: Request, pk: str) -> Response:
        """Take the creator off the list; off the organisation's only with the right to decide."""
        entry = self._entry(pk)
        wanted = _checked(RemovalSerializer(data=request.data))
        entry = services.blacklist_remove(entry=entry, by=user_of(request), at=timezone.now(), **wanted)
        return Response(blacklist_output(entry))

    def _entry(self, pk: str) -> BlacklistEntry:
        return get_object_or_404(self.get_queryset(), pk=pk)


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
