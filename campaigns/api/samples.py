"""`/api/v1/samples/`: ask for samples, decide about them, and say where they are."""

from collections.abc import Callable
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
from campaigns.models import Sample
from campaigns.selectors.samples import RELATED
from campaigns.serializers.samples import (
    ApprovalSerializer,
    DefectSerializer,
    DeliverySerializer,
    JudgementSerializer,
    ReasonSerializer,
    ReturnSerializer,
    SampleInputSerializer,
    SampleSerializer,
    ShipmentSerializer,
    sample_output,
)
from campaigns.services import fulfilment, sampling, shipping
from campaigns.states.samples import SampleState
from creators.serializers.creators import ErrorSerializer

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
ANSWERS = {200: SampleSerializer, **ERRORS}
DECIDES = [requires(Permission.SAMPLE_DECIDE)]
PARAMETERS = [
    OpenApiParameter("state", str, enum=SampleState.values, description="Only samples in this state."),
    OpenApiParameter("collaboration", int, description="Only samples of this collaboration."),
]


class NewestFirst(CursorPagination):
    ordering = ("-id",)
    page_size = 50


class SampleViewSet(GenericViewSet):
    """Samples of your shops."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.COLLABORATION_EDIT)]
    queryset = Sample.objects.none()
    serializer_class = SampleSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Sample]:
        return Sample.objects.visible_to(user_of(self.request)).select_related(*RELATED)

    @extend_schema(parameters=PARAMETERS)
    def list(self, request: Request) -> Response:
        """Samples, the newest first."""
        found, wanted = self.get_queryset(), request.query_params
        if (state := wanted.get("state")) in SampleState.values:
            found = found.filter(state=state)
        if (collaboration := wanted.get("collaboration", "")).isdecimal() and len(collaboration) < 19:
            found = found.filter(collaboration=int(collaboration))
        page = self.paginate_queryset(found)
        return self.get_paginated_response([sample_output(row) for row in page or []])

    @extend_schema(responses={200: SampleSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One sample."""
        return Response(sample_output(self._sample(pk)))

    @extend_schema(request=SampleInputSerializer, responses={201: SampleSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Ask for a sample of a product of the plan."""
        wanted = _checked(SampleInputSerializer(data=request.data, context={"request": request}))
        sample = sampling.sample_request(by=user_of(request), at=timezone.now(), **wanted)
        return Response(sample_output(self._sample(sample.pk)), status=201)

    @extend_schema(request=ApprovalSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"], permission_classes=DECIDES)
    def approve(self, request: Request, pk: str) -> Response:
        """Approve: the cost is booked and the pieces leave the stock; 409 `stock_too_low` when there are too few."""
        return self._act(request, pk, ApprovalSerializer, sampling.sample_approve)

    @extend_schema(request=ReasonSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"], permission_classes=DECIDES)
    def refuse(self, request: Request, pk: str) -> Response:
        """Refuse with a reason."""
        return self._act(request, pk, ReasonSerializer, sampling.sample_refuse)

    @extend_schema(request=ReasonSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Call off what is not shipped yet."""
        return self._act(request, pk, ReasonSerializer, sampling.sample_cancel)

    @extend_schema(request=ShipmentSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"])
    def ship(self, request: Request, pk: str) -> Response:
        """The parcel is on its way."""
        return self._act(request, pk, ShipmentSerializer, shipping.sample_ship)

    @extend_schema(request=DeliverySerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, pk: str) -> Response:
        """The creator has it; content is due 14 days later."""
        return self._act(request, pk, DeliverySerializer, shipping.sample_deliver)

    @extend_schema(request=ReasonSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        """Seven more days for the content, once."""
        return self._act(request, pk, ReasonSerializer, shipping.sample_extend)

    @extend_schema(request=ReasonSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"])
    def defect(self, request: Request, pk: str) -> Response:
        """The creator reports a defect."""
        return self._act(request, pk, ReasonSerializer, shipping.sample_report_defective)

    @extend_schema(request=DefectSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"], url_path="defect-answer", permission_classes=DECIDES)
    def defect_answer(self, request: Request, pk: str) -> Response:
        """Accept or refuse a reported defect."""
        return self._act(request, pk, DefectSerializer, shipping.sample_answer_defect)

    @extend_schema(request=ReturnSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def came_back(self, request: Request, pk: str) -> Response:
        """It came back."""
        return self._act(request, pk, ReturnSerializer, shipping.sample_return)

    @extend_schema(request=ReasonSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, pk: str) -> Response:
        """It is lost."""
        return self._act(request, pk, ReasonSerializer, shipping.sample_lose)

    @extend_schema(request=JudgementSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"], permission_classes=DECIDES)
    def judge(self, request: Request, pk: str) -> Response:
        """Say by hand whether it is fulfilled."""
        return self._act(request, pk, JudgementSerializer, fulfilment.sample_correct)

    def _sample(self, pk: Any) -> Sample:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _act(self, request: Request, pk: str, serializer: Any, service: Callable[..., Sample]) -> Response:
        """Read what was sent, call the service, and answer with the sample as it is now."""
        sample = self._sample(pk)
        service(sample=sample, by=user_of(request), at=timezone.now(), **_checked(serializer(data=request.data)))
        return Response(sample_output(self._sample(pk)))


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
