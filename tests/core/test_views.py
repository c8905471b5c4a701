import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from core import views


def test_preference_is_kept_in_a_cookie(client):
    response = client.post("/preferences/", {"theme": "dark", "density": "compact", "next": "/help/"})
    assert (response.status_code, response["Location"]) == (302, "/help/")
    assert response.cookies["theme"].value == "dark"
    assert response.cookies["density"].value == "compact"


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_preference_never_leads_elsewhere(client, target):
    response = client.post("/preferences/", {"theme": "pink", "next": target})
    assert response["Location"] == "/"
    assert "theme" not in response.cookies


def test_preference_needs_a_post(client):
    assert client.get("/preferences/").status_code == 405


def test_home_leads_to_the_first_page(client, settings):
    settings.LOGIN_REDIRECT_URL = "help_page"
    assert client.get("/")["Location"] == "/help/"


def test_help_is_open_and_in_the_chosen_theme(client):
    client.cookies["theme"] = "dark"
    page = client.get("/help/").content.decode()
    assert 'data-bs-theme="dark"' in page
    assert "<kbd>J</kbd>" in page


def test_pages_carry_the_policy_and_no_inline_code(client):
    response = client.get("/help/")
    assert "script-src 'self'" in response["Content-Security-Policy"]
    page = response.content.decode()
    assert "<style" not in page
    assert "<script>" not in page
    assert " onclick=" not in page


def test_gallery_is_for_debug_only(client, settings):
    assert client.get("/gallery/").status_code == 404
    settings.DEBUG = True
    assert client.get("/gallery/").status_code == 200


def test_permission_denied_gives_the_reason(client):
    request = client.get("/help/").wsgi_request
    response = views.permission_denied(request, PermissionDenied("Only members of Lumi US may edit this."))
    assert response.status_code == 403
    assert b"Only members of Lumi US may edit this." in response.content


@pytest.mark.parametrize(("view", "status"), [(views.bad_request, 400), (views.not_found, 404)])
def test_error_pages_have_their_status(client, view, status):
    response = view(client.get("/help/").wsgi_request, Exception())
    assert response.status_code == status
    assert b"data-error" in response.content


def test_server_error_needs_no_database():
    response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"Something broke" in response.content


def test_csrf_failure_says_what_to_do(client):
    client.handler.enforce_csrf_checks = True
    response = client.post("/preferences/", {"theme": "dark"})
    assert response.status_code == 403
    assert b"Nothing was saved" in response.content


def test_unknown_addresses_of_the_api_have_its_error_shape(client):
    response = client.get("/api/v1/unknown/")
    assert response.status_code == 404
    assert response.json() == {"code": "not_found", "message": "There is no such address.", "fields": {}}
