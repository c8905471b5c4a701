"""`/api/v1/settlements/`, `statements/`, `payouts/`, `order-lines/`: what creators bring and get."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
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
from campaigns.filters.settlements import order_line_filter, settlement_filter
from campaigns.models import OrderLine, Payout, SettlementLine, Statement
from campaigns.serializers.settlements import (
    LineReasonSerializer,
    OrderLineSerializer,
    OrderLinesInputSerializer,
    OrderLinesSerializer,
    PaymentSerializer,
    PayoutInputSerializer,
    PayoutSerializer,
    SettlementSerializer,
    StatementInputSerializer,
    StatementSerializer,
    order_line_output,
    order_row,
    payout_output,
    settlement_output,
    statement_output,
)
from campaigns.services import orders, payouts, settlements, statements
from campaigns.states.settlements import LineState, Payer
from creators.serializers.creators import ErrorSerializer

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
FILTERS = [
    OpenApiParameter("shop", int, description="Only lines of this shop."),
    OpenApiParameter("month", str, description="Only lines of this month, as 2026-11."),
    OpenApiParameter("payer", str, enum=Payer.values),
    OpenApiParameter("state", str, enum=LineState.values),
    OpenApiParameter("creator", str, description="Part of the handle."),
]


class NewestFirst(CursorPagination):
    ordering = ("-id",)
    page_size = 50


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _given(request: Request) -> QueryDict:
    return request._request.GET


class SettlementViewSet(GenericViewSet):
    """Lines of settlement: those the platform pays, and those that you pay."""

    permission_classes = [requires(Permission.SETTLEMENT_VIEW, write=Permission.SETTLEMENT_EDIT)]
    queryset = SettlementLine.objects.none()
    serializer_class = SettlementSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[SettlementLine]:
        found = SettlementLine.objects.visible_to(user_of(self.request))
        return found.select_related("creator", "made_by", "approved_by")

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request) -> Response:
        """Lines, the newest first."""
        found = settlement_filter(_given(request), user=user_of(request)).qs
        page = self.paginate_queryset(found.select_related("creator", "made_by", "approved_by"))
        return self.get_paginated_response([settlement_output(row) for row in page or []])

    @extend_schema(responses={200: SettlementSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One line."""
        return Response(settlement_output(self._line(pk)))

    @extend_schema(request=None, responses={200: SettlementSerializer, **ERRORS})
    @action(detail=True, methods=["post"], permission_classes=[requires(Permission.SETTLEMENT_APPROVE)])
    def approval(self, request: Request, pk: str) -> Response:
        """Approve a line that is due; above the shop's limit by somebody else than who made it."""
        settlements.line_approve(line=self._line(pk), by=user_of(request), at=timezone.now())
        return Response(settlement_output(self._line(pk)))

    @extend_schema(request=LineReasonSerializer, responses={200: SettlementSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, pk: str) -> Response:
        """Say why a line is not right; it waits until somebody resolves it."""
        line, wanted = self._line(pk), _checked(LineReasonSerializer(data=request.data))
        settlements.line_dispute(line=line, by=user_of(request), at=timezone.now(), **wanted)
        return Response(settlement_output(self._line(pk)))

    def _line(self, pk: str) -> SettlementLine:
        return get_object_or_404(self.get_queryset(), pk=pk)


class StatementViewSet(GenericViewSet):
    """Statements of what a creator gets from a shop for a month."""

    permission_classes = [requires(Permission.SETTLEMENT_VIEW, write=Permission.SETTLEMENT_EDIT)]
    queryset = Statement.objects.none()
    serializer_class = StatementSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Statement]:
        found = Statement.objects.visible_to(user_of(self.request))
        return found.select_related("creator").prefetch_related("lines")

    def list(self, request: Request) -> Response:
        """Statements, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([statement_output(row) for row in page or []])

    @extend_schema(responses={200: StatementSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One statement."""
        return Response(statement_output(get_object_or_404(self.get_queryset(), pk=pk)))

    @extend_schema(request=StatementInputSerializer, responses={201: StatementSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Issue the statement of a creator; its lines and sums stay from then on."""
        wanted = _checked(StatementInputSerializer(data=request.data, context={"request": request}))
        statement = statements.statement_issue(by=user_of(request), at=timezone.now(), **wanted)
        return Response(statement_output(statement), status=201)


class PayoutViewSet(GenericViewSet):
    """Payouts: approved lines of one shop and currency, paid together."""

    permission_classes = [requires(Permission.SETTLEMENT_VIEW, write=Permission.SETTLEMENT_APPROVE)]
    queryset = Payout.objects.none()
    serializer_class = PayoutSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Payout]:
        return Payout.objects.visible_to(user_of(self.request)).prefetch_related("lines")

    def list(self, request: Request) -> Response:
        """Payouts, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([payout_output(row) for row in page or []])

    @extend_schema(responses={200: PayoutSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One payout."""
        return Response(payout_output(self._payout(pk)))

    @extend_schema(request=PayoutInputSerializer, responses={201: PayoutSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Take all that is approved and in no payout yet; frozen payments are left out."""
        wanted = _checked(PayoutInputSerializer(data=request.data, context={"request": request}))
        payout = payouts.payout_create(by=user_of(request), at=timezone.now(), **wanted)
        return Response(payout_output(payout), status=201)

    @extend_schema(request=PaymentSerializer, responses={200: PayoutSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def payment(self, request: Request, pk: str) -> Response:
        """Say that the bank has paid it; a second time is refused."""
        payout, wanted = self._payout(pk), _checked(PaymentSerializer(data=request.data))
        payouts.payout_pay(payout=payout, by=user_of(request), at=timezone.now(), **wanted)
        return Response(payout_output(self._payout(pk)))

    def _payout(self, pk: str) -> Payout:
        return get_object_or_404(self.get_queryset(), pk=pk)


class OrderLineViewSet(GenericViewSet):
    """Lines of orders that creators brought."""

    permission_classes = [requires(Permission.SETTLEMENT_VIEW, write=Permission.SETTLEMENT_EDIT)]
    queryset = OrderLine.objects.none()
    serializer_class = OrderLineSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def list(self, request: Request) -> Response:
        """Order lines, those recorded last first."""
        page = self.paginate_queryset(order_line_filter(_given(request), user=user_of(request)).qs)
        return self.get_paginated_response([order_line_output(row) for row in page or []])

    @extend_schema(request=OrderLinesInputSerializer, responses={200: OrderLinesSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Write up to 1,000 lines, each once; settlement of their months follows. Unknown creators are named."""
        wanted = _checked(OrderLinesInputSerializer(data=request.data, context={"request": request}))
        rows = [order_row(index, values) for index, values in enumerate(wanted["lines"])]
        recorded, settled = orders.orders_take(shop=wanted["shop"], rows=rows, at=timezone.now())
        refused = [
            {"index": row.number, "field": name, "code": code}
            for row in recorded.refused
            for name, code in row.problems
        ]
        return Response(
            {"written": recorded.written, "matched": recorded.matched, "settled": settled, "refused": refused}
        )
