from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from campaigns.models import ContentResult, ResultImport
from campaigns.services import result_imports as services
from campaigns.tasks.contents import result_import_advance
from core.errors import DomainError
from core.models import StoredFile
from tests.factories import make_user
from tests.plans import NOON
from tests.works import VIDEO, make_content

pytestmark = pytest.mark.django_db
ID = "7301234567890120001"


def create(content, text, by=None):
    owner = by or content.collaboration.owner
    upload = SimpleUploadedFile("results.csv", text.encode())
    return services.result_import_create(
        upload=upload, shop=content.collaboration.shop, by=owner, at=timezone.now()
    )  # fmt: skip


def run(made):
    job = services.result_import_start(result_import=made, by=made.created_by, at=timezone.now())
    while services.result_import_advance(job.pk):
        pass
    made.refresh_from_db()
    job.refresh_from_db()
    return job


@pytest.fixture
def content():
    return make_content(published_at=NOON)


def test_rows_are_written_by_link_or_number(content):
    text = f"Video ID,Date,Views,GMV,Refunds\n{ID},2026-11-23,1.2K,$50.10,5\n{VIDEO.format(1)},2026/11/24,7,,\n"
    made = create(content, text)
    assert (made.problems, ContentResult.objects.count()) == ([], 0)
    job = run(made)
    rows = list(ContentResult.objects.values_list("views", "gmv", "refunds", "source"))
    assert rows == [(1200, Decimal("50.10"), Decimal("5"), "file"), (7, None, None, "file")]
    assert (job.state, job.result) == ("done", {"written": 2})


def test_a_repeat_replaces_and_empty_cells_keep(content):
    run(create(content, f"视频ID,日期,播放量,成交金额\n{ID},2026-11-23,10,5\n"))
    run(create(content, f"视频ID,日期,播放量,成交金额\n{ID},2026-11-23,12,\n"))
    assert list(ContentResult.objects.values_list("views", "gmv")) == [(12, Decimal(5))]


def test_refused_rows_name_row_field_value_and_reason(content):
    lines = [
        f"{ID},2026-11-23,10,5",
        f"{ID},2026-11-23,11,5",
        "7.30123E+18,2026-11-23,10,5",
        "7309999999999999999,2026-11-23,10,5",
        f"{ID},2026-11-20,10,5",
        f"{ID},soon,x,-5",
        f"{ID},2026-11-24,10,€5",
        f"{ID},2026-11-24,,",
    ]
    made = create(content, "\n".join(["Video ID,Date,Views,GMV", *lines]))
    codes = [(one["row"], one["field"], one["code"]) for one in made.problems]
    assert codes == [
        (3, "", "row_repeated"), (4, "content", "content_unreadable"), (5, "content", "content_unknown"),
        (6, "day", "day_before_publication"), (7, "day", "day_unreadable"), (7, "views", "number_unreadable"),
        (7, "gmv", "number_negative"), (8, "gmv", "other_currency"), (9, "", "row_empty"),
    ]  # fmt: skip
    job = run(made)
    assert (job.result, len(made.problems), ContentResult.objects.get().views) == ({"written": 1}, 9, 10)


def test_two_presses_are_one_job(content):
    made = create(content, f"Video ID,Date,Views\n{ID},2026-11-23,10\n")
    jobs = {
        services.result_import_start(result_import=made, by=made.created_by, at=timezone.now()).pk for _ in range(2)
    }
    assert len(jobs) == 1
    result_import_advance(jobs.pop())
    assert ContentResult.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "text"),
    [("columns_missing", "Video ID,Views\n1,2\n"), ("no_rows", "Video ID,Date,Views\n")],
)
def test_files_that_cannot_be_used_leave_nothing(content, code, text):
    with pytest.raises(DomainError) as error:
        create(content, text)
    assert (error.value.code, ResultImport.objects.count(), StoredFile.objects.count()) == (code, 0, 0)


def test_too_many_rows(content, monkeypatch):
    monkeypatch.setattr(services, "MOST_ROWS", 1)
    with pytest.raises(DomainError) as error:
        create(content, f"Video ID,Date,Views\n{ID},2026-11-23,1\n{ID},2026-11-24,1\n")
    assert error.value.code == "too_many_rows"


def test_who_may_not(content):
    with pytest.raises(DomainError) as error:
        create(content, "Video ID,Date\n", by=make_user())
    assert error.value.code == "not_member"
    made = create(content, f"Video ID,Date,Views\n{ID},2026-11-23,10\n")
    User.objects.filter(pk=made.created_by_id).update(role="viewer")
    with pytest.raises(DomainError) as error:
        services.result_import_start(result_import=made, by=User.objects.get(pk=made.created_by_id), at=NOON)
    assert error.value.code == "not_allowed"


def test_nothing_good_is_not_started(content):
    made = create(content, "Video ID,Date,Views\n7309999999999999999,2026-11-23,10\n")
    with pytest.raises(DomainError) as error:
        services.result_import_start(result_import=made, by=made.created_by, at=NOON)
    assert error.value.code == "no_good_rows"


def test_several_contents_of_one_number_are_refused(content):
    other = make_content(
        published_at=NOON, number=2, shop=content.collaboration.shop, owner=content.collaboration.owner
    )
    other.platform_id = ID
    other.save()
    made = create(content, f"Video ID,Date,Views\n{ID},2026-11-23,10\n")
    assert [one["code"] for one in made.problems] == ["content_repeated"]
