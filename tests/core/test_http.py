import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails
from rest_framework import exceptions

from core.errors import DomainError
from core.http import api_exception_handler, is_htmx, public, refused, render_page, require, toast
from tests.factories import make_user


def request_with(**headers: str):
    request = RequestFactory().get("/help/", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
    ],
)
def test_is_htmx(headers, expected):
    assert is_htmx(request_with(**headers)) is expected


def test_render_page_varies_by_htmx():
    response = render_page(request_with(), "errors/500.html", {})
    assert "HX-Request" in response["Vary"]
    assert b"<html" in response.content


def test_toast_keeps_other_events():
    response = HttpResponse(headers={"HX-Trigger": '{"saved": true}'})
    toast(response, "11 added, 2 blocked", "warn")
    assert json.loads(response["HX-Trigger"]) == {
        "saved": True,
        "toast": {"text": "11 added, 2 blocked", "level": "warn"},
    }


def act(request):
    if request.GET.get("refuse"):
        raise DomainError("full", "The plan is full: 30 of 30 seats.", status=409)
    return HttpResponse("done")


guarded = require("user.manage")(act)


def request_of(user, path="/help/", **headers):
    request = request_with(**headers)
    request.GET = RequestFactory().get(path).GET
    request.user = user
    return request


def test_require_marks_the_view_and_public_marks_none():
    assert guarded.permission == "user.manage"
    assert public(act).permission == ""


def test_require_sends_strangers_to_sign_in():
    response = guarded(request_of(AnonymousUser()))
    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/help/")


def test_require_tells_htmx_where_to_sign_in():
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/creators/?q=a"}
    response = guarded(request_of(AnonymousUser(), **headers))
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/account/login/?next=/creators/%3Fq%3Da"


@pytest.mark.django_db
def test_require_refuses_with_a_reason():
    assert guarded(request_of(make_user("admin"))).content == b"done"
    with pytest.raises(PermissionDenied, match="Only these roles can manage people: Admin"):
        guarded(request_of(make_user("seller")))


@pytest.mark.django_db
def test_require_shows_what_a_service_refused():
    response = guarded(request_of(make_user("admin"), "/?refuse=1", **{"HX-Request": "true"}))
    assert response.status_code == 409
    assert json.loads(response["HX-Trigger"])["toast"]["text"] == "The plan is full: 30 of 30 seats."


@pytest.mark.django_db
def test_refused_is_a_page_without_htmx(client):
    request = client.get("/help/").wsgi_request
    response = refused(request, DomainError("full", "The plan is full."))
    assert response.status_code == 400
    assert b"The plan is full." in response.content


@pytest.mark.parametrize(
    ("error", "status", "code", "message", "fields"),
    [
        (DomainError("full", "Full.", fields={"creator": "No."}, status=409), 409, "full", "Full.", {"creator": "No."}),
        (Http404(), 404, "not_found", "Not found.", {}),
        (PermissionDenied("Only admins."), 403, "permission_denied", "Only admins.", {}),
        (exceptions.NotAuthenticated("Who?"), 401, "not_authenticated", "Who?", {}),
        (exceptions.ValidationError("Broken."), 400, "invalid", "Broken.", {}),
        (exceptions.ValidationError({"non_field_errors": ["Twice."]}), 400, "invalid", "Twice.", {}),
        (
            exceptions.ValidationError({"rows": [{}, {"handle": ["Too long."]}]}),
            400,
            "invalid",
            "Some values are not valid: see the fields.",
            {"rows": "Too long."},
        ),
    ],
)
def test_api_errors_have_one_shape(error, status, code, message, fields):
    response = api_exception_handler(error, {})
    assert response.status_code == status
    assert response.data == {"code": code, "message": message, "fields": fields}


def test_api_throttling_says_when_to_come_back():
    response = api_exception_handler(exceptions.Throttled(wait=30), {})
    assert (response.status_code, response.data["code"], response["Retry-After"]) == (429, "throttled", "30")


def test_api_leaves_server_errors_alone():
    assert api_exception_handler(ValueError(), {}) is None
