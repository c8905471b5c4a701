"""`/api/v1/imports/`: the same import for programs."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from core.uploads import handlers
from creators.models import Creator, Import
from creators.services import imports as services
from creators.services.loading import reference_load
from tests.factories import make_shop, make_user

pytestmark = pytest.mark.django_db

LIST = b"Handle,Followers\n@brasskettle,12.4K\n@oatlantern,50000\n"
BROKEN = b"Handle,Followers\n@brasskettle,12.4K\n@oatlantern,many\n"
ADDRESS = "/api/v1/imports/"


@pytest.fixture(autouse=True)
def reference() -> None:
    reference_load()


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def send(client: APIClient, content: bytes = LIST, **data: Any) -> Any:
    file = SimpleUploadedFile("echo_2026-11-01.csv", content, "text/csv")
    return client.post(ADDRESS, {"file": file, "market": "US", **data}, format="multipart")


def imported(client: APIClient, content: bytes = LIST) -> dict[str, Any]:
    """An import that has run to its end."""
    number = send(client, content, start="true").json()["id"]
    services.import_run_inline(Import.objects.get(pk=number).job)
    return client.get(f"{ADDRESS}{number}/").json()


def test_imports_create_gives_a_draft_with_its_mapping() -> None:
    response = send(client_of(make_user()), source="Echo", quality="exact", window_days=28)
    body = response.json()
    assert (response.status_code, body["state"], body["quality"], body["window_days"]) == (201, "draft", "exact", 28)
    assert [column["field"] for column in body["mapping"]] == ["handle", "followers"]


def test_imports_create_with_start_runs() -> None:
    body = imported(client_of(make_user()))
    assert (body["state"], body["rows"], body["created"], body["failed"]) == ("done", 2, 2, 0)
    assert Creator.objects.count() == 2


def test_imports_create_that_cannot_start_keeps_nothing() -> None:
    response = send(client_of(make_user()), b"Nickname,Followers\nBrass,5\n", start="true")
    assert (response.status_code, response.json()["code"]) == (400, "no_handle_column")
    assert not Import.objects.exists()


def test_imports_create_without_a_file_names_the_field() -> None:
    response = client_of(make_user()).post(ADDRESS, {}, format="multipart")
    assert (response.status_code, list(response.json()["fields"])) == (400, ["file"])


def test_imports_create_refuses_what_is_no_table() -> None:
    response = send(client_of(make_user()), b"%PDF-1.7")
    assert (response.status_code, response.json()["code"]) == (400, "file_type_unknown")


def test_imports_create_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "MAX_BYTES", 100)
    response = send(client_of(make_user()), LIST * 10)
    assert (response.status_code, response.json()["code"]) == (413, "file_too_large")


def test_imports_create_takes_only_own_shops() -> None:
    response = send(client_of(make_user()), shop=make_shop().pk)
    assert (response.status_code, list(response.json()["fields"])) == (400, ["shop"])


def test_imports_start_starts_once() -> None:
    client = client_of(make_user())
    number = send(client).json()["id"]
    assert client.post(f"{ADDRESS}{number}/start/").json()["state"] == "waiting"
    response = client.post(f"{ADDRESS}{number}/start/")
    assert (response.status_code, response.json()["code"]) == (409, "already_started")


def test_imports_cancel_stops_the_job() -> None:
    client = client_of(make_user())
    number = send(client, start="true").json()["id"]
    assert client.post(f"{ADDRESS}{number}/cancel/").status_code == 202
    services.import_run_inline(Import.objects.get().job)
    assert client.get(f"{ADDRESS}{number}/").json()["state"] == "cancelled"


def test_imports_cancel_of_a_draft_is_refused() -> None:
    client = client_of(make_user())
    number = send(client).json()["id"]
    response = client.post(f"{ADDRESS}{number}/cancel/")
    assert (response.status_code, response.json()["code"]) == (409, "not_started")


def test_imports_undo_takes_it_back() -> None:
    client = client_of(make_user())
    number = imported(client)["id"]
    assert client.post(f"{ADDRESS}{number}/undo/").json()["state"] == "undoing"
    services.import_run_inline(Import.objects.get().undo_job)
    assert client.get(f"{ADDRESS}{number}/").json()["state"] == "undone"
    assert not Creator.objects.exists()


def test_imports_undo_is_for_finished_imports_and_once() -> None:
    client = client_of(make_user())
    draft, done = send(client).json()["id"], imported(client)["id"]
    assert client.post(f"{ADDRESS}{draft}/undo/").json()["code"] == "not_finished"
    client.post(f"{ADDRESS}{done}/undo/")
    assert client.post(f"{ADDRESS}{done}/undo/").json()["code"] == "already_undone"


def test_imports_cancel_of_a_finished_import_is_refused() -> None:
    client = client_of(make_user())
    number = imported(client)["id"]
    assert client.post(f"{ADDRESS}{number}/cancel/").json()["code"] == "job_ended"


def test_imports_failures_say_what_to_do() -> None:
    client = client_of(make_user())
    number = imported(client, BROKEN)["id"]
    row = client.get(f"{ADDRESS}{number}/failures/").json()["results"][0]
    assert (row["row"], row["cells"], row["problems"][0]["code"]) == (3, ["@oatlantern", "many"], "number_unreadable")
    assert "not a number" in row["problems"][0]["message"]


def test_imports_list_is_newest_first_and_scoped() -> None:
    owner = make_user()
    first, second = send(client_of(owner)).json()["id"], send(client_of(owner)).json()["id"]
    send(client_of(owner), shop=make_shop([owner]).pk)
    results = client_of(make_user()).get(ADDRESS).json()["results"]
    assert [row["id"] for row in results] == [second, first]


def test_imports_of_another_shop_are_not_found() -> None:
    owner = make_user()
    number = send(client_of(owner), shop=make_shop([owner]).pk).json()["id"]
    assert client_of(make_user()).get(f"{ADDRESS}{number}/").status_code == 404


def test_imports_are_read_only_for_viewers() -> None:
    number = send(client_of(make_user())).json()["id"]
    viewer = client_of(make_user("viewer"))
    assert viewer.get(f"{ADDRESS}{number}/").status_code == 200
    assert send(viewer).status_code == 403
    assert [viewer.post(f"{ADDRESS}{number}/{step}/").status_code for step in ("start", "cancel", "undo")] == [403] * 3


def test_imports_need_somebody() -> None:
    assert APIClient().get(ADDRESS).status_code == 401
