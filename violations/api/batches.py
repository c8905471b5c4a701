"""`/api/v1/batches/`: many violations or ratings from a file."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from creators.serializers.creators import ErrorSerializer
from violations.models import Batch
from violations.serializers.batches import BatchInputSerializer, BatchSerializer, BatchStartSerializer, batch_output
from violations.services import batches as services
from violations.services.batches.running import NEEDED
from violations.states import BatchKind


class BatchViewSet(GenericViewSet):
    """Upload a file, look at what is wrong with its rows, start it."""

    permission_classes = [requires(Permission.HEALTH_RECORD)]
    queryset = Batch.objects.all()
    serializer_class = BatchSerializer
    parser_classes = [MultiPartParser, FormParser, JSONParser]
    filter_backends = []
    pagination_class = None
    lookup_value_regex = r"\d+"

    def _batch(self, request: Request, pk: int) -> Batch:
        found = Batch.objects.visible_to(user_of(request)).select_related("job", "shop", "file")
        batch = get_object_or_404(found, pk=pk)
        self._check(request, batch.kind)
        return batch

    def _check(self, request: Request, kind: str) -> None:
        needed = NEEDED[BatchKind(kind)]
        if not user_of(request).can(needed):
            raise PermissionDenied(user_of(request).refusal(needed))

    @extend_schema(request=BatchInputSerializer, responses={201: BatchSerializer, 400: ErrorSerializer})
    def create(self, request: Request) -> Response:
        """Read a file; nothing is written into the ledger yet."""
        given = BatchInputSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        values = given.validated_data
        self._check(request, values["kind"])
        batch = services.batch_create(
            kind=values["kind"],
            upload=values["file"],
            shop=values.get("shop"),
            by=user_of(request),
            at=timezone.now(),
        )
        return Response(batch_output(batch), status=201)

    @extend_schema(responses={200: BatchSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: int) -> Response:
        """How far it is, and what was refused."""
        return Response(batch_output(self._batch(request, pk)))

    @extend_schema(request=BatchStartSerializer, responses={200: BatchSerializer, 400: ErrorSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: int) -> Response:
        """Write the rows without problems; starting twice starts once."""
        given = BatchStartSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        batch = self._batch(request, pk)
        services.batch_start(
            batch=batch, by=user_of(request), repeats_confirmed=given.validated_data["repeats_confirmed"]
        )
        return Response(batch_output(self._batch(request, pk)))
