"""`/api/v1/contents/`: drafts, verdicts, publication and results of contents."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from campaigns.models import Content
from campaigns.selectors.contents import RELATED
from campaigns.serializers.contents import (
    ContentInputSerializer,
    ContentReasonSerializer,
    ContentSerializer,
    DraftInputSerializer,
    DraftSerializer,
    PublicationSerializer,
    ResultSerializer,
    TakeDownSerializer,
    VerdictSerializer,
    content_output,
    draft_output,
    result_output,
)
from campaigns.services import drafts, publications, results
from campaigns.states.contents import ContentState, ResultSource
from creators.serializers.creators import ErrorSerializer
from violations.services.evidence import evidence_store

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
ANSWERS = {200: ContentSerializer, **ERRORS}
PARAMETERS = [
    OpenApiParameter("state", str, enum=ContentState.values, description="Only contents in this state."),
    OpenApiParameter("collaboration", int, description="Only contents of this collaboration."),
    OpenApiParameter("platform_id", str, description="Only the content with the platform's number."),
]


class NewestFirst(CursorPagination):
    ordering = ("-id",)
    page_size = 50


class ContentViewSet(GenericViewSet):
    """Contents of your shops' collaborations."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.COLLABORATION_EDIT)]
    queryset = Content.objects.none()
    serializer_class = ContentSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Content]:
        return Content.objects.visible_to(user_of(self.request)).select_related(*RELATED)

    @extend_schema(parameters=PARAMETERS)
    def list(self, request: Request) -> Response:
        """Contents, the newest first."""
        found, wanted = self.get_queryset(), request.query_params
        if (state := wanted.get("state")) in ContentState.values:
            found = found.filter(state=state)
        if (number := wanted.get("platform_id", "")).isdecimal():
            found = found.filter(platform_id=number)
        if (collaboration := wanted.get("collaboration", "")).isdecimal() and len(collaboration) < 19:
            found = found.filter(collaboration=int(collaboration))
        page = self.paginate_queryset(found)
        return self.get_paginated_response([content_output(row) for row in page or []])

    @extend_schema(responses={200: ContentSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One content."""
        return Response(content_output(self._content(pk)))

    @extend_schema(request=ContentInputSerializer, responses={201: ContentSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """One more content than agreed."""
        wanted = _checked(ContentInputSerializer(data=request.data, context={"request": request}))
        content = publications.content_add(by=user_of(request), at=timezone.now(), **wanted)
        return Response(content_output(self._content(content.pk)), status=201)

    @extend_schema(methods=["GET"], responses={200: DraftSerializer(many=True), 404: ErrorSerializer})
    @extend_schema(methods=["POST"], request=DraftInputSerializer, responses={201: DraftSerializer, **ERRORS})
    @action(
        detail=True, methods=["get", "post"], parser_classes=[JSONParser, MultiPartParser, FormParser],
        pagination_class=None,
    )  # fmt: skip
    def drafts(self, request: Request, pk: str) -> Response:
        """Drafts and what their reviews said; POST adds one, and the review begins."""
        content = self._content(pk)
        if request.method == "GET":
            rows = content.drafts.select_related("file", "submitted_by", "reviewed_by")
            return Response([draft_output(row) for row in rows])
        wanted = _checked(DraftInputSerializer(data=request.data))
        by, upload = user_of(request), wanted.pop("file")
        file = evidence_store(upload=upload, by=by) if upload else None
        draft = drafts.draft_submit(content=content, by=by, at=timezone.now(), file=file, **wanted)
        return Response(draft_output(draft), status=201)

    @extend_schema(request=VerdictSerializer, responses={200: DraftSerializer, **ERRORS})
    @action(detail=True, methods=["post"], permission_classes=[requires(Permission.CONTENT_REVIEW)])
    def verdict(self, request: Request, pk: str) -> Response:
        """Approve the newest draft or ask for changes."""
        content = self._content(pk)
        wanted = _checked(VerdictSerializer(data=request.data))
        draft = get_object_or_404(content.drafts.order_by("-number")[:1])
        draft.content = content
        draft = drafts.draft_review(draft=draft, by=user_of(request), at=timezone.now(), **wanted)
        return Response(draft_output(draft))

    @extend_schema(request=PublicationSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """The content is out, or out again."""
        content = self._content(pk)
        wanted = _checked(PublicationSerializer(data=request.data, context={"request": request}))
        publications.content_publish(content=content, by=user_of(request), at=timezone.now(), **wanted)
        return Response(content_output(self._content(pk)))

    @extend_schema(request=TakeDownSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"], url_path="take-down")
    def take_down(self, request: Request, pk: str) -> Response:
        """The content is not to be seen any more."""
        content = self._content(pk)
        wanted = _checked(TakeDownSerializer(data=request.data))
        publications.content_take_down(content=content, by=user_of(request), at=timezone.now(), **wanted)
        return Response(content_output(self._content(pk)))

    @extend_schema(request=ContentReasonSerializer, responses=ANSWERS)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """The content is not wanted any more."""
        content = self._content(pk)
        wanted = _checked(ContentReasonSerializer(data=request.data))
        publications.content_cancel(content=content, by=user_of(request), at=timezone.now(), **wanted)
        return Response(content_output(self._content(pk)))

    @extend_schema(methods=["GET"], responses={200: ResultSerializer(many=True), 404: ErrorSerializer})
    @extend_schema(methods=["PUT"], request=ResultSerializer, responses={200: ResultSerializer, **ERRORS})
    @action(detail=True, methods=["get", "put"], pagination_class=None)
    def results(self, request: Request, pk: str) -> Response:
        """Results by day; PUT writes those of one day or of the first 24 hours, and may be repeated."""
        content = self._content(pk)
        if request.method == "GET":
            return Response([result_output(row) for row in content.results.order_by("day", "window")])
        wanted = _checked(ResultSerializer(data=request.data))
        by, at = user_of(request), timezone.now()
        row = results.result_write(content=content, source=ResultSource.API, by=by, at=at, **wanted)
        return Response(result_output(row))

    def _content(self, pk: Any) -> Content:
        return get_object_or_404(self.get_queryset(), pk=pk)


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
