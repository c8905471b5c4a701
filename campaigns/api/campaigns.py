"""`/api/v1/campaigns/`: the campaigns of your shops, their stages and test matrices."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from campaigns.filters.campaigns import campaign_filter
from campaigns.models import Campaign, TestMatrix
from campaigns.selectors.campaign_choices import products_for
from campaigns.selectors.campaigns import campaigns_shown, rows_of
from campaigns.selectors.matrices import matrix_view
from campaigns.serializers.campaigns import (
    CampaignInputSerializer,
    CampaignPatchSerializer,
    CampaignSerializer,
    MatrixInputSerializer,
    MatrixSerializer,
    MoveSerializer,
    StageSerializer,
    campaign_output,
    matrix_output,
)
from campaigns.services import campaigns as services
from campaigns.services import matrices
from campaigns.services.stages import StageValues, stage_create, stage_delete, stage_update
from campaigns.states.plans import CampaignState, Goal
from creators.serializers.creators import ErrorSerializer

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
FILTERS = [
    OpenApiParameter("q", str, description="A part of the name."),
    OpenApiParameter("shop", int),
    OpenApiParameter("state", str, enum=CampaignState.values, description="Without it all but archived ones."),
    OpenApiParameter("goal", str, enum=Goal.values),
    OpenApiParameter("owner", int),
]
STAGE_FIELDS = ("name", "starts_on", "ends_on", "goal_invited", "goal_contents", "goal_gmv")


class CampaignPages(PageNumberPagination):
    page_size = 50


class CampaignViewSet(GenericViewSet):
    """Campaigns of your shops."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.PLAN_EDIT)]
    queryset = Campaign.objects.none()
    serializer_class = CampaignSerializer
    pagination_class = CampaignPages
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Campaign]:
        return campaigns_shown(user_of(self.request))

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request) -> Response:
        """Campaigns that pass the filters, the same as on the page."""
        query = request.query_params
        campaigns = campaign_filter(query if isinstance(query, QueryDict) else QueryDict(), user=user_of(request))
        if campaigns.errors:
            raise ValidationError(campaigns.errors)
        page = self.paginate_queryset(campaigns.qs)
        return self.get_paginated_response([campaign_output(row) for row in rows_of(page or [])])

    @extend_schema(responses={200: CampaignSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One campaign."""
        return _told(self._campaign(pk))

    @extend_schema(request=CampaignInputSerializer, responses={201: CampaignSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """A new campaign of one of your shops."""
        user = user_of(request)
        wanted = _checked(CampaignInputSerializer(data=request.data, context={"user": user}))
        shop, currency = wanted.pop("shop"), wanted.pop("currency")
        values = services.CampaignValues(**{"owner": user, **wanted})
        made = services.campaign_create(shop=shop, currency=currency, values=values, by=user, at=timezone.now())
        return _told(made, status=201)

    @extend_schema(request=CampaignPatchSerializer, responses={200: CampaignSerializer, **ERRORS})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is sent of an active campaign; the rest stays."""
        campaign, user = self._campaign(pk), user_of(request)
        wanted = _checked(CampaignPatchSerializer(data=request.data, context={"user": user}))
        values = replace(services.values_of(campaign), **wanted)
        return _told(services.campaign_update(campaign=campaign, values=values, by=user))

    @extend_schema(request=MoveSerializer, responses={200: CampaignSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Close, open again or archive a campaign; its plans go on."""
        campaign = self._campaign(pk)
        wanted = _checked(MoveSerializer(data=request.data))
        return _told(services.campaign_move(campaign=campaign, by=user_of(request), **wanted))

    @extend_schema(methods=["get"], responses={200: StageSerializer(many=True), 404: ErrorSerializer})
    @extend_schema(methods=["post"], request=StageSerializer, responses={201: StageSerializer, **ERRORS})
    @action(detail=True, methods=["get", "post"])
    def stages(self, request: Request, pk: str) -> Response:
        """The stages of the map; POST adds one."""
        campaign = self._campaign(pk)
        if request.method == "GET":
            return Response(StageSerializer(campaign.stages.all(), many=True).data)
        values = StageValues(**_checked(StageSerializer(data=request.data)))
        made = stage_create(campaign=campaign, values=values, by=user_of(request))
        return Response(StageSerializer(made).data, status=201)

    @extend_schema(methods=["patch"], request=StageSerializer, responses={200: StageSerializer, **ERRORS})
    @extend_schema(methods=["delete"], responses={204: None, **ERRORS})
    @action(detail=True, methods=["patch", "delete"], url_path=r"stages/(?P<stage_pk>\d+)")
    def stage(self, request: Request, pk: str, stage_pk: str) -> Response:
        """Change what is sent of a stage, or take it off the map."""
        found = get_object_or_404(self._campaign(pk).stages.select_related("campaign"), pk=stage_pk)
        if request.method == "DELETE":
            stage_delete(stage=found, by=user_of(request))
            return Response(status=204)
        wanted = _checked(StageSerializer(found, data=request.data, partial=True))
        values = StageValues(**{name: getattr(found, name) for name in STAGE_FIELDS} | wanted)
        return Response(StageSerializer(stage_update(stage=found, values=values, by=user_of(request))).data)

    @extend_schema(methods=["get"], responses={200: MatrixSerializer(many=True), 404: ErrorSerializer})
    @extend_schema(methods=["post"], request=MatrixInputSerializer, responses={201: MatrixSerializer, **ERRORS})
    @action(detail=True, methods=["get", "post"])
    def matrices(self, request: Request, pk: str) -> Response:
        """The test matrices with their cells; POST makes one of products by content styles."""
        campaign = self._campaign(pk)
        if request.method == "GET":
            found = campaign.matrices.select_related("campaign")
            return Response([_matrix(matrix) for matrix in found])
        context = {"products": products_for(campaign)}
        wanted = _checked(MatrixInputSerializer(data=request.data, context=context))
        made = matrices.matrix_create(campaign=campaign, by=user_of(request), at=timezone.now(), **wanted)
        return Response(_matrix(made), status=201)

    def _campaign(self, pk: str) -> Campaign:
        return get_object_or_404(self.get_queryset(), pk=pk)


def _told(campaign: Campaign, status: int = 200) -> Response:
    return Response(campaign_output(rows_of([campaign])[0]), status=status)


def _matrix(matrix: TestMatrix) -> dict[str, Any]:
    return matrix_output(matrix_view(matrix, measure="gmv_net", window="week", at=timezone.now()))


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
