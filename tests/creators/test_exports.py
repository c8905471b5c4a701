"""Exports of the directory and of shortlists: the files are opened again."""

import csv
import io
import tempfile
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.errors import DomainError
from core.exports import DIRECT_ROWS
from core.jobs import job_cancel
from core.models import ExportRecord, Job, StoredFile
from core.uploads.storage import files_sweep
from creators.models import CreatorContact, Snapshot
from creators.selectors.exports import Wanted, export_source
from creators.services.exports import export_advance, export_now, export_start
from creators.states import Quality, Visibility
from tests.factories import DAY, make_creator, make_shop, make_shortlist, make_user, sign_in

pytestmark = pytest.mark.django_db


def read_csv(response) -> list[dict[str, str]]:
    data = b"".join(response.streaming_content)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def read_xlsx(data: bytes) -> tuple[dict[str, str], list[dict]]:
    about, sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    head, *rows = [[cell.value for cell in row] for row in sheet.rows]
    return dict([cell.value for cell in row] for row in about.rows), [dict(zip(head, row, strict=True)) for row in rows]


def add_contact(creator, shop, value: str, kind: str = "email") -> None:
    CreatorContact.objects.create(creator=creator, shop=shop, kind=kind, value=value, added_at=timezone.now())


def start(user: User, **wanted) -> Job:
    request = Wanted(**{"file_format": "csv"} | wanted)
    return export_start(wanted=request, source=export_source(request, user), by=user, back="/creators/?q=x")


def run(job: Job) -> Job:
    while export_advance(job.pk):
        pass
    job.refresh_from_db()
    return job


def test_csv_of_the_filtered_directory_in_its_order(client):
    make_creator("small", followers=10)
    make_creator("middle", followers=2_000, nickname="=cmd()", engagement_by_views=Decimal("0.058"))
    make_creator("large", followers=30_000, gmv_30d_usd=Decimal("212.5"), external_id="7312345678901234567")
    query = {"followers_min": 1000, "format": "csv"}
    rows = read_csv(sign_in(client, make_user()).get(reverse("creator_export"), query))
    assert [row["Handle"] for row in rows] == ["large", "middle"]
    assert (rows[0]["GMV, 30 days (USD)"], rows[0]["Creator ID"]) == ("212.50", "7312345678901234567")
    assert (rows[1]["Nickname"], rows[1]["Engagement by views (%)"]) == ("'=cmd()", "5.8")
    record = ExportRecord.objects.get()
    assert (record.rows, record.query, record.has_contacts) == (2, "followers_min=1000", False)


def test_xlsx_says_what_it_holds(client):
    make_creator("tinlantern", followers=1_280_000, nickname="+1")
    query = {"q": "tinlantern", "format": "xlsx", "every": "on"}
    response = sign_in(client, make_user(name="Wren")).get(reverse("creator_export"), query)
    about, rows = read_xlsx(b"".join(response.streaming_content))
    assert (about["Query"], about["Made by"], about["Rows"]) == ("q=tinlantern", "Wren", "1")
    assert about["Followers"].startswith("Followers of the account")
    assert (rows[0]["Followers"], rows[0]["Nickname"], rows[0]["As of"].date()) == (1_280_000, "+1", DAY)
    assert rows[0]["Profile link"] == "https://www.tiktok.com/@tinlantern"


def test_export_of_selected_creators_ignores_the_filters(client):
    creators = [make_creator("one", followers=1), make_creator("two", followers=2), make_creator("three")]
    query = {"creators": [creators[0].pk, creators[2].pk], "format": "csv", "followers_min": "junk"}
    rows = read_csv(sign_in(client, make_user()).get(reverse("creator_export"), query))
    assert [row["Handle"] for row in rows] == ["one", "three"]


def test_export_keeps_ascending_order_and_chosen_columns(client):
    make_creator("two", followers=2)
    make_creator("none")
    make_creator("one", followers=1)
    client.cookies["columns"] = "followers.agency"
    query = {"ordering": "followers", "format": "csv"}
    rows = read_csv(sign_in(client, make_user()).get(reverse("creator_export"), query))
    assert [row["Handle"] for row in rows] == ["one", "two", "none"]
    assert "Agency" in rows[0]
    assert "GPM (USD)" not in rows[0]


def test_export_names_what_is_not_exact(client):
    creator = make_creator("tinlantern", followers=50_000, units_30d=30)
    Snapshot.objects.create(
        creator=creator, source="tool", as_of=DAY, quality=Quality.EXACT, recorded_at=timezone.now(),
        followers=50_000, units_30d=30, ranges={"followers": "100000"},
    )  # fmt: skip
    rows = read_csv(sign_in(client, make_user()).get(reverse("creator_export"), {"format": "csv"}))
    assert rows[0]["Not exact"] == "Followers 50K–100K"


def test_export_is_chinese_on_a_chinese_page(client):
    make_creator("tinlantern")
    user = make_user(language="zh-hans")
    data = b"".join(sign_in(client, user).get(reverse("creator_export"), {"format": "csv"}).streaming_content)
    assert "粉丝数" in data.decode("utf-8-sig").splitlines()[0]


def test_export_without_format_asks_for_it(client):
    make_creator("tinlantern")
    page = sign_in(client, make_user()).get(reverse("creator_export"), {"q": "tin", "page": 2}).content.decode()
    assert 'name="q" value="tin"' in page
    assert 'name="format"' in page
    assert 'name="contacts"' in page
    assert not ExportRecord.objects.exists()


def test_export_page_offers_no_contacts_to_those_who_may_not(client):
    make_creator()
    page = sign_in(client, make_user("ops")).get(reverse("creator_export")).content.decode()
    assert 'name="contacts"' not in page


@pytest.mark.parametrize(
    ("query", "text"),
    [({"followers_min": "many"}, "Some filters could not be read"), ({"q": "nobody"}, "No creator is left to export")],
)
def test_export_of_what_cannot_be_chosen_is_refused(client, query, text):
    # "filter_unreadable", "nothing_to_export"
    make_creator()
    response = sign_in(client, make_user()).get(reverse("creator_export"), {"format": "csv", **query})
    assert response.status_code == 400
    assert text in response.content.decode()


def test_contacts_are_those_of_own_shops_and_are_recorded(client):
    user, creator = make_user(), make_creator("tinlantern")
    mine, other = make_shop([user]), make_shop()
    add_contact(creator, mine, "tin@example.com")
    add_contact(creator, mine, "lantern@example.com")
    add_contact(creator, mine, "Line: tin", "other")
    add_contact(creator, other, "secret@example.com")
    query = {"format": "csv", "contacts": "on"}
    rows = read_csv(sign_in(client, user).get(reverse("creator_export"), query))
    assert rows[0]["E-mail"] == "tin@example.com; lantern@example.com"
    assert rows[0]["Other contact"] == "Line: tin"
    assert ExportRecord.objects.get().has_contacts


def test_contacts_are_refused_to_those_who_may_not(client):
    # "not_allowed"
    make_creator()
    response = sign_in(client, make_user("ops")).get(reverse("creator_export"), {"format": "csv", "contacts": "on"})
    assert response.status_code == 403
    assert not ExportRecord.objects.exists()


def test_shortlist_export_holds_notes_and_only_contacts_of_its_shop(client):
    user = make_user(name="Wren")
    shop, second = make_shop([user]), make_shop([user])
    creators = [make_creator("tinlantern"), make_creator("oatandember")]
    shortlist = make_shortlist(shop, user, name="Summer/26", creators=creators)
    shortlist.entries.filter(creator=creators[0]).update(note="-10 % soap")
    add_contact(creators[0], shop, "tin@example.com")
    add_contact(creators[0], second, "second@example.com")
    url = reverse("shortlist_export", args=[shortlist.pk])
    response = sign_in(client, user).get(url, {"format": "csv", "contacts": "on", "ordering": "added_at"})
    rows = read_csv(response)
    assert [row["Handle"] for row in rows] == ["oatandember", "tinlantern"]
    assert (rows[1]["Note"], rows[1]["Added by"], rows[1]["E-mail"]) == ("'-10 % soap", "Wren", "tin@example.com")
    assert rows[1]["Added on"] == timezone.localdate().isoformat()
    assert 'filename="Summer-26 ' in response["Content-Disposition"]


def test_shortlist_export_of_the_selected(client):
    user = make_user()
    creators = [make_creator("tinlantern"), make_creator("oatandember")]
    shortlist = make_shortlist(make_shop([user]), user, creators=creators)
    query = {"format": "xlsx", "creators": creators[1].pk, "target": 7}
    response = sign_in(client, user).get(reverse("shortlist_export", args=[shortlist.pk]), query)
    about, rows = read_xlsx(b"".join(response.streaming_content))
    assert [row["Handle"] for row in rows] == ["oatandember"]
    assert about["Query"] == "–"


def test_many_rows_become_a_job_that_is_asked_for(client):
    first = make_creator("creator0")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO creators_creator (market_id, handle, nickname, language, agency, first_seen_on, last_seen_on)"
            " SELECT 'US', 'many' || n, '', '', '', '2026-11-20', '2026-11-20' FROM generate_series(1, %s) n",
            [DIRECT_ROWS],
        )
        cursor.execute(
            "INSERT INTO creators_creatorfacts (creator_id, market_id, language, agency, category_ids, category_tree,"
            " as_of) SELECT id, 'US', '', '', '{}', '{}', '2026-11-20' FROM creators_creator WHERE id <> %s",
            [first.pk],
        )
    sign_in(client, make_user())
    url = f"{reverse('creator_export')}?format=csv"
    assert "50,001 rows: more than 50,000 are written in the background." in client.get(url).content.decode()
    assert not Job.objects.exists()
    job = Job.objects.get(pk=client.post(url)["Location"].strip("/").split("/")[-1])
    assert job.params["wanted"]["file_format"] == "csv"


def test_job_writes_a_file_for_seven_days():
    user = make_user(language="zh-hans")
    make_creator("tinlantern", followers=9)
    job = run(start(user, query="followers_min=5"))
    stored = StoredFile.objects.get(pk=job.result["file"])
    assert (job.state, job.result["rows"], stored.uploaded_by) == ("done", 1, user)
    assert timedelta(days=6) < stored.expires_at - timezone.now() < timedelta(days=8)
    record = ExportRecord.objects.get()
    assert (record.file, record.query) == (stored, "followers_min=5")


def test_job_page_leads_to_the_file(client):
    user = make_user()
    make_creator("tinlantern")
    job = start(user)
    sign_in(client, user)
    assert "Waiting for a free worker" in client.get(reverse("job_detail", args=[job.pk])).content.decode()
    job = run(job)
    page = client.get(reverse("job_detail", args=[job.pk])).content.decode()
    url = reverse("file_download", args=[job.result["file"]])
    assert url in page
    assert "/creators/?q=x" in page
    response = client.get(url)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    assert read_csv(response)[0]["Handle"] == "tinlantern"


def test_job_page_fragment_stops_asking_when_the_job_is_over(client):
    user = make_user()
    make_creator()
    job = start(user)
    url = reverse("job_detail", args=[job.pk])
    sign_in(client, user)
    assert 'hx-trigger="every 1s"' in client.get(url, headers={"hx-request": "true"}).content.decode()
    run(job)
    fragment = client.get(url, headers={"hx-request": "true"}).content.decode()
    assert "hx-trigger" not in fragment
    assert "<html" not in fragment


def test_a_file_of_another_does_not_exist(client):
    make_creator()
    job = run(start(make_user()))
    url = reverse("file_download", args=[job.result["file"]])
    assert sign_in(client, make_user()).get(url).status_code == 404
    response = sign_in(client, make_user("admin")).get(url)
    assert response.status_code == 200
    response.close()


def test_an_expired_file_does_not_exist_and_its_job_says_so(client):
    user = make_user()
    make_creator()
    job = run(start(user))
    StoredFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sign_in(client, user)
    assert client.get(reverse("file_download", args=[job.result["file"]])).status_code == 404
    files_sweep()
    assert "no longer kept" in client.get(reverse("job_detail", args=[job.pk])).content.decode()
    assert ExportRecord.objects.get().file is None


def test_each_download_of_contacts_is_recorded_and_needs_the_permission(client):
    user = make_user()
    make_creator()
    job = run(start(user, with_contacts=True))
    url = reverse("file_download", args=[job.result["file"]])
    answer = sign_in(client, user).get(url)
    assert (answer.status_code, answer.getvalue()[:3]) == (200, b"\xef\xbb\xbf")
    assert ExportRecord.objects.filter(has_contacts=True, by=user).count() == 2
    User.objects.filter(pk=user.pk).update(role="ops")
    assert client.get(url).status_code == 403


def test_job_checks_the_permission_again_when_it_runs():
    user = make_user()
    make_creator()
    job = start(user)
    User.objects.filter(pk=user.pk).update(role="viewer")
    job = run(job)
    assert (job.state, job.error_code) == ("failed", "not_allowed")
    assert not StoredFile.objects.exists()


def test_job_of_a_list_that_became_private_fails():
    user, owner = make_user(), make_user()
    shortlist = make_shortlist(make_shop([user, owner]), owner, creators=[make_creator()])
    job = start(user, shortlist_id=shortlist.pk)
    type(shortlist).objects.update(visibility=Visibility.PRIVATE)
    assert run(job).error_code == "list_gone"


def test_job_on_a_full_disk_fails_with_a_reason(monkeypatch):
    make_creator()
    job = start(make_user())
    # A folder for temporary files that is not there stands for a disk that takes nothing.
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    job = run(job)
    assert (job.state, job.error_code) == ("failed", "disk_full")


def test_job_that_is_cancelled_writes_nothing(client):
    user = make_user()
    make_creator()
    job = start(user)
    assert sign_in(client, user).post(reverse("job_cancel", args=[job.pk])).status_code == 302
    assert run(job).state == "cancelled"
    assert not StoredFile.objects.exists()
    with pytest.raises(DomainError):
        job_cancel(job=job, by=user)


def test_export_now_checks_the_permission():
    make_creator()
    viewer, wanted = make_user("viewer"), Wanted("csv")
    with pytest.raises(DomainError) as refused:
        export_now(wanted=wanted, source=export_source(wanted, viewer), by=viewer)
    assert refused.value.code == "not_allowed"
