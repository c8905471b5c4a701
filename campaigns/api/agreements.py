"""`/api/v1/agreements/{collaboration}/`: the terms of a collaboration."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from campaigns.models import Collaboration
from campaigns.selectors.agreements import terms_read
from campaigns.serializers.agreements import AgreementInputSerializer, AgreementSerializer, agreement_output
from campaigns.services.agreements import agreement_write
from creators.serializers.creators import ErrorSerializer

ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}


class AgreementViewSet(GenericViewSet):
    """The terms of a collaboration, by the key of the collaboration."""

    permission_classes = [requires(Permission.PLAN_VIEW, write=Permission.COLLABORATION_EDIT)]
    queryset = Collaboration.objects.none()
    serializer_class = AgreementSerializer
    filter_backends = []
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Collaboration]:
        visible = Collaboration.objects.visible_to(user_of(self.request))
        return visible.select_related("plan__campaign", "shop", "creator", "owner")

    @extend_schema(responses={200: AgreementSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """The terms: frozen, or as they would freeze now."""
        return Response(agreement_output(terms_read(self._collaboration(pk))))

    @extend_schema(request=AgreementInputSerializer, responses={200: AgreementSerializer, **ERRORS})
    def update(self, request: Request, pk: str) -> Response:
        """Write all terms of a collaboration that is not accepted yet."""
        collaboration = self._collaboration(pk)
        sent = AgreementInputSerializer(data=request.data, context={"request": request})
        sent.is_valid(raise_exception=True)
        values: Any = sent.validated_data
        agreement_write(collaboration=collaboration, by=user_of(request), at=timezone.now(), **values)
        return Response(agreement_output(terms_read(collaboration)))

    def _collaboration(self, pk: Any) -> Collaboration:
        return get_object_or_404(self.get_queryset(), pk=pk)
