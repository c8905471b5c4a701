"""`/api/v1/products/`: the products of your shops and their samples in stock."""

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
from campaigns.filters.products import ORDERS, product_filter
from campaigns.models import Product
from campaigns.serializers.products import (
    ProductInputSerializer,
    ProductPatchSerializer,
    ProductSerializer,
    StockInputSerializer,
    StockSerializer,
    product_output,
)
from campaigns.services import products as services
from campaigns.services.stock import stock_change
from campaigns.states.plans import ProductState
from creators.serializers.creators import ErrorSerializer

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}
FILTERS = [
    OpenApiParameter("q", str, description="A part of the title or SKU, or the beginning of the product ID."),
    OpenApiParameter("shop", int),
    OpenApiParameter("state", str, enum=ProductState.values),
    OpenApiParameter("category", int, description="A category; one of level 1 covers those below it."),
    OpenApiParameter("ordering", str, enum=[sign + name for name in ORDERS for sign in ("", "-")]),
]


class ProductPages(PageNumberPagination):
    page_size = 50


class ProductViewSet(GenericViewSet):
    """Products of your shops."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.PRODUCT_EDIT)]
    queryset = Product.objects.none()
    serializer_class = ProductSerializer
    pagination_class = ProductPages
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Product]:
        return Product.objects.visible_to(user_of(self.request)).select_related("shop", "category")

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request) -> Response:
        """Products that pass the filters, the same as on the page."""
        query = request.query_params
        products = product_filter(query if isinstance(query, QueryDict) else QueryDict(), user=user_of(request))
        if products.errors:
            raise ValidationError(products.errors)
        page = self.paginate_queryset(products.qs)
        return self.get_paginated_response([product_output(row) for row in page or []])

    @extend_schema(responses={200: ProductSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One product."""
        return Response(product_output(self._product(pk)))

    @extend_schema(request=ProductInputSerializer, responses={201: ProductSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Add a product to one of your shops."""
        values = _checked(ProductInputSerializer(data=request.data, context={"request": request}))
        shop, stock = values.pop("shop"), values.pop("stock")
        product = services.product_create(shop=shop, values=values, by=user_of(request), at=timezone.now(), stock=stock)
        return Response(product_output(product), status=201)

    @extend_schema(request=ProductPatchSerializer, responses={200: ProductSerializer, **ERRORS})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is sent; the rest stays."""
        product = self._product(pk)
        values = _checked(ProductPatchSerializer(data=request.data))
        state = values.pop("state", product.state)
        product = services.product_change(product=product, values=values, state=state, by=user_of(request))
        return Response(product_output(product))

    @extend_schema(request=StockInputSerializer, responses={201: StockSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def stock(self, request: Request, pk: str) -> Response:
        """Book samples that came in or went out; the stock is never below 0."""
        product = self._product(pk)
        values = _checked(StockInputSerializer(data=request.data))
        move = stock_change(product=product, by=user_of(request), at=timezone.now(), **values)
        return Response(StockSerializer(move).data, status=201)

    def _product(self, pk: str) -> Product:
        return get_object_or_404(self.get_queryset(), pk=pk)


def _checked(serializer: Any) -> Any:
    """The values that were sent; what cannot be read is answered with 400."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
