"""`/api/v1/appeals/`: file, claim, decide and withdraw appeals."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from creators.serializers.creators import ErrorSerializer
from violations.models import Appeal
from violations.selectors.appeals import appeals_narrowed, appeals_shown
from violations.serializers.appeals import (
    AppealInputSerializer,
    AppealSerializer,
    DecisionInputSerializer,
    WithdrawalInputSerializer,
    appeal_output,
)
from violations.services import appeals as services
from violations.states import AppealState

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
PARAMETERS = [
    OpenApiParameter("state", str, enum=AppealState.values, description="Only appeals in this state."),
    OpenApiParameter("market", str, description="Only appeals of creators of this market."),
    OpenApiParameter("rule", str, description="Only appeals about this rule, by its code."),
    OpenApiParameter("mine", bool, description="Only appeals that you review."),
]


class LeastTimeFirst(CursorPagination):
    ordering = ("due_at", "id")
    page_size = 100


class AppealViewSet(GenericViewSet):
    """Appeals against entries of the ledger."""

    queryset = Appeal.objects.none()
    serializer_class = AppealSerializer
    pagination_class = LeastTimeFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_permissions(self) -> list[BasePermission]:
        write = Permission.APPEAL_DECIDE if self.action in ("claim", "decision") else Permission.APPEAL_FILE
        return [requires(Permission.VIOLATION_VIEW, write=write)()]

    def get_queryset(self) -> QuerySet[Appeal]:
        return appeals_shown(user_of(self.request)).prefetch_related("evidence__file")

    @extend_schema(parameters=PARAMETERS)
    def list(self, request: Request) -> Response:
        """Every appeal, the one to be decided first at the top."""
        wanted = request.query_params
        found = appeals_narrowed(
            appeals_shown(user_of(request)),
            market=wanted.get("market", ""),
            rule_code=wanted.get("rule", ""),
            reviewer=user_of(request) if wanted.get("mine", "").lower() in ("1", "true", "on") else None,
        ).prefetch_related("evidence__file")
        if state := wanted.get("state"):
            found = found.filter(state=state)
        page = self.paginate_queryset(found)
        return self.get_paginated_response([appeal_output(row) for row in page or []])

    @extend_schema(responses={200: AppealSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One appeal."""
        return Response(appeal_output(self._appeal(pk)))

    @extend_schema(request=AppealInputSerializer, responses={201: AppealSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """File an appeal for the creator of an entry."""
        wanted = _checked(AppealInputSerializer(data=request.data, context={"request": request}))
        appeal = services.appeal_file(by=user_of(request), at=timezone.now(), **wanted)
        return Response(appeal_output(self._appeal(appeal.pk)), status=201)

    @extend_schema(request=None, responses={200: AppealSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def claim(self, request: Request, pk: str) -> Response:
        """Take an appeal under review yourself."""
        services.appeal_claim(appeal=self._appeal(pk), by=user_of(request), at=timezone.now())
        return Response(appeal_output(self._appeal(pk)))

    @extend_schema(request=DecisionInputSerializer, responses={200: AppealSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def decision(self, request: Request, pk: str) -> Response:
        """Uphold or overturn the entry; overturning reverses it and replays what followed."""
        appeal = self._appeal(pk)
        wanted = _checked(DecisionInputSerializer(data=request.data))
        services.appeal_decide(appeal=appeal, by=user_of(request), at=timezone.now(), **wanted)
        return Response(appeal_output(self._appeal(pk)))

    @extend_schema(request=WithdrawalInputSerializer, responses={200: AppealSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def withdrawal(self, request: Request, pk: str) -> Response:
        """Take back an appeal that you filed."""
        appeal = self._appeal(pk)
        wanted = _checked(WithdrawalInputSerializer(data=request.data))
        services.appeal_withdraw(appeal=appeal, by=user_of(request), at=timezone.now(), **wanted)
        return Response(appeal_output(self._appeal(pk)))

    def _appeal(self, pk: Any) -> Appeal:
        return get_object_or_404(self.get_queryset(), pk=pk)


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
