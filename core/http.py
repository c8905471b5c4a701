"""Requests and responses: fragments for htmx, toasts, one error shape for the API."""

import json
from typing import TYPE_CHECKING, Any, Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

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

    user: "AbstractBaseUser"  # type: ignore[assignment]


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a fragment; a history restore wants the whole page."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request and not htmx.boosted


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
