"""`/api/v1/quotes/`: what creators ask for, as told to your shops."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from campaigns.models import Quote
from campaigns.selectors.quotes import quotes_shown
from campaigns.serializers.agreements import QuoteInputSerializer, QuoteSerializer, quote_output
from campaigns.services.quotes import quote_record, quote_remove
from creators.serializers.creators import ErrorSerializer

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
PARAMETERS = [
    OpenApiParameter("creator", int, description="Only quotes of this creator."),
    OpenApiParameter("shop", int, description="Only quotes to this shop."),
]


class NewestFirst(CursorPagination):
    ordering = ("-id",)
    page_size = 100


class QuoteViewSet(GenericViewSet):
    """Quotes of creators to your shops. The price of imported lists is the metric `price_quote` of the creator."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.COLLABORATION_EDIT)]
    queryset = Quote.objects.none()
    serializer_class = QuoteSerializer
    pagination_class = NewestFirst
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Quote]:
        return quotes_shown(user_of(self.request))

    @extend_schema(parameters=PARAMETERS)
    def list(self, request: Request) -> Response:
        """Quotes, the newest first."""
        wanted = request.query_params
        found = self.get_queryset()
        for name in ("creator", "shop"):
            if (value := wanted.get(name, "")).isdecimal():
                found = found.filter(**{name: value})
        page = self.paginate_queryset(found)
        return self.get_paginated_response([quote_output(row) for row in page or []])

    @extend_schema(responses={200: QuoteSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One quote."""
        return Response(quote_output(self._quote(pk)))

    @extend_schema(request=QuoteInputSerializer, responses={201: QuoteSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Record what a creator asks one of your shops for."""
        sent = QuoteInputSerializer(data=request.data, context={"request": request})
        sent.is_valid(raise_exception=True)
        values: Any = sent.validated_data
        quote = quote_record(by=user_of(request), at=timezone.now(), **values)
        return Response(quote_output(quote), status=201)

    @extend_schema(responses={204: None, 404: ErrorSerializer, 409: ErrorSerializer})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take a quote away that was written by mistake."""
        quote_remove(quote=self._quote(pk), by=user_of(request))
        return Response(status=204)

    def _quote(self, pk: Any) -> Quote:
        return get_object_or_404(self.get_queryset(), pk=pk)
