import io
from datetime import timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.errors import DomainError
from core.models import StoredFile
from tests.factories import make_creator, make_user
from tests.ledger import log, make_book
from violations.models import Batch, HealthRating, LedgerEntry
from violations.selectors.batches import batch_listing, counts_of, failures_table, problem_text
from violations.services.batches import batch_advance, batch_cancel, batch_create, batch_select, batch_start

pytestmark = pytest.mark.django_db

HEAD = "Handle,Market,Rule,When it happened,Video link,Note\n"


@pytest.fixture(autouse=True)
def book():
    return make_book()


def upload(text, name="list.csv"):
    return SimpleUploadedFile(name, text.encode())


def create(text, *, kind="violations", by=None, **options):
    return batch_create(kind=kind, upload=upload(text), by=by or make_user("ops"), at=timezone.now(), **options)


def run(batch, by=None, **options):
    job = batch_start(batch=batch, by=by or batch.created_by, **options)
    while batch_advance(job.pk):
        pass
    job.refresh_from_db()
    return job


def problems(batch):
    return {row.number: [one["code"] for one in row.problems] for row in batch.rows.all() if row.problems}


def test_batch_create_reads_handles_links_codes_and_titles():
    brass, tin = make_creator("brass"), make_creator("tin", market="GB")
    text = (
        HEAD + "@Brass,US,late_content,2026-11-20 10:00,,\nhttps://www.tiktok.com/@tin,英国,规则 fraud,2026-11-20,,Hi\n"
    )
    batch = create(text)
    assert problems(batch) == {}
    assert [row.creator for row in batch.rows.all()] == [brass, tin]
    assert not LedgerEntry.objects.exists()


def test_batch_create_says_what_is_wrong_with_each_row():
    make_creator("brass")
    make_creator("twin")
    make_creator("twin", market="GB")
    future = (timezone.now() + timedelta(days=2)).isoformat()
    rows = [
        ",US,late_content,2026-11-20,,",
        "nobody,US,late_content,2026-11-20,,",
        "twin,,late_content,2026-11-20,,",
        "brass,Atlantis,late_content,2026-11-20,,",
        "brass,US,no_such_rule,soon,not a link,",
        f"brass,US,fraud,{future},,",
        "brass,US,fraud,2026-01-02,,",
    ]
    batch = create(HEAD + "\n".join(rows) + "\n")
    assert problems(batch) == {
        2: ["creator_missing"],
        3: ["creator_unknown"],
        4: ["creator_ambiguous"],
        5: ["market_unknown"],
        6: ["rule_unknown", "when_unreadable", "link_invalid"],
        7: ["when_in_future"],
        8: ["reason_missing"],
    }
    assert all(problem_text(row) for row in batch.rows.all())


def test_batch_create_finds_incidents_that_are_logged_or_repeated():
    creator = make_creator("brass")
    link = "https://www.tiktok.com/@brass/video/7123456789012345678"
    case = log(creator, "fraud", content_link=link).case
    text = (
        HEAD
        + f"brass,US,fraud,2026-11-20,{link}?x=1,\nbrass,US,spam,2026-11-20,{link},\nbrass,US,spam,2026-11-20,{link},\n"
    )
    batch = create(text)
    assert problems(batch) == {2: ["same_incident"], 4: ["repeat_in_file"]}
    assert case in problem_text(batch.rows.get(number=2))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Handle,Rule\nbrass,fraud\n", "columns_missing"),
        (HEAD, "no_rows"),
        (HEAD + "brass,US,fraud,2026-11-20,,\n" * 5_001, "too_many_rows"),
    ],
)
def test_batch_create_refuses_a_file_and_keeps_nothing(text, code):
    with pytest.raises(DomainError) as caught:
        create(text)
    assert caught.value.code == code
    assert not Batch.objects.exists()
    assert not StoredFile.objects.exists()


def test_batch_create_refuses_an_unknown_kind():
    with pytest.raises(DomainError) as caught:
        create(HEAD, kind="poems")
    assert caught.value.code == "kind_unknown"


def test_batch_reads_a_workbook_with_chinese_headers():
    make_creator("brass")
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer)
    sheet = workbook.add_worksheet()
    for place, row in enumerate([("账号名", "违规类型", "发生时间"), ("brass", "fraud", "2026-11-20 09:40")]):
        sheet.write_row(place, 0, row)
    workbook.close()
    file = SimpleUploadedFile("list.xlsx", buffer.getvalue())
    batch = batch_create(kind="violations", upload=file, by=make_user("ops"), at=timezone.now())
    assert problems(batch) == {}


def test_batch_start_writes_the_good_rows_once():
    creator = make_creator("brass")
    batch = create(HEAD + "brass,US,fraud,2026-11-20,,Stop it\nnobody,US,fraud,2026-11-20,,\n")
    job = run(batch)
    assert run(batch) == job
    assert job.state == "done"
    entry = creator.ledger.get()
    assert (entry.rule_code, entry.details.note, entry.recorded_by) == ("fraud", "Stop it", batch.created_by)
    assert batch.rows.get(number=2).entry == entry
    assert counts_of(batch).written == 1


def test_batch_rows_that_the_ledger_refuses_say_why():
    creator = make_creator("brass")
    log(creator, "fraud", at=timezone.now() - timedelta(hours=1))
    batch = create(HEAD + f"brass,US,fraud,{(timezone.now() - timedelta(hours=2)).isoformat()},,\n")
    run(batch)
    assert problems(batch) == {2: ["repeat_unconfirmed"]}
    assert creator.ledger.count() == 1
    assert "24" in problem_text(batch.rows.get())


def test_batch_listing_names_what_a_row_repeats():
    creator = make_creator("brass")
    case = log(creator, "fraud", at=timezone.now() - timedelta(hours=30)).case
    link = "https://www.tiktok.com/@brass/video/7123456789012345678"
    hours = {2: (10, ""), 3: (9, link), 4: (8, ""), 5: (100, "")}
    rows = [
        f"brass,US,fraud,{(timezone.now() - timedelta(hours=ago)).isoformat()},{url}," for ago, url in hours.values()
    ]
    listing = batch_listing(create(HEAD + "\n".join(rows) + "\n"), at=timezone.now())
    assert [shown.repeats for shown in listing.rows] == [case, "", case, ""]
    assert listing.repeats == 2


def test_batch_listing_names_the_earlier_row():
    make_creator("brass")
    batch = create(HEAD + "brass,US,fraud,2026-11-20 10:00,,\nbrass,US,fraud,2026-11-20 12:00,,\n")
    assert [shown.repeats for shown in batch_listing(batch, at=timezone.now()).rows] == ["", "row 2"]
    run(batch, repeats_confirmed=True)
    assert batch_listing(Batch.objects.get(), at=timezone.now()).repeats == 0


def test_batch_listing_shows_only_columns_that_hold_something():
    make_creator("brass")
    batch = create("Handle,Rule,When it happened,Note\nbrass,fraud,2026-11-20,\n")
    listing = batch_listing(batch, at=timezone.now())
    assert (len(listing.columns), listing.rows[0].cells) == (3, ["brass", "fraud", "2026-11-20"])


def test_batch_start_confirms_repeats():
    creator = make_creator("brass")
    when = (timezone.now() - timedelta(hours=2)).isoformat()
    batch = create(HEAD + f"brass,US,fraud,{when},,\nbrass,US,fraud,{when},,\n")
    run(batch, repeats_confirmed=True)
    assert creator.ledger.count() == 2


def test_batch_start_refuses_without_a_good_row():
    batch = create(HEAD + "nobody,US,fraud,2026-11-20,,\n")
    with pytest.raises(DomainError) as caught:
        batch_start(batch=batch, by=batch.created_by)
    assert caught.value.code == "no_good_rows"


def test_batch_job_checks_the_permission_again():
    creator = make_creator("brass")
    batch = create(HEAD + "brass,US,fraud,2026-11-20,,\n")
    job = batch_start(batch=batch, by=batch.created_by)
    batch.created_by.role = "viewer"
    batch.created_by.save()
    batch_advance(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "not_allowed")
    assert not creator.ledger.exists()


def test_batch_cancel_stops_and_keeps_what_is_written():
    make_creator("brass")
    batch = create(HEAD + "brass,US,fraud,2026-11-20,,\n")
    with pytest.raises(DomainError) as caught:
        batch_cancel(batch=batch, by=batch.created_by)
    assert caught.value.code == "not_started"
    job = batch_start(batch=batch, by=batch.created_by)
    batch.refresh_from_db()
    batch_cancel(batch=batch, by=batch.created_by)
    batch_advance(job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_batch_of_ratings_records_them():
    creator = make_creator("brass")
    text = "Creator,CHR,As of,Source\nbrass,184,2026-11-20,Seller Center\nbrass,2000,2026-11-20,Seller Center\n"
    batch = create(text, kind="health", by=make_user("account_manager"))
    assert problems(batch) == {3: ["score_unreadable"]}
    run(batch)
    rating = HealthRating.objects.get()
    assert (rating.creator, rating.score, rating.batch) == (creator, 184, batch)


def test_batch_of_ratings_says_what_is_wrong():
    make_creator("brass")
    tomorrow = (timezone.now() + timedelta(days=2)).date()
    text = f"Creator,CHR,As of,Source\nbrass,184,{tomorrow},Seller Center\nbrass,184,someday,\n"
    assert problems(create(text, kind="health")) == {2: ["day_in_future"], 3: ["day_unreadable", "source_missing"]}


def test_batch_select_makes_a_row_for_each_creator():
    creators = [make_creator("brass"), make_creator("tin")]
    now = timezone.now()
    batch = batch_select(
        creators=creators, rule_code="late_content", effective_at=now - timedelta(hours=1), by=make_user("ops"), at=now
    )
    listing = batch_listing(batch, at=now)
    assert [(shown.before, shown.after) for shown in listing.rows] == [(0, 1), (0, 1)]
    run(batch)
    assert LedgerEntry.objects.count() == 2


def test_batch_select_refuses_an_empty_selection():
    with pytest.raises(DomainError) as caught:
        batch_select(
            creators=[], rule_code="fraud", effective_at=timezone.now(), by=make_user("ops"), at=timezone.now()
        )
    assert caught.value.code == "nothing_selected"


def test_batch_listing_adds_up_the_rows_of_a_creator():
    make_creator("brass")
    batch = create(HEAD + "brass,US,fraud,2026-11-20,,\nbrass,US,spam,2026-11-20,,\n")
    shown = batch_listing(batch, at=timezone.now()).rows
    assert [(row.before, row.after) for row in shown] == [(0, 6), (6, 10)]


def test_failures_table_has_the_cells_and_the_problem():
    batch = create(HEAD + "nobody,US,fraud,2026-11-20,,\n")
    table = failures_table(batch)
    (row,) = table.rows
    cells = [column.value(row) for column in table.columns]
    assert cells[:3] == ["nobody", "US", "fraud"]
    assert cells[-1]
