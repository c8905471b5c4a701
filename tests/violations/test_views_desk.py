"""The desk's page, the tab of the ledger on the profile, and what they export."""

import csv
import io
from datetime import timedelta
from html import unescape

import openpyxl
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.errors import DomainError
from core.models import ExportRecord, Job, StoredFile
from core.uploads.storage import file_open
from creators.services.creators import creators_link
from tests.factories import make_creator, make_user, sign_in
from tests.ledger import NOON, log, log_all, make_book
from violations.services import exports as services
from violations.tasks import entries_export_advance

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def ops(client):
    make_book()
    user = make_user("ops", name="Priya Solberg")
    sign_in(client, user)
    return user


@pytest.fixture
def now():
    return timezone.now()


def desk(client, query: str = "", **options) -> str:
    response = client.get(f"{reverse('violation_desk')}?{query}", **options)
    assert response.status_code == 200
    return unescape(response.content.decode())


def ledger(client, creator, query: str = "") -> str:
    response = client.get(f"{creator.get_absolute_url()}?panel=violations&{query}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def read_csv(response) -> list[dict[str, str]]:
    data = b"".join(response.streaming_content)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_desk_shows_queue_chart_and_list(client, ops, now):
    entry = log(make_creator("tin"), "fraud", at=now - DAY)
    page = desk(client)
    for shown in ("Nothing waits", "Violations a week", "@tin", entry.case, "Fraud", "Counting", "90 days"):
        assert shown in page
    assert 'aria-current="page">Desk' in page


def test_desk_fragment_is_the_list_alone(client, ops, now):
    log(make_creator("tin"), "fraud", at=now - DAY)
    page = desk(client, headers={"HX-Request": "true"})
    assert "@tin" in page
    assert "Violations a week" not in page


def test_desk_filters_and_says_so(client, ops, now):
    log(make_creator("tin"), "fraud", at=now - DAY)
    log(make_creator("oat"), "late_content", at=now - DAY)
    page = desk(client, "severity=minor")
    assert "@oat" in page
    assert "@tin" not in page.split('id="results"')[1]
    assert "Remove Severity" in page


def test_empty_list_says_what_to_do(client, ops):
    assert "No entry passes all filters." in desk(client, "state=reversed")


def test_unreadable_filter_and_cursor_are_said(client, ops, now):
    log(make_creator(), at=now)
    page = desk(client, "since=2026-11-21&until=2026-11-20&cursor=rubbish&period=all")
    assert "The last day is before the first one." in page
    assert "This is the first page." in page


def test_list_of_the_desk_has_pages(client, ops, now):
    for place in range(26):
        log(make_creator(), at=now - timedelta(minutes=30 - place))
    page = desk(client, "rows=25")
    assert "1–25 of 26" in page
    cursor = page.split("cursor=")[1].split('"')[0].split("&")[0]
    assert "26–26 of 26" in desk(client, f"rows=25&cursor={cursor}")


def test_desk_takes_few_queries(client, ops, now, django_assert_max_num_queries):
    for _number in range(30):
        log(make_creator(), "fraud", at=now - DAY)
    desk(client)
    with django_assert_max_num_queries(30):
        desk(client)


def test_a_reader_sees_no_buttons_to_log_or_export(client, now):
    make_book()
    log(make_creator(), at=now)
    sign_in(client, make_user("viewer"))
    page = desk(client)
    assert reverse("entry_export") not in page
    assert "Log violation" not in page


def test_navigation_counts_open_appeals(client, ops):
    cache.set("desk.open_appeals", 7)
    assert 'Violations <span class="num">7</span>' in desk(client)


def test_profile_shows_the_ledger(client, ops):
    creator = make_creator("tin")
    entry = log(creator, "spam", at=NOON, by=ops)
    page = ledger(client, creator)
    for shown in ("Scheduled expiry", "Spam · strike 1", entry.case, "by Priya Solberg", "0 files", "of 6 points"):
        assert shown in page
    for button in ("Log violation", "Take measure", "Send link", "Blacklist", "Download statement"):
        assert button in page


def test_profile_looks_back(client, ops):
    creator = make_creator()
    log(creator, "spam", at=NOON)
    log(creator, "fraud", at=NOON + DAY)
    page = ledger(client, creator, "at=2026-11-22T13:00")
    assert "Spam" in page
    assert "Fraud" not in page
    assert "This is how the ledger stood on 22 Nov, 13:00." in page


@pytest.mark.parametrize("at", ["rubbish", "2026-13-45T00:00", "", "2999-01-01T00:00"])
def test_an_instant_that_is_none_or_to_come_is_now(client, ops, at):
    creator = make_creator()
    log(creator, "spam", at=NOON)
    page = ledger(client, creator, f"at={at}")
    assert "This is how the ledger stood" not in page


def test_profile_marks_other_accounts_of_the_person(client, ops):
    creator, other = make_creator("tin"), make_creator("tin.uk", market="GB")
    creators_link(creators=[creator, other], by=ops, at=NOON)
    log(other, "fraud", at=NOON)
    page = ledger(client, creator)
    assert "@tin.uk" in page
    assert "No entry in the ledger" not in page


def test_empty_ledger_says_so(client, ops):
    assert "No entry in the ledger" in ledger(client, make_creator())


def test_statement_is_downloaded_as_csv_and_recorded(client, ops):
    creator = make_creator("tin")
    entry = log(creator, "spam", at=NOON, by=ops)
    rows = read_csv(client.get(reverse("statement_export", args=[creator.pk])))
    assert [row["Entry"] for row in rows] == ["Scheduled expiry (planned)", "Spam (strike 1)"]
    assert (rows[1]["Case"], rows[1]["Points"], rows[1]["Balance"]) == (entry.case, "4", "4")
    assert (rows[1]["Logged by"], rows[1]["Sealed as"]) == ("Priya Solberg", entry.hash)
    record = ExportRecord.objects.get()
    assert (record.by, record.rows, record.has_contacts) == (ops, 2, False)


def test_statement_as_of_a_past_instant_is_downloaded(client, ops):
    creator = make_creator()
    log(creator, "spam", at=NOON)
    log(creator, "fraud", at=NOON + DAY)
    response = client.get(reverse("statement_export", args=[creator.pk]), {"at": "2026-11-22T13:00", "format": "xlsx"})
    about, sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets
    assert sheet.max_row == 3
    assert "As of 2026-11-22 13:00" in [row[1].value for row in about.rows]


def test_export_is_the_query_of_the_list(client, ops, now):
    log(make_creator("tin"), "fraud", at=now - DAY)
    log(make_creator("oat"), "late_content", at=now - DAY)
    rows = read_csv(client.get(reverse("entry_export"), {"severity": "extreme", "rows": 25, "format": "csv"}))
    assert [(row["Handle"], row["Severity"], row["Strike"]) for row in rows] == [("tin", "Extreme", "yes")]
    assert ExportRecord.objects.get().query == "severity=extreme"


def test_export_of_nothing_or_of_the_unreadable_is_refused(client, ops):
    assert "No entry is left to export." in unescape(client.get(reverse("entry_export")).content.decode())
    for query, code in (("", "no_entries"), ("market=XX", "entry_filter_unreadable")):
        with pytest.raises(DomainError) as refused:
            services.entries_extract(query=query, file_format="csv", by=ops, at=NOON)
        assert refused.value.code == code


def test_export_asks_for_the_permission(ops):
    with pytest.raises(DomainError) as refused:
        services.statement_extract(creator=make_creator(), file_format="csv", by=make_user("viewer"), at=NOON)
    assert (refused.value.code, refused.value.status) == ("export_not_allowed", 403)


def test_many_entries_become_a_job(client, ops, now, monkeypatch):
    log_all(make_creator("tin"), ["fraud", "spam"], at=now - DAY)
    # As if there were more entries than can be waited for.
    monkeypatch.setattr("violations.views.desk.DIRECT_ROWS", 1)
    url = f"{reverse('entry_export')}?format=csv"
    assert "2 rows: more than 1 are written" in unescape(client.get(url).content.decode())
    client.post(url)
    job = Job.objects.get()
    entries_export_advance(job.pk)
    job.refresh_from_db()
    with file_open(StoredFile.objects.get(pk=job.result["file"])) as stored:
        assert stored.read().count(b"tin") == 2
    assert (job.state, ExportRecord.objects.get().rows) == ("done", 2)


def test_job_asks_for_the_permission_again(ops, now):
    log(make_creator(), at=now - DAY)
    extract = services.entries_extract(query="", file_format="csv", by=ops, at=now)
    job = services.entries_export_start(extract=extract, by=ops, at=now, back="/violations/")
    User.objects.filter(pk=ops.pk).update(role="viewer")
    entries_export_advance(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "export_not_allowed")
