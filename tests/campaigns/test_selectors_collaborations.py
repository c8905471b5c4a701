from datetime import timedelta

import pytest

from campaigns.models import Collaboration
from campaigns.selectors.collaborations import groups_of, rows_of, shown
from campaigns.services.collaborations import collaboration_move
from tests.plans import NOON, make_collaboration, make_creators, make_plan, seat_all

pytestmark = pytest.mark.django_db


def row_of(collaboration, *, at=NOON):
    rows = rows_of(shown(Collaboration.objects.filter(pk=collaboration.pk)), collaboration.owner, at)
    return rows[0]


@pytest.mark.parametrize(
    ("state", "days", "text", "css"),
    [
        ("seated", 0, "Ready to invite", ""),
        ("invited", 0, "Reply by 29 Nov", ""),
        ("invited", 8, "No reply, 1 day late", "late"),
        ("accepted", 0, "1 video by 6 Dec", ""),
        ("content_due", 12, "1 video by 6 Dec", "soon"),
        ("content_due", 18, "1 video, 4 days late", "late"),
        ("published", 0, "Settles on 29 Nov", ""),
        ("published", 9, "To close, 2 days late", "late"),
        ("closed", 3, "Closed 22 Nov", ""),
    ],
)
def test_the_next_step_of_each_state(state, days, text, css):
    row = row_of(make_collaboration(state=state), at=NOON + timedelta(days=days))
    assert (row.step_text, row.step_css, row.days_in_stage) == (text, css, days)


def test_a_sample_is_decided_first():
    collaboration = make_collaboration(make_plan(sample_rule="approval"), state="accepted")
    row = row_of(collaboration)
    assert row.step_text == "Decide the sample by 29 Nov"
    assert (row.button.url_name, row.button.args) == ("sample_detail", (collaboration.samples.get().pk,))


def test_a_late_reply_offers_to_withdraw_and_a_late_hour_is_an_hour():
    collaboration = make_collaboration(state="invited")
    row = row_of(collaboration, at=NOON + timedelta(days=7, hours=3))
    assert row.step_text == "No reply, 3 hours late"
    assert (row.button.url_name, row.button.query) == ("collaboration_move", "to=dropped")


def test_the_reason_stands_in_the_row():
    collaboration = make_collaboration(state="invited")
    dropped = collaboration_move(
        collaboration=collaboration, to="dropped", by=collaboration.owner, at=NOON, reason="Commission too low"
    )
    assert row_of(dropped).step_text == "Dropped: Commission too low"


def test_rows_by_stage_with_the_late_ones_counted():
    plan = make_plan()
    make_collaboration(plan, state="content_due", at=NOON - timedelta(days=20))
    make_collaboration(plan, state="content_due")
    make_collaboration(plan)
    groups = groups_of(rows_of(shown(Collaboration.objects.all()), plan.owner, NOON), first=["content_due"])
    assert [(group.state, len(group.rows), group.overdue) for group in groups] == [
        ("content_due", 2, 1),
        ("seated", 1, 0),
    ]


def test_the_queries_do_not_grow_with_the_rows(django_assert_max_num_queries):
    plan = make_plan()
    seat_all(plan, make_creators(12))
    with django_assert_max_num_queries(10):
        rows = rows_of(shown(Collaboration.objects.all()), plan.owner, NOON)
    assert len(rows) == 12
