"""What pages say about lines: how each was computed, what holds it, what is ready to be paid."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.models import ContentResult, SettlementLine
from campaigns.selectors.sections.settlement import section_of
from campaigns.selectors.settlements import LineRow, ready_of, rows_of
from campaigns.services.settlements import line_approve, settlement_refresh
from campaigns.tasks.settlements import settlements_refresh_task
from tests.factories import make_file, make_user
from tests.ledger import make_book
from tests.plans import NOON, make_collaboration
from tests.settlements import approver, make_line, make_order, make_terms
from violations.services.ledger import measure_take

pytestmark = pytest.mark.django_db
AFTER = NOON + timedelta(days=12)


def freeze(creator) -> None:
    ops = make_user("ops")
    make_book()
    measure_take(
        creator=creator, measure="freeze_payments", features=[], ends_at=None, reason="Chargebacks.", by=ops, at=NOON,
        evidence=[make_file(ops)],
    )  # fmt: skip


def test_each_kind_says_how_it_was_computed():
    shared = make_terms("guarantee", guarantee="30", share_rate="12.5", state="published")
    make_order(shared, "1000", commission_reported=Decimal(1))
    make_order(shared, "100")
    viewed = make_terms("per_views", per_views_fee="8", per_views_cap="90", state="published")
    ContentResult.objects.create(
        content=viewed.contents.get(), day=NOON.date(), views=12_000, source="hand", recorded_by=viewed.owner,
        recorded_at=NOON,
    )  # fmt: skip
    for one in (shared, viewed):
        settlement_refresh(shop=one.shop, month=NOON.date().replace(day=1), at=AFTER)
    found = {line.kind: LineRow(line).how for line in SettlementLine.objects.all()}
    assert found == {
        "commission": "15% of $1,100.00, 2 orders · 1 order not in the report",
        "guarantee": "Fee $30.00",
        "share": "Base $1,100.00 · Guarantee $30.00 · Rate 12.5% · Orders in the month 2",
        "views_fee": "For 1,000 views $8.00 · At most $90.00 · Views in the month 12,000 · Views so far 12,000",
    }


def test_a_freeze_says_why_a_line_waits():
    line = make_line()
    freeze(line.creator)
    row = rows_of([line.pk], approver(line.shop), at=NOON + timedelta(hours=1))[0]
    assert ("are frozen since" in row.held, row.may_approve) == (True, False)


def test_what_is_ready_leaves_frozen_lines_out():
    line = make_line()
    other = approver(line.shop)
    for one in (line, make_line(make_collaboration(line.collaboration.plan, state="accepted"), "10.5")):
        line_approve(line=one, by=other, at=NOON)
    freeze(line.creator)
    ready = ready_of(other, at=NOON + timedelta(hours=1))
    assert [(one.currency, one.lines, one.amount, one.held) for one in ready] == [("USD", 1, "$10.50", 1)]


def test_the_section_of_a_collaboration():
    line = make_line(None, "35")
    found = section_of(line.collaboration, line.collaboration.owner, NOON)
    assert [row.amount for row in found["rows"]] == ["$35.00"]
    assert (found["sums"], found["left"], found["has_money"], found["may_add"]) == (
        [{"currency": "USD", "payable": "$35.00", "paid": "$0.00"}], "−$35.00", True, True,
    )  # fmt: skip


def test_the_night_task_runs():
    collaboration = make_terms("fixed", fixed_fee="90", state="published")
    settlements_refresh_task()
    assert SettlementLine.objects.get(collaboration=collaboration).state == "due"
