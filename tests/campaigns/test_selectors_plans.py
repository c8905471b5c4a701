from datetime import date, timedelta
from decimal import Decimal

import pytest

from campaigns.models import Collaboration, TargetedPlan
from campaigns.selectors.plan_choices import choice_of_shortlist, choice_of_text, parts_of, preview_of
from campaigns.selectors.plans import board_of, plan_rows, related
from campaigns.services.collaborations import collaboration_move
from tests.factories import make_creator, make_shortlist, make_user
from tests.plans import NOON, make_collaboration, make_creators, make_plan, seat_all

pytestmark = pytest.mark.django_db


def read(plan):
    return related(TargetedPlan.objects.filter(pk=plan.pk)).get()


def test_pasted_names_of_every_kind():
    lantern, oat, by_id = make_creator("brass_lantern"), make_creator("oat.ember"), make_creator(external_id="7" * 19)
    text = f"@Brass_Lantern, https://www.tiktok.com/@oat.ember?lang=en\n{'7' * 19}；nobody_here\nbrass_lantern bad!name"
    choice = choice_of_text(text, market_id="US")
    assert choice.creator_ids == [lantern.pk, oat.pk, by_id.pk]
    assert choice.unknown == ["nobody_here"]
    assert [word for word, _why in choice.unreadable] == ["bad!name"]


def test_the_account_of_the_market_is_meant():
    other = make_creator("brass_lantern", market="GB")
    assert choice_of_text("brass_lantern", market_id="US").creator_ids == [other.pk]
    mine = make_creator("brass_lantern", market="US")
    assert choice_of_text("brass_lantern", market_id="US").creator_ids == [mine.pk]
    assert choice_of_text("brass_lantern", market_id="GB").creator_ids == [other.pk]


def test_the_creators_of_a_shortlist():
    plan = make_plan()
    creators = make_creators(3)
    shortlist = make_shortlist(plan.shop, plan.owner, creators=creators)
    assert choice_of_shortlist(shortlist).creator_ids == [one.pk for one in creators]


@pytest.mark.parametrize(
    ("taken", "wanted", "expected"),
    [(0, 47, [30, 17]), (0, 30, [30]), (28, 5, [2, 3]), (30, 31, [0, 30, 1]), (3, 0, [0])],
)
def test_parts(taken, wanted, expected):
    assert parts_of(taken, wanted) == expected


def test_the_preview_says_what_seats_add_then_does():
    collaboration = make_collaboration()
    plan = collaboration.plan
    seat_all(plan, make_creators(27))
    foreign, first, second, third = make_creator(market="GB"), *make_creators(3)
    ids = [collaboration.creator_id, foreign.pk, first.pk, second.pk, third.pk, 987654]
    preview = preview_of(plan, ids, user=plan.owner, at=NOON)
    assert (preview.taken, preview.free, preview.fitting, preview.over) == (28, 2, 2, 2)
    assert [(row.creator, row.is_over) for row in preview.chosen] == [
        (foreign, False), (first, False), (second, True), (third, True),
    ]  # fmt: skip
    assert [one.code for one in preview.chosen[0].warnings] == ["other_market"]
    assert [(creator, one.code) for creator, one in preview.refused] == [
        (collaboration.creator, "already_in_plan"), (None, "creator_unknown"),
    ]  # fmt: skip
    assert preview.parts == [2, 2]


def test_a_row_counts_seats_and_late_ones():
    plan = make_plan(budget=Decimal(100))
    for state in ("seated", "invited", "accepted"):
        make_collaboration(plan, state=state)
    gone = make_collaboration(plan, state="invited")
    collaboration_move(collaboration=gone, to="declined", by=None, at=NOON, reason="")
    row = plan_rows([read(plan)], at=NOON + timedelta(days=8))[0]
    # The invitation waits for a reply for 7 days.
    assert (row.seats, row.late, row.days_left) == (3, 1, 14)
    assert (row.budget_percent, row.is_over_budget, row.ends_css) == (0.0, False, "")
    assert plan_rows([read(plan)], at=NOON + timedelta(days=20))[0].ends_css == "soon"
    assert plan_rows([read(plan)], at=NOON + timedelta(days=40))[0].ends_css == "late"


def test_a_board_has_thirty_seats_and_late_stages_first():
    plan = make_plan(expected_gmv=Decimal(1000), ends_on=date(2026, 12, 1))
    make_collaboration(plan)
    make_collaboration(plan, state="invited")
    held = make_collaboration(plan, state="accepted")
    collaboration_move(collaboration=held, to="on_hold", by=plan.owner, at=NOON, reason="Restricted")
    board = board_of(read(plan), plan.owner, at=NOON + timedelta(days=8))
    assert [mark.css for mark in board.marks] == ["in", "wait", "wait", *[""] * 27]
    assert (board.confirmed, board.waiting, board.total) == (1, 2, 3)
    assert [(tab.stage, tab.late) for tab in board.tabs] == [("seated", 0), ("invited", 1), ("on_hold", 0)]
    assert [group.state for group in board.groups] == ["invited", "seated", "on_hold"]
    # The ninth of ten days, and nothing sold.
    assert (board.pace.standing, board.pace.planned, board.pace_percent) == ("behind", 900, 90.0)
    assert board.gmv_percent == 0.0


def test_a_board_of_one_stage():
    plan = make_plan()
    make_collaboration(plan)
    make_collaboration(plan, state="invited")
    board = board_of(read(plan), plan.owner, at=NOON, stage="invited")
    assert [group.state for group in board.groups] == ["invited"]
    assert board.total == 2
    assert (board.budget_left, board.budget_over, board.pace.standing) == (None, None, "none")


def test_the_queries_of_rows_do_not_grow(django_assert_max_num_queries):
    owner = make_user()
    plans = [make_plan(owner=owner) for _ in range(3)]
    for plan in plans:
        seat_all(plan, make_creators(2))
    found = list(related(TargetedPlan.objects.all()))
    with django_assert_max_num_queries(6):
        assert [row.seats for row in plan_rows(found, at=NOON)] == [2, 2, 2]
    assert Collaboration.objects.count() == 6
