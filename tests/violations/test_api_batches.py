import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import make_creator, make_user, sign_in
from tests.ledger import make_book
from violations.models import Batch
from violations.services.batches import batch_advance

pytestmark = pytest.mark.django_db

TEXT = "Handle,Market,Rule,When it happened\nbrass,US,fraud,2026-11-20\nnobody,US,fraud,2026-11-20\n"


def send(client, kind="violations", text=TEXT):
    file = SimpleUploadedFile("list.csv", text.encode())
    return client.post(reverse("api_batch-list"), {"kind": kind, "file": file})


def test_api_batch_is_read_started_and_written(client):
    make_book()
    creator = make_creator("brass")
    sign_in(client, make_user("ops"))
    made = send(client).json()
    assert (made["state"], made["rows"], made["refused"]) == ("draft", 2, 1)
    assert made["problems"][0]["row"] == 3
    address = reverse("api_batch-start", args=[made["id"]])
    assert client.post(address, {}, content_type="application/json").status_code == 200
    while batch_advance(Batch.objects.get().job_id):
        pass
    assert client.get(reverse("api_batch-detail", args=[made["id"]])).json()["written"] == 1
    assert creator.ledger.count() == 1


def test_api_batch_refuses_a_file_without_the_columns(client):
    make_book()
    response = send(sign_in(client, make_user("ops")), text="Handle\nbrass\n")
    assert (response.status_code, response.json()["code"]) == (400, "columns_missing")


def test_api_batch_of_violations_is_for_those_who_log(client):
    make_book()
    assert send(sign_in(client, make_user("account_manager"))).status_code == 403
