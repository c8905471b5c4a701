"""Requests and responses: fragments for htmx, toasts, one error shape for the API."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Literal

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import DomainError

View = Callable[..., HttpResponseBase]
Level = Literal["ok", "info", "warn", "bad"]
MESSAGE_LEVELS: dict[str, int] = {
    "ok": messages.SUCCESS,
    "info": messages.INFO,
    "warn": messages.WARNING,
    "bad": messages.ERROR,
}


class HtmxRequest(HttpRequest):
    """A request after django-htmx's middleware."""

    htmx: HtmxDetails


class AuthedRequest(HtmxRequest):
    """A request of somebody who is signed in; what views behind `require` receive."""

    # Core knows no people; `accounts.http.UserRequest` does.
    user: Any


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a fragment; a history restore wants the whole page."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request and not htmx.boosted


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; for htmx only its `partial`, when one is named. Caches keep the two apart."""
    if partial and is_htmx(request):
        template = f"{template}#{partial}"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def toast(response: HttpResponse, text: str | Promise, level: Level = "ok") -> HttpResponse:
    """The response with a toast that the page shows when the fragment arrives."""
    events = json.loads(response.get("HX-Trigger", "{}"))
    events["toast"] = {"text": str(text), "level": level}
    response["HX-Trigger"] = json.dumps(events)
    return response


def flash(request: HttpRequest, text: str | Promise, level: Level = "ok") -> None:
    """A toast on the next whole page, for views that redirect."""
    messages.add_message(request, MESSAGE_LEVELS[level], str(text))


def moment_asked(request: HttpRequest, name: str = "at") -> datetime | None:
    """The instant of a parameter such as 2026-11-20T09:30, in the current time zone; None when there is none."""
    try:
        moment = parse_datetime(request.GET.get(name, ""))
        return make_aware(moment) if moment and is_naive(moment) else moment
    except (ValueError, OverflowError):
        return None


def require(permission: str) -> Callable[[View], View]:
    """A view for those who hold the permission: others sign in first, or get 403 with the reason.

    A `DomainError` that the view lets through becomes a toast for htmx, else a page that says what to do.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _sign_in_first(request)
            if not request.user.can(permission):
                raise PermissionDenied(request.user.refusal(permission))
            try:
                return view(request, *args, **kwargs)
            except DomainError as error:
                return refused(request, error)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """Marks a view that anybody may open, signed in or not."""
    view.permission = ""  # type: ignore[attr-defined]
    return view


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """What the person sees when a rule of the business said no."""
    if is_htmx(request):
        return toast(HttpResponse(status=error.status), error.message, "bad")
    return render(request, "errors/refused.html", {"reason": error.message}, status=error.status)


def api_exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API in one shape: `{"code", "message", "fields"}`; None lets a server error through."""
    if isinstance(exc, DomainError):
        fields = {name: str(text) for name, text in exc.fields.items()}
        return Response({"code": exc.code, "message": str(exc.message), "fields": fields}, status=exc.status)
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, ValidationError):
        response.data = _invalid(exc.detail)
    else:
        response.data = {"code": _code(exc), "message": str(response.data["detail"]), "fields": {}}
    return response


def _code(exc: Exception) -> str:
    if isinstance(exc, APIException):
        codes = exc.get_codes()
        return codes if isinstance(codes, str) else exc.default_code
    return "permission_denied" if isinstance(exc, PermissionDenied) else "not_found"


def _invalid(detail: Any) -> dict[str, Any]:
    """The first sentence of each field; what belongs to no field is the message."""
    if not isinstance(detail, dict):
        return {"code": "invalid", "message": _first(detail), "fields": {}}
    fields = {name: _first(problems) for name, problems in detail.items()}
    message = fields.pop("non_field_errors", "") or _("Some values are not valid: see the fields.")
    return {"code": "invalid", "message": message, "fields": fields}


def _first(problems: Any) -> str:
    """The first sentence of what a serializer reports, however deep it lies."""
    while isinstance(problems, (list, tuple, dict)):
        inner = list(problems.values()) if isinstance(problems, dict) else problems
        problems = next((part for part in inner if part), "")
    return str(problems)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a fragment cannot hold that page, so htmx is told to go there."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    if not htmx:
        return redirect_to_login(request.get_full_path())
    response = HttpResponse(status=401)
    response["HX-Redirect"] = redirect_to_login(htmx.current_url_abs_path or "/").url
    return response
