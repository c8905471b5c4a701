"""`/api/v1/rulebooks/`: the versions of the rule books, read only."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from creators.serializers.creators import ErrorSerializer
from violations.models import RuleBook
from violations.selectors.rulebooks import books_in_force
from violations.serializers.rulebooks import RuleBookDetailSerializer, RuleBookSerializer


class NewestFirst(CursorPagination):
    ordering = ("-effective_from", "-id")
    page_size = 100


class RuleBookViewSet(GenericViewSet):
    """Rule books: published versions never change, drafts may."""

    permission_classes = [requires(Permission.VIOLATION_VIEW)]
    queryset = RuleBook.objects.none()
    serializer_class = RuleBookSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[RuleBook]:
        return RuleBook.objects.visible_to(user_of(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "in_force": books_in_force(at=timezone.now())}

    def list(self, request: Request) -> Response:
        """Every version, the last to take effect first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(responses={200: RuleBookDetailSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One version with its rules, milestones and bands."""
        book = get_object_or_404(self.get_queryset(), pk=pk)
        return Response(RuleBookDetailSerializer(book, context=self.get_serializer_context()).data)
