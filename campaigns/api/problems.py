"""`/api/v1/problems/`: problems of collaborations."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from campaigns.filters.problems import problem_filter
from campaigns.models import Problem
from campaigns.selectors.problems import problems_shown
from campaigns.serializers.problems import (
    ProblemChangeSerializer,
    ProblemInputSerializer,
    ProblemSerializer,
    ReopeningSerializer,
    ResolutionSerializer,
    StepInputSerializer,
    problem_output,
)
from campaigns.services import problems as services
from campaigns.states.problems import ProblemKind
from creators.serializers.creators import ErrorSerializer

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
DONE = {200: ProblemSerializer, **ERRORS}
PARAMETERS = [
    OpenApiParameter("state", str, enum=["open", "resolved", "all"], description="Left out: open ones."),
    OpenApiParameter("kind", str, enum=ProblemKind.values, description="Only this kind."),
    OpenApiParameter("owner", int, description="Only those of this person."),
    OpenApiParameter("shop", int, description="Only those of this shop."),
    OpenApiParameter("overdue", bool, description="Only those whose day is over."),
    OpenApiParameter("handed", bool, description="Only breaches that wait for ops, of any state."),
]


class FirstDueFirst(CursorPagination):
    ordering = ("due_on", "id")
    page_size = 100


class ProblemViewSet(GenericViewSet):
    """Problems of your shops; who logs violations also sees the breaches that were handed over."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.COLLABORATION_EDIT)]
    queryset = Problem.objects.none()
    serializer_class = ProblemSerializer
    pagination_class = FirstDueFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Problem]:
        return problems_shown(user_of(self.request)).prefetch_related("steps__done_by", "files__file")

    @extend_schema(parameters=PARAMETERS)
    def list(self, request: Request) -> Response:
        """Problems, the first due first."""
        filtered = problem_filter(request.query_params, user=user_of(request), today=timezone.localdate())
        page = self.paginate_queryset(filtered.qs.prefetch_related("steps__done_by", "files__file"))
        return self.get_paginated_response([problem_output(row) for row in page or []])

    @extend_schema(responses={200: ProblemSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One problem."""
        return self._answer(pk)

    @extend_schema(request=ProblemInputSerializer, responses={201: ProblemSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Raise a problem on a collaboration; the next steps of its kind come with it."""
        wanted = _checked(ProblemInputSerializer(data=request.data, context={"request": request}))
        wanted["owner"] = wanted["owner"] or user_of(request)
        problem = services.problem_raise(by=user_of(request), at=timezone.now(), **wanted)
        return self._answer(problem.pk, status=201)

    @extend_schema(request=ProblemChangeSerializer, responses=DONE)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Say it better, give it to somebody else or another day."""
        problem = self._own(pk)
        now = {name: getattr(problem, name) for name in ("summary", "details", "owner", "due_on")}
        values = now | _checked(ProblemChangeSerializer(data=request.data))
        services.problem_update(problem=problem, by=user_of(request), at=timezone.now(), **values)
        return self._answer(pk)

    @extend_schema(request=StepInputSerializer, responses=DONE)
    @action(detail=True, methods=["post"])
    def steps(self, request: Request, pk: str) -> Response:
        """Add a step, or tick one off by its position."""
        problem = self._own(pk)
        wanted = _checked(StepInputSerializer(data=request.data))
        if "text" in wanted:
            services.problem_step_add(problem=problem, text=wanted["text"], by=user_of(request))
        else:
            step = get_object_or_404(problem.steps.select_related("problem"), position=wanted["position"])
            services.problem_step_tick(step=step, done=wanted["done"], by=user_of(request), at=timezone.now())
        return self._answer(pk)

    @extend_schema(request=ResolutionSerializer, responses=DONE)
    @action(detail=True, methods=["post"])
    def resolution(self, request: Request, pk: str) -> Response:
        """End the problem; a drop of the collaboration or an amount that is paid happen with it or not at all."""
        problem = self._own(pk)
        wanted = _checked(ResolutionSerializer(data=request.data))
        if wanted["compensation"] is not None and not user_of(request).can(Permission.SETTLEMENT_EDIT):
            raise PermissionDenied(user_of(request).refusal(Permission.SETTLEMENT_EDIT))
        services.problem_resolve(problem=problem, by=user_of(request), at=timezone.now(), **wanted)
        return self._answer(pk)

    @extend_schema(request=ReopeningSerializer, responses=DONE)
    @action(detail=True, methods=["post"])
    def reopening(self, request: Request, pk: str) -> Response:
        """Open the problem again."""
        problem = self._own(pk)
        wanted = _checked(ReopeningSerializer(data=request.data))
        services.problem_reopen(problem=problem, by=user_of(request), at=timezone.now(), **wanted)
        return self._answer(pk)

    @extend_schema(request=None, responses=DONE)
    @action(detail=True, methods=["post"])
    def handover(self, request: Request, pk: str) -> Response:
        """Hand the breach to ops with its files."""
        services.problem_hand(problem=self._own(pk), by=user_of(request), at=timezone.now())
        return self._answer(pk)

    def _own(self, pk: Any) -> Problem:
        visible: Any = self.get_queryset()
        return get_object_or_404(visible.of_shops_of(user_of(self.request)), pk=pk)

    def _answer(self, pk: Any, *, status: int = 200) -> Response:
        return Response(problem_output(get_object_or_404(self.get_queryset(), pk=pk)), status=status)


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
