from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_creator, make_shop, make_user, sign_in
from tests.ledger import make_book
from violations.models import Batch
from violations.services.batches import batch_advance, batch_create

pytestmark = pytest.mark.django_db

TEXT = "Handle,Market,Rule,When it happened\nbrass,US,fraud,2026-11-20\nnobody,US,fraud,2026-11-20\n"


@pytest.fixture
def ops():
    make_book()
    return make_user("ops")


def make_batch(by, text=TEXT, **options):
    file = SimpleUploadedFile("list.csv", text.encode())
    return batch_create(kind="violations", upload=file, by=by, at=timezone.now(), **options)


def test_batch_create_shows_the_rows_next(client, ops):
    make_creator("brass")
    page = sign_in(client, ops).get(reverse("batch_create"))
    assert b"Violations from a file" in page.content
    file = SimpleUploadedFile("list.csv", TEXT.encode())
    response = client.post(reverse("batch_create"), {"kind": "violations", "file": file})
    batch = Batch.objects.get()
    assert response.url == batch.get_absolute_url()
    content = client.get(response.url).content.decode()
    assert "1 of 2 rows can be written" in content
    assert "No creator of this market has this handle" in content


def test_batch_create_says_what_is_missing(client, ops):
    file = SimpleUploadedFile("list.csv", b"Handle\nbrass\n")
    response = sign_in(client, ops).post(reverse("batch_create"), {"kind": "violations", "file": file})
    assert "The file has no column for: Rule, When it happened" in response.content.decode()


def test_batch_create_of_violations_is_for_those_who_log(client, ops):
    sign_in(client, make_user("account_manager"))
    assert client.get(reverse("batch_create")).status_code == 403
    assert client.get(reverse("batch_create"), {"kind": "health"}).status_code == 200


def test_batch_is_invisible_to_other_shops(client, ops):
    batch = make_batch(ops, shop=make_shop([ops]))
    assert sign_in(client, ops).get(batch.get_absolute_url()).status_code == 200
    assert sign_in(client, make_user("ops")).get(batch.get_absolute_url()).status_code == 404


def test_batch_start_and_result(client, ops):
    creator = make_creator("brass")
    batch = make_batch(ops)
    sign_in(client, ops).post(reverse("batch_start", args=[batch.pk]))
    batch.refresh_from_db()
    assert 'hx-trigger="every 1s"' in client.get(batch.get_absolute_url()).content.decode()
    while batch_advance(batch.job_id):
        pass
    content = client.get(batch.get_absolute_url()).content.decode()
    assert creator.ledger.get().case in content
    assert "1 of 2 rows written" in content


def test_batch_cancel_asks_the_job_to_stop(client, ops):
    make_creator("brass")
    batch = make_batch(ops)
    assert sign_in(client, ops).post(reverse("batch_cancel", args=[batch.pk])).status_code == 409
    client.post(reverse("batch_start", args=[batch.pk]))
    client.post(reverse("batch_cancel", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.job.cancel_requested_at


def test_batch_detail_asks_to_confirm_repeats_where_there_are_some(client, ops):
    make_creator("brass")
    sign_in(client, ops)
    once = client.get(make_batch(ops).get_absolute_url()).content.decode()
    assert "repeats_confirmed" not in once
    twice = client.get(make_batch(ops, TEXT + "brass,US,fraud,2026-11-20\n").get_absolute_url()).content.decode()
    assert "repeats_confirmed" in twice
    assert "Confirm: like row 2 within 24 hours" in twice
    assert "+6 points, balance 0 → 6" in twice


def test_batch_failures_is_a_workbook(client, ops):
    response = sign_in(client, ops).get(reverse("batch_failures", args=[make_batch(ops).pk]))
    assert response.getvalue().startswith(b"PK")


def test_batch_detail_shows_refused_rows_alone(client, ops):
    make_creator("brass")
    content = sign_in(client, ops).get(make_batch(ops).get_absolute_url(), {"problems": 1}).content.decode()
    assert "nobody" in content
    assert "brass" not in content


def test_batch_detail_has_pages(client, ops):
    make_creator("brass")
    rows = "".join(f"brass,US,fraud,2026-11-20,https://www.tiktok.com/@brass/video/{70000000 + n}\n" for n in range(60))
    batch = make_batch(ops, "Handle,Market,Rule,When it happened,Link\n" + rows)
    content = sign_in(client, ops).get(batch.get_absolute_url(), {"page": 2}).content.decode()
    assert "Previous page" in content
    assert "Next page" not in content


def test_batch_select_logs_for_the_selected(client, ops):
    ids = [make_creator("brass").pk, make_creator("tin").pk]
    page = sign_in(client, ops).get(reverse("batch_select"), {"creators": ids})
    assert "2 creators" in page.content.decode()
    when = timezone.localtime(timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    data = {"creators": ids, "rule_code": "late_content", "effective_at": when}
    response = client.post(reverse("batch_select"), data)
    batch = Batch.objects.get()
    assert response.url == batch.get_absolute_url()
    assert batch.rows.filter(problems=[]).count() == 2
    assert "<h1>Log for a selection</h1>" in client.get(response.url).content.decode()


def test_batch_select_without_a_selection_says_what_to_do(client, ops):
    assert "No creator is selected" in sign_in(client, ops).get(reverse("batch_select")).content.decode()


def test_the_directory_offers_to_log_for_a_selection(client, ops):
    make_creator("brass")
    assert reverse("batch_select") in sign_in(client, ops).get(reverse("creator_list")).content.decode()
    assert reverse("batch_select") not in sign_in(client, make_user()).get(reverse("creator_list")).content.decode()
