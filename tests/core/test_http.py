import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from core.http import is_htmx, render_page, toast


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
