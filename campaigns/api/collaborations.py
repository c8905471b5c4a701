"""`/api/v1/collaborations/`: collaborations of your shops, and their transitions."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from campaigns.filters.collaborations import collaboration_filter
from campaigns.models import Collaboration
from campaigns.selectors.collaborations import rows_of
from campaigns.selectors.details import collaborations_shown
from campaigns.selectors.listing import listing_of
from campaigns.serializers.collaborations import (
    CollaborationFilterSerializer,
    CollaborationPageSerializer,
    CollaborationSerializer,
    TransitionInputSerializer,
    TransitionsSerializer,
    collaboration_output,
    transitions_output,
)
from campaigns.services.collaborations import collaboration_move
from core.errors import DomainError
from core.lists import CursorError, rows_chosen
from creators.serializers.creators import ErrorSerializer

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}


class CollaborationViewSet(GenericViewSet):
    """Collaborations of your shops."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.COLLABORATION_EDIT)]
    queryset = Collaboration.objects.none()
    serializer_class = CollaborationSerializer
    filter_backends = []
    pagination_class = None
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Collaboration]:
        return collaborations_shown(user_of(self.request))

    @extend_schema(
        parameters=[CollaborationFilterSerializer],
        responses={200: CollaborationPageSerializer, 400: ErrorSerializer},
    )
    def list(self, request: Request) -> Response:
        """Collaborations, the most urgent first; without `state` the open ones."""
        _checked(CollaborationFilterSerializer(data=request.query_params))
        chosen = collaboration_filter(request.query_params, user=user_of(request), at=timezone.now())
        if chosen.errors:
            fields = {name: str(problems[0]) for name, problems in chosen.errors.items()}
            raise DomainError("filter_unreadable", _("Some filters could not be read: see the fields."), fields=fields)
        try:
            listing = listing_of(
                chosen, size=rows_chosen(request.query_params), cursor=request.query_params.get("cursor", "")
            )
        except CursorError as error:
            text = _("This cursor belongs to another order, or was altered. Begin with the first page.")
            raise DomainError("cursor_unknown", text, fields={"cursor": text}) from error
        page = listing.page
        results = [collaboration_output(row) for row in listing.rows]
        pages = {"next": page.next_cursor, "previous": page.previous_cursor, "count": page.count.number}
        return Response(pages | {"results": results})

    @extend_schema(responses={200: CollaborationSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One collaboration."""
        return Response(collaboration_output(rows_of([self._one(pk)], user_of(request), timezone.now())[0]))

    @extend_schema(methods=["GET"], responses={200: TransitionsSerializer, 404: ErrorSerializer})
    @extend_schema(
        methods=["POST"], request=TransitionInputSerializer, responses={200: TransitionsSerializer, **ERRORS}
    )
    @action(detail=True, methods=["get", "post"])
    def transitions(self, request: Request, pk: str) -> Response:
        """The moves that are open, and the history; a POST moves it, or is refused with the rule."""
        one = self._one(pk)
        if request.method == "POST":
            wanted = _checked(TransitionInputSerializer(data=request.data))
            one = collaboration_move(collaboration=one, by=user_of(request), at=timezone.now(), **wanted)
        return Response(transitions_output(one, list(one.moves.select_related("by").order_by("pk"))))

    def _one(self, pk: str) -> Collaboration:
        return get_object_or_404(self.get_queryset(), pk=pk)


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
