"""`/api/v1/plans/`: targeted plans, their seats and products."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from campaigns.filters.plans import plan_filter
from campaigns.models import PlanProduct, Seat, TargetedPlan
from campaigns.selectors.plan_choices import choice_of_text
from campaigns.selectors.plans import plan_rows, related
from campaigns.selectors.seating import Refusal
from campaigns.serializers.plans import (
    ClosingSerializer,
    DuplicateInputSerializer,
    LineSerializer,
    PlanInputSerializer,
    PlanProductSerializer,
    PlanSerializer,
    RateChangeSerializer,
    RateInputSerializer,
    RemovalSerializer,
    SeatingRefusedSerializer,
    SeatingSerializer,
    SeatSerializer,
    SeatsInputSerializer,
    TermsInputSerializer,
    plan_output,
    plan_product_output,
    refused_output,
    seat_output,
    seating_output,
)
from campaigns.services import plans as services
from campaigns.services.commissions import commission_change
from campaigns.services.plan_products import ProductLine, product_remove, products_add
from campaigns.services.seats import Seating, seat_remove, seats_add
from campaigns.states.plans import PlanState
from creators.serializers.creators import ErrorSerializer

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
FILTERS = [
    OpenApiParameter("q", str, description="A part of the name, or a code such as TP-0312."),
    OpenApiParameter("shop", int),
    OpenApiParameter("state", str, enum=PlanState.values, description="Without it all but archived ones."),
    OpenApiParameter("owner", int),
    OpenApiParameter("campaign", int),
]
PLAN = OpenApiParameter("plan_pk", int, OpenApiParameter.PATH)


class NewestFirst(CursorPagination):
    ordering = ("-id",)
    page_size = 50


def checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class PlanViewSet(GenericViewSet):
    """Targeted plans of your shops."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.PLAN_EDIT)]
    queryset = TargetedPlan.objects.none()
    serializer_class = PlanSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[TargetedPlan]:
        return related(TargetedPlan.objects.visible_to(user_of(self.request)))

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request) -> Response:
        """Plans, the newest first."""
        query: QueryDict = request.query_params
        page = self.paginate_queryset(related(plan_filter(query, user=user_of(request)).qs))
        return self.get_paginated_response([plan_output(row) for row in plan_rows(page or [], at=timezone.now())])

    @extend_schema(responses={200: PlanSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One plan."""
        return _answer(self._plan(pk))

    @extend_schema(request=PlanInputSerializer, responses={201: PlanSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """A new draft."""
        wanted = checked(PlanInputSerializer(data=request.data, context={"request": request}))
        where = {name: wanted.pop(name) for name in ("shop", "market", "products")}
        terms = services.PlanTerms(**wanted)
        plan = services.plan_create(terms=terms, by=user_of(request), at=timezone.now(), **where)
        return _answer(self._plan(str(plan.pk)), status=201)

    @extend_schema(request=TermsInputSerializer, responses={200: PlanSerializer, **ERRORS})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change terms; what is not sent stays."""
        plan = self._plan(pk)
        wanted = checked(TermsInputSerializer(data=request.data, partial=True, context={"request": request}))
        terms = replace(services.terms_of(plan), **wanted)
        services.plan_update(plan=plan, terms=terms, by=user_of(request), at=timezone.now())
        return _answer(self._plan(pk))

    @extend_schema(request=None, responses={200: PlanSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Start a draft, or open a closed plan again."""
        services.plan_start(plan=self._plan(pk), by=user_of(request), at=timezone.now())
        return _answer(self._plan(pk))

    @extend_schema(request=None, responses={200: ClosingSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close a running plan, or take one out of the archive; says what that ended."""
        closing = services.plan_close(plan=self._plan(pk), by=user_of(request), at=timezone.now())
        ended = {"expired": closing.expired, "dropped": closing.dropped, "going_on": closing.going_on}
        return _answer(self._plan(pk), **ended)

    @extend_schema(request=None, responses={200: PlanSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> Response:
        """Put a draft or a closed plan away."""
        services.plan_archive(plan=self._plan(pk), by=user_of(request), at=timezone.now())
        return _answer(self._plan(pk))

    @extend_schema(request=DuplicateInputSerializer, responses={201: PlanSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, pk: str) -> Response:
        """A draft with the products and texts of the plan and without its creators."""
        wanted = checked(DuplicateInputSerializer(data=request.data))
        copy = services.plan_duplicate(plan=self._plan(pk), by=user_of(request), at=timezone.now(), **wanted)
        return _answer(self._plan(str(copy.pk)), status=201)

    def _plan(self, pk: str) -> TargetedPlan:
        return get_object_or_404(self.get_queryset(), pk=pk)


def _answer(plan: TargetedPlan, *, status: int = 200, **more: Any) -> Response:
    return Response(plan_output(plan_rows([plan], at=timezone.now())[0]) | more, status=status)


class _OfPlan(GenericViewSet):
    """What belongs to a plan of your shops."""

    filter_backends = []
    pagination_class = None
    lookup_value_regex = r"\d+"

    def _plan(self) -> TargetedPlan:
        plans = related(TargetedPlan.objects.visible_to(user_of(self.request)))
        return get_object_or_404(plans, pk=self.kwargs["plan_pk"])


@extend_schema(parameters=[PLAN])
class SeatViewSet(_OfPlan):
    """The seats of a plan, at most 30."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.PLAN_EDIT)]
    queryset = Seat.objects.none()
    serializer_class = SeatSerializer

    @extend_schema(responses={200: SeatSerializer(many=True), 404: ErrorSerializer})
    def list(self, request: Request, plan_pk: str) -> Response:
        """The taken seats."""
        seats = self._plan().seats.taken().select_related("creator", "collaboration").order_by("slot")
        return Response([seat_output(seat) for seat in seats])

    @extend_schema(
        request=SeatsInputSerializer,
        responses={201: SeatingSerializer, 400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer,
                   409: SeatingRefusedSerializer},
    )  # fmt: skip
    def create(self, request: Request, plan_pk: str) -> Response:
        """Give creators seats in the order in which they are named: 201 with the seats, and who was refused why;
        409 when nobody got one."""
        plan = self._plan()
        wanted = checked(SeatsInputSerializer(data=request.data))
        choice = choice_of_text("\n".join(wanted["handles"]), market_id=plan.market_id)
        unknown = Refusal("creator_unknown", _("This creator is not in the directory."))
        more = [refused_output(None, name, unknown) for name in choice.unknown]
        more += [refused_output(None, name, Refusal("handle_unreadable", why)) for name, why in choice.unreadable]
        ids, seating = [*wanted["creators"], *choice.creator_ids], Seating()
        if ids:
            seating = seats_add(plan=plan, creator_ids=ids, by=user_of(request), at=timezone.now())
        told = seating_output(seating, more)
        if told["seats"]:
            return Response(told, status=201)
        text = _("Nobody got a seat: see `refused` for the reason of each.")
        refused = {"code": "nobody_seated", "message": text, "fields": {}, "refused": told["refused"]}
        return Response(refused, status=409)

    @extend_schema(
        request=RemovalSerializer, responses={204: None, **ERRORS},
        parameters=[OpenApiParameter("reason", str, description="Why; or in the body.")],
    )  # fmt: skip
    def destroy(self, request: Request, plan_pk: str, pk: str) -> Response:
        """Free a seat: its collaboration is dropped with the reason."""
        seat = get_object_or_404(self._plan().seats.taken().select_related("collaboration"), pk=pk)
        given = request.data if request.data else request.query_params
        wanted = checked(RemovalSerializer(data=given))
        seat_remove(seat=seat, by=user_of(request), at=timezone.now(), reason=wanted["reason"])
        return Response(status=204)


@extend_schema(parameters=[PLAN])
class PlanProductViewSet(_OfPlan):
    """The products of a plan with their commissions."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.PLAN_EDIT)]
    queryset = PlanProduct.objects.none()
    serializer_class = PlanProductSerializer

    @extend_schema(responses={200: PlanProductSerializer(many=True), 404: ErrorSerializer})
    def list(self, request: Request, plan_pk: str) -> Response:
        """The products in the order of their slots."""
        return Response([plan_product_output(line) for line in self._lines()])

    @extend_schema(request=LineSerializer, responses={201: PlanProductSerializer, **ERRORS})
    def create(self, request: Request, plan_pk: str) -> Response:
        """Put a product into the plan."""
        plan = self._plan()
        wanted = checked(LineSerializer(data=request.data, context={"request": request}))
        line = ProductLine(wanted["product"], wanted["commission_rate"])
        added = products_add(plan=plan, lines=[line], by=user_of(request), at=timezone.now())
        return Response(plan_product_output(added[0]), status=201)

    @extend_schema(request=RateInputSerializer, responses={200: RateChangeSerializer, **ERRORS})
    def partial_update(self, request: Request, plan_pk: str, pk: str) -> Response:
        """Change the commission: a rise holds at once; a cut at once for new creators, and from the next midnight in
        the market for those who show the product."""
        line = self._line(pk)
        rate = checked(RateInputSerializer(data=request.data))["commission_rate"]
        change = commission_change(plan_product=line, rate=rate, by=user_of(request), at=timezone.now())
        dates = {"effective_at": change.at, "takes_effect_at": change.takes_effect_at}
        return Response(plan_product_output(self._line(pk)) | {"from_rate": f"{change.from_rate:.2f}", **dates})

    @extend_schema(responses={204: None, **ERRORS})
    def destroy(self, request: Request, plan_pk: str, pk: str) -> Response:
        """Take a product out of the plan."""
        product_remove(plan_product=self._line(pk), by=user_of(request), at=timezone.now())
        return Response(status=204)

    def _lines(self) -> QuerySet[PlanProduct]:
        lines = PlanProduct.objects.filter(plan=self._plan(), removed_at__isnull=True)
        return lines.select_related("product", "plan__shop", "plan__market")

    def _line(self, pk: str) -> PlanProduct:
        return get_object_or_404(self._lines(), pk=pk)
