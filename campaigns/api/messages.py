"""Conversations, messages, templates and who wants no contact, for programs: the rules of the pages."""

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
from campaigns.filters.conversations import ConversationFilter
from campaigns.models import Conversation, DoNotContact, Message, MessageTemplate
from campaigns.serializers.messages import (
    ConversationSerializer,
    DoNotContactInputSerializer,
    DoNotContactSerializer,
    MessageInputSerializer,
    MessageSerializer,
    NoContactRemovalSerializer,
    ReplyInputSerializer,
    TemplateInputSerializer,
    TemplateSerializer,
    conversation_output,
    do_not_contact_output,
    message_output,
    template_output,
)
from campaigns.services.conversations import reply_log
from campaigns.services.do_not_contact import do_not_contact_add, do_not_contact_remove
from campaigns.services.messages import message_send
from campaigns.services.templates import template_archive, template_save
from creators.serializers.creators import ErrorSerializer

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
FILTERS = [
    OpenApiParameter("q", str, description="Words of a message, or a part of the handle."),
    OpenApiParameter("shop", int, description="Only conversations of this shop."),
    OpenApiParameter("by", int, description="Only those in which this person wrote."),
    OpenApiParameter("days", str, enum=["3", "7", "14", "30"], description="No reply for as many days."),
]


class NewestFirst(CursorPagination):
    ordering = ("-id",)
    page_size = 50


class ConversationViewSet(GenericViewSet):
    """Conversations of your shops with creators."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.OUTREACH_SEND)]
    queryset = Conversation.objects.none()
    serializer_class = ConversationSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Conversation]:
        return Conversation.objects.visible_to(user_of(self.request)).select_related("shop", "creator")

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request) -> Response:
        """Conversations, the newest first."""
        chosen = ConversationFilter(request.query_params, self.get_queryset(), user=user_of(request), at=timezone.now())
        page = self.paginate_queryset(chosen.qs)
        return self.get_paginated_response([conversation_output(row) for row in page or []])

    @extend_schema(responses={200: ConversationSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One conversation."""
        return Response(conversation_output(self._conversation(pk)))

    @extend_schema(responses={200: MessageSerializer(many=True), 404: ErrorSerializer})
    @action(detail=True, methods=["get"])
    def messages(self, request: Request, pk: str) -> Response:
        """The messages of a conversation, the newest first."""
        found = self._conversation(pk).messages.select_related("by")
        page = self.paginate_queryset(found)
        return self.get_paginated_response([message_output(row) for row in page or []])

    @extend_schema(request=ReplyInputSerializer, responses={201: MessageSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def replies(self, request: Request, pk: str) -> Response:
        """File what the creator wrote in TikTok or elsewhere."""
        wanted = _checked(ReplyInputSerializer(data=request.data))
        conversation = self._conversation(pk)
        message = reply_log(conversation=conversation, by=user_of(request), at=timezone.now(), **wanted)
        return Response(message_output(message), status=201)

    def _conversation(self, pk: str) -> Conversation:
        return get_object_or_404(self.get_queryset(), pk=pk)


class MessageViewSet(GenericViewSet):
    """Writing to creators; what outreach limits refuse is answered with 409 and the rule's code."""

    permission_classes = [requires(Permission.OUTREACH_SEND)]
    queryset = Message.objects.none()
    serializer_class = MessageSerializer
    lookup_value_regex = r"\d+"

    @extend_schema(request=MessageInputSerializer, responses={201: MessageSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Send a mail, or file what was sent in TikTok chat."""
        wanted = _checked(MessageInputSerializer(data=request.data, context={"request": request}))
        message = message_send(by=user_of(request), at=timezone.now(), **wanted)
        return Response(message_output(message), status=201)


class TemplateViewSet(GenericViewSet):
    """Templates of messages of your shops."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.OUTREACH_SEND)]
    queryset = MessageTemplate.objects.none()
    serializer_class = TemplateSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[MessageTemplate]:
        return MessageTemplate.objects.visible_to(user_of(self.request)).current().select_related("shop")

    def list(self, request: Request) -> Response:
        """Templates in use, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([template_output(row) for row in page or []])

    @extend_schema(request=TemplateInputSerializer, responses={201: TemplateSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Write a template; an unknown variable is refused."""
        wanted = _checked(TemplateInputSerializer(data=request.data, context={"request": request}))
        template = template_save(by=user_of(request), at=timezone.now(), **wanted)
        return Response(template_output(template), status=201)

    @extend_schema(responses={204: None, **ERRORS})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take a template out of use."""
        template = get_object_or_404(self.get_queryset(), pk=pk)
        template_archive(template=template, by=user_of(request), at=timezone.now())
        return Response(status=204)


class DoNotContactViewSet(GenericViewSet):
    """Creators who do not want to be written to."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.OUTREACH_SEND)]
    queryset = DoNotContact.objects.none()
    serializer_class = DoNotContactSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[DoNotContact]:
        visible = DoNotContact.objects.visible_to(user_of(self.request))
        return visible.select_related("creator", "shop", "added_by", "removed_by")

    def list(self, request: Request) -> Response:
        """Entries, removed ones too, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([do_not_contact_output(row) for row in page or []])

    @extend_schema(request=DoNotContactInputSerializer, responses={201: DoNotContactSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Nobody writes to the creator any more: for a shop, or with `shop` null for the organisation."""
        wanted = _checked(DoNotContactInputSerializer(data=request.data, context={"request": request}))
        entry = do_not_contact_add(by=user_of(request), at=timezone.now(), **wanted)
        return Response(do_not_contact_output(entry), status=201)

    @extend_schema(request=NoContactRemovalSerializer, responses={200: DoNotContactSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def removal(self, request: Request, pk: str) -> Response:
        """The creator may be written to again."""
        entry = get_object_or_404(self.get_queryset(), pk=pk)
        wanted = _checked(NoContactRemovalSerializer(data=request.data))
        entry = do_not_contact_remove(entry=entry, by=user_of(request), at=timezone.now(), **wanted)
        return Response(do_not_contact_output(entry))


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
