"""`/api/v1/violations/`: the ledger, what an entry would bring about, evidence, measures; and where creators stand."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from core.errors import DomainError
from core.uploads.handlers import upload_is_too_large
from creators.models import Creator
from creators.serializers.creators import ErrorSerializer
from violations.forms.blacklist import TOO_LARGE
from violations.models import LedgerEntry
from violations.selectors.entries import entries_narrowed, entries_shown, internal_seen
from violations.selectors.preview import violation_preview
from violations.selectors.standings import standing_of
from violations.serializers.entries import (
    EvidenceInputSerializer,
    EvidenceSerializer,
    LedgerEntrySerializer,
    LedgerFilterSerializer,
    MeasureInputSerializer,
    PreviewInputSerializer,
    PreviewSerializer,
    ReversalInputSerializer,
    ReversalSerializer,
    StandingInputSerializer,
    StandingSerializer,
    ViolationInputSerializer,
    entry_output,
    evidence_output,
    preview_output,
    standing_output,
)
from violations.services.cases import Incident, case_open
from violations.services.evidence import evidence_store
from violations.services.ledger import measure_take
from violations.services.notices import NoticeWish
from violations.services.reversals import reversal_propose

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
MAY_LOG = [requires(Permission.VIOLATION_LOG)]


class NewestFirst(CursorPagination):
    ordering = ("-recorded_at", "-id")
    page_size = 50


class ViolationViewSet(GenericViewSet):
    """Entries of the ledger: violations, reversals, measures and lifts."""

    permission_classes = [requires(Permission.VIOLATION_VIEW, write=Permission.VIOLATION_LOG)]
    queryset = LedgerEntry.objects.none()
    serializer_class = LedgerEntrySerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[LedgerEntry]:
        return entries_shown(user_of(self.request))

    @extend_schema(
        parameters=[LedgerFilterSerializer], responses={200: LedgerEntrySerializer(many=True), 400: ErrorSerializer}
    )
    def list(self, request: Request) -> Response:
        """Entries, the newest first."""
        wanted = _checked(LedgerFilterSerializer(data=request.query_params))
        if "market" in wanted:
            wanted["market"] = wanted["market"].pk
        page = self.paginate_queryset(entries_narrowed(entries_shown(user_of(request)), **wanted)) or []
        return self.get_paginated_response(_outputs(page, request))

    @extend_schema(responses={200: LedgerEntrySerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One entry."""
        return Response(_outputs([self._entry(pk)], request)[0])

    @extend_schema(request=ViolationInputSerializer, responses={201: LedgerEntrySerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Log a violation, and tell the creator of it."""
        wanted = _checked(ViolationInputSerializer(data=request.data, context={"request": request}))
        wish = {name: wanted.pop(f"notice_{name}") for name in ("channel", "address", "language", "given_at", "proof")}
        incident = Incident(rule_code=wanted.pop("rule"), **wanted)
        notice = NoticeWish(**wish) if wish["channel"] else None
        entry = case_open(incident=incident, notice=notice, by=user_of(request), at=timezone.now())
        return Response(_outputs([self._entry(str(entry.pk))], request)[0], status=201)

    @extend_schema(request=PreviewInputSerializer, responses={200: PreviewSerializer, **ERRORS})
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """What logging would bring about; nothing is written."""
        wanted = _checked(PreviewInputSerializer(data=request.data, context={"request": request}))
        found = violation_preview(rule_code=wanted.pop("rule"), at=timezone.now(), **wanted)
        return Response(preview_output(found))

    @extend_schema(
        request={"multipart/form-data": EvidenceInputSerializer}, responses={201: EvidenceSerializer, **ERRORS}
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def evidence(self, request: Request) -> Response:
        """Upload a file; one that no entry takes within a day goes."""
        # Before the fields are read: a file that was cut off is not among them.
        data = request.data
        if upload_is_too_large(request._request):
            raise DomainError("evidence_too_large", TOO_LARGE, fields={"file": TOO_LARGE}, status=413)
        wanted = _checked(EvidenceInputSerializer(data=data))
        return Response(evidence_output(evidence_store(upload=wanted["file"], by=user_of(request))), status=201)

    @extend_schema(request=MeasureInputSerializer, responses={201: LedgerEntrySerializer, **ERRORS})
    @action(detail=False, methods=["post"], parser_classes=[JSONParser])
    def measures(self, request: Request) -> Response:
        """Take a measure beside the points."""
        wanted = _checked(MeasureInputSerializer(data=request.data, context={"request": request}))
        entry = measure_take(by=user_of(request), at=timezone.now(), **wanted)
        return Response(_outputs([self._entry(str(entry.pk))], request)[0], status=201)

    @extend_schema(request=ReversalInputSerializer, responses={201: ReversalSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def reversal(self, request: Request, pk: str) -> Response:
        """Propose to take an entry back as our own mistake; a second person confirms."""
        wanted = _checked(ReversalInputSerializer(data=request.data))
        asked = reversal_propose(entry=self._entry(pk), by=user_of(request), at=timezone.now(), **wanted)
        return Response({"id": asked.pk, "state": asked.state, "reason": asked.reason}, status=201)

    def _entry(self, pk: str) -> LedgerEntry:
        return get_object_or_404(self.get_queryset(), pk=pk)


class StandingViewSet(ViewSet):
    """Where a creator stands, exact at the instant."""

    permission_classes = [requires(Permission.VIOLATION_VIEW)]

    @extend_schema(parameters=[StandingInputSerializer], responses={200: StandingSerializer, **ERRORS})
    def retrieve(self, request: Request, pk: int) -> Response:
        """Balance, strikes and restrictions, now or at an instant in the past."""
        creator = get_object_or_404(Creator.objects.visible_to(user_of(request)), pk=pk)
        now = timezone.now()
        at = _checked(StandingInputSerializer(data=request.query_params)).get("at", now)
        if at > now:
            text = _("Nobody knows the future: choose an instant in the past.")
            raise DomainError("at_in_future", text, fields={"at": text})
        return Response(standing_output(creator.pk, standing_of(creator.pk, at=at)))


def _outputs(entries: Any, request: Request) -> list[dict[str, Any]]:
    seen = internal_seen(entries, user_of(request))
    return [entry_output(entry, entry.details, sees_internal=entry.pk in seen) for entry in entries]


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
