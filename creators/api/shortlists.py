"""`/api/v1/shortlists/` and the creators on each, under `/api/v1/shortlists/{id}/entries/`."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from creators.models import Shortlist, ShortlistEntry
from creators.serializers.creators import ErrorSerializer
from creators.serializers.shortlists import (
    AddResultSerializer,
    EntryInputSerializer,
    EntrySerializer,
    EntryUpdateSerializer,
    ShortlistInputSerializer,
    ShortlistSerializer,
    ShortlistUpdateSerializer,
    entry_output,
    shortlist_output,
)
from creators.services import shortlists as services

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}


class NewestFirst(CursorPagination):
    ordering = ("-created_at", "-id")
    page_size = 50


class NewestEntriesFirst(CursorPagination):
    ordering = ("-added_at", "-id")
    page_size = 100


class ShortlistViewSet(GenericViewSet):
    """The shortlists of your shops, and your private ones."""

    permission_classes = [requires(Permission.SHORTLIST_VIEW, write=Permission.SHORTLIST_EDIT)]
    queryset = Shortlist.objects.none()
    serializer_class = ShortlistSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Shortlist]:
        visible = Shortlist.objects.visible_to(user_of(self.request))
        return visible.with_sizes().select_related("shop", "owner")

    def list(self, request: Request) -> Response:
        """Every list, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([shortlist_output(row) for row in page or []])

    @extend_schema(responses={200: ShortlistSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One list."""
        return Response(shortlist_output(self._shortlist(pk)))

    @extend_schema(request=ShortlistInputSerializer, responses={201: ShortlistSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """A new, empty list."""
        wanted = _checked(ShortlistInputSerializer(data=request.data, context={"request": request}))
        shortlist = services.shortlist_create(by=user_of(request), **wanted)
        return Response(shortlist_output(shortlist), status=201)

    @extend_schema(request=ShortlistUpdateSerializer, responses={200: ShortlistSerializer, **ERRORS})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change name, note or visibility; the visibility only as the owner."""
        shortlist = self._shortlist(pk)
        wanted = _checked(ShortlistUpdateSerializer(data=request.data))
        services.shortlist_update(shortlist=shortlist, by=user_of(request), **wanted)
        return Response(shortlist_output(self._shortlist(pk)))

    @extend_schema(responses={204: None, **ERRORS})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a list with its notes; the creators stay."""
        services.shortlist_delete(shortlist=self._shortlist(pk), by=user_of(request))
        return Response(status=204)

    def _shortlist(self, pk: str) -> Shortlist:
        return get_object_or_404(self.get_queryset(), pk=pk)


class EntryViewSet(GenericViewSet):
    """The creators on a shortlist."""

    permission_classes = [requires(Permission.SHORTLIST_VIEW, write=Permission.SHORTLIST_EDIT)]
    queryset = ShortlistEntry.objects.none()
    serializer_class = EntrySerializer
    pagination_class = NewestEntriesFirst
    filter_backends = []

    def get_queryset(self) -> QuerySet[ShortlistEntry]:
        visible = ShortlistEntry.objects.visible_to(user_of(self.request)).filter(
            shortlist=self.kwargs.get("shortlist_pk")
        )
        return visible.select_related("creator", "added_by")

    def list(self, request: Request, shortlist_pk: int) -> Response:
        """The creators, the newest entry first."""
        self._shortlist(shortlist_pk)
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([entry_output(row) for row in page or []])

    @extend_schema(request=EntryInputSerializer, responses={200: AddResultSerializer, **ERRORS})
    def create(self, request: Request, shortlist_pk: int) -> Response:
        """Put creators on the list; those on it already stay as they are."""
        shortlist = self._shortlist(shortlist_pk)
        wanted = EntryInputSerializer(data=request.data)
        note = _checked(wanted)["note"]
        result = services.entries_add(
            shortlist=shortlist, creator_ids=wanted.creator_ids(), by=user_of(request), note=note
        )
        return Response({"added": result.added, "already": result.already})

    @extend_schema(request=EntryUpdateSerializer, responses={200: EntrySerializer, **ERRORS})
    def partial_update(self, request: Request, shortlist_pk: int, pk: int) -> Response:
        """Change the note."""
        entry = get_object_or_404(self.get_queryset(), pk=pk)
        note = _checked(EntryUpdateSerializer(data=request.data))["note"]
        return Response(entry_output(services.entry_update(entry=entry, note=note, by=user_of(request))))

    @extend_schema(responses={204: None, **ERRORS})
    def destroy(self, request: Request, shortlist_pk: int, pk: int) -> Response:
        """Take the creator off the list."""
        entry = get_object_or_404(self.get_queryset().select_related("shortlist"), pk=pk)
        services.entries_remove(shortlist=entry.shortlist, creator_ids=[entry.creator_id], by=user_of(request))
        return Response(status=204)

    def _shortlist(self, pk: int) -> Shortlist:
        return get_object_or_404(Shortlist.objects.visible_to(user_of(self.request)), pk=pk)


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
