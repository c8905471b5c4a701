"""`/api/v1/imports/`: upload lists, start, watch, cancel and undo them."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import requires, user_of
from accounts.states import Permission
from core.errors import DomainError
from core.uploads.handlers import upload_is_too_large
from creators.forms.imports import TOO_LARGE
from creators.models import Import
from creators.serializers.creators import ErrorSerializer
from creators.serializers.imports import (
    ImportFailureSerializer,
    ImportInputSerializer,
    ImportSerializer,
    configuration,
    import_output,
)
from creators.services import imports as services
from creators.services.imports.reading import problem_message

RELATED = ("file", "job", "undo_job")
ERRORS = {400: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}


class NewestFirst(CursorPagination):
    ordering = ("-created_at", "-id")
    page_size = 50


class RowOrder(CursorPagination):
    ordering = "row_number"
    page_size = 100


class ImportViewSet(GenericViewSet):
    """Imported lists with their progress and the counts of their result."""

    queryset = Import.objects.none()
    serializer_class = ImportSerializer
    pagination_class = NewestFirst
    filter_backends = []
    parser_classes = [MultiPartParser, JSONParser]
    lookup_value_regex = r"\d+"

    def get_permissions(self) -> list[BasePermission]:
        write = Permission.IMPORT_UNDO if self.action == "undo" else Permission.IMPORT_RUN
        return [requires(Permission.IMPORT_VIEW, write=write)()]

    def get_queryset(self) -> QuerySet[Import]:
        return Import.objects.visible_to(user_of(self.request)).select_related(*RELATED)

    def list(self, request: Request) -> Response:
        """Every import, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([import_output(row) for row in page or []])

    @extend_schema(responses={200: ImportSerializer, 404: ErrorSerializer})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One import; ask again while its state is waiting or running."""
        return Response(import_output(self._import(pk)))

    @extend_schema(request={"multipart/form-data": ImportInputSerializer}, responses={201: ImportSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Upload a list; with `start` it is imported at once."""
        data = request.data
        if upload_is_too_large(request._request):
            raise DomainError("file_too_large", TOO_LARGE, fields={"file": TOO_LARGE}, status=413)
        given = ImportInputSerializer(data=data, context={"request": request})
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        draft = services.import_submit(
            by=user_of(request),
            upload=wanted["file"],
            shop=wanted.get("shop"),
            sheet=wanted.get("sheet", ""),
            settings=configuration(wanted),
            start=wanted["start"],
        )
        return Response(import_output(self._import(str(draft.pk))), status=201)

    @extend_schema(request=None, responses={202: ImportSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Start a list that was uploaded without `start`."""
        services.import_start(source_import=self._import(pk), by=user_of(request))
        return self._accepted(pk)

    @extend_schema(request=None, responses={202: ImportSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop a running import; what it wrote is taken back."""
        services.import_cancel(source_import=self._import(pk), by=user_of(request))
        return self._accepted(pk)

    @extend_schema(request=None, responses={202: ImportSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take a finished import back."""
        services.import_undo(source_import=self._import(pk), by=user_of(request))
        return self._accepted(pk)

    @extend_schema(responses={200: ImportFailureSerializer(many=True), 404: ErrorSerializer})
    @action(detail=True, methods=["get"], pagination_class=RowOrder)
    def failures(self, request: Request, pk: str) -> Response:
        """The refused rows: their cells, and what is wrong in each."""
        page = self.paginate_queryset(self._import(pk).failures.all())
        return self.get_paginated_response([_failure_output(row) for row in page or []])

    def _import(self, pk: str) -> Import:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def _accepted(self, pk: str) -> Response:
        return Response(import_output(self._import(pk)), status=202)


def _failure_output(failure: Any) -> dict[str, Any]:
    problems = [{**problem, "message": problem_message(problem["code"])} for problem in failure.problems]
    return {"row": failure.row_number, "cells": failure.cells, "problems": problems}
