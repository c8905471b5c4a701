"""Payouts and statements: nothing is paid twice, and every cent is somewhere."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import OrderLine, Payout, SettlementLine, Statement
from campaigns.rules.money import commission_base, share_above
from campaigns.selectors.statements import draft_of, lines_of, statement_name, totals_of, waiting_of
from campaigns.services.payables import sale_of
from campaigns.services.payouts import payout_create, payout_discard, payout_pay
from campaigns.services.settlements import line_add, line_approve, line_cancel, lines_approve, settlement_refresh
from campaigns.services.statements import statement_issue, statements_issue
from core.errors import DomainError
from core.models import ExportRecord
from core.uploads.storage import file_open
from tests.factories import make_creator, make_file, make_user
from tests.ledger import make_book
from tests.plans import NOON, make_collaboration, make_plan
from tests.settlements import approver, make_line, make_order, make_terms
from violations.services.ledger import measure_take

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
TODAY = NOON.date()


def approved(amount="120.00", *, plan=None, creator=None) -> SettlementLine:
    plan = plan or make_plan()
    line = make_line(make_collaboration(plan, creator, state="accepted"), amount)
    return line_approve(line=line, by=approver(plan.shop), at=NOON)


def payout_of(line: SettlementLine, currency="USD") -> Payout:
    return payout_create(shop=line.shop, currency=currency, by=make_user(), at=NOON)


def pay(payout: Payout, reference="TT-77", paid_on=TODAY) -> Payout:
    return payout_pay(payout=payout, reference=reference, paid_on=paid_on, by=make_user(), at=NOON)


def code_of(act, *args, **values) -> str:
    with pytest.raises(DomainError) as refused, transaction.atomic():
        act(*args, **values)
    return refused.value.code


def test_a_payout_takes_what_is_approved_in_its_currency():
    plan = make_plan()
    lines = [approved("100", plan=plan), approved("20.50", plan=plan)]
    make_line(lines[0].collaboration)
    payout = payout_of(lines[0])
    assert (payout.total, set(payout.lines.all())) == (Decimal("120.50"), set(lines))
    assert code_of(payout_of, lines[0], "VND") == "nothing_to_pay"
    assert ExportRecord.objects.get().rows == 2


def test_the_file_has_a_row_a_creator_and_no_formula():
    plan = make_plan()
    creator = make_creator("brass_lantern", nickname="=HYPERLINK(1)")
    line = approved("100", plan=plan, creator=creator)
    line_approve(line=make_line(line.collaboration, "7.5"), by=approver(plan.shop), at=NOON)
    payout = payout_of(line)
    with file_open(payout.file) as source:
        rows = source.read().decode("utf-8-sig").splitlines()
    assert rows[1:] == [
        f"brass_lantern,'=HYPERLINK(1),,US,107.50,USD,PO-{payout.pk:05d}-{creator.pk},2",
    ]


def test_paid_lines_stay_as_they_are():
    line = approved()
    payout = pay(payout_of(line))
    line.refresh_from_db()
    assert (line.state, line.paid_at, payout.reference) == ("paid", NOON, "TT-77")
    assert line.moves.last().reason == "TT-77"
    with pytest.raises(DatabaseError), transaction.atomic():
        SettlementLine.objects.filter(pk=line.pk).update(amount=Decimal(1))


def test_a_second_run_pays_nothing_again():
    line = approved()
    payout = pay(payout_of(line))
    assert code_of(pay, payout) == "payout_paid"
    assert code_of(payout_of, line) == "nothing_to_pay"


def test_paying_wants_a_reference_and_a_day_that_has_come():
    payout = payout_of(approved())
    assert code_of(pay, payout, reference=" ") == "reference_missing"
    assert code_of(pay, payout, paid_on=TODAY + timedelta(days=1)) == "day_in_future"


def test_a_discarded_payout_sets_its_lines_free():
    line = approved()
    payout = payout_of(line)
    assert payout_discard(payout=payout, by=make_user(), at=NOON) == 1
    assert code_of(pay, payout) == "payout_gone"
    assert list(payout_of(line).lines.all()) == [line]


def test_a_freeze_after_the_payout_was_made_holds_it():
    make_book()
    line, ops = approved(), make_user("ops")
    payout = payout_of(line)
    measure_take(
        creator=line.creator, measure="freeze_payments", features=[], ends_at=None, reason="Chargebacks.", by=ops,
        at=NOON, evidence=[make_file(ops)],
    )  # fmt: skip
    assert code_of(pay, payout) == "payments_frozen"
    payout_discard(payout=payout, by=ops, at=NOON)
    other = approved("5", plan=line.collaboration.plan)
    assert list(payout_of(line).lines.all()) == [other]


def test_who_owes_us_more_is_left_for_later():
    plan = make_plan()
    line = approved("50", plan=plan)
    back = line_add(
        collaboration=line.collaboration, kind="refund", amount=Decimal(-80), note="Refunded.", by=make_user(), at=NOON
    )  # fmt: skip
    line_approve(line=back, by=approver(plan.shop), at=NOON)
    assert code_of(payout_of, line) == "nothing_to_pay"
    other = approved("10", plan=plan)
    assert list(payout_of(line).lines.all()) == [other]


@pytest.mark.django_db(transaction=True)
def test_payouts_at_once_never_share_a_line():
    plan = make_plan()
    lines = [approved("10", plan=plan) for _ in range(6)]

    def run(_index):
        try:
            return payout_create(shop=plan.shop, currency="USD", by=plan.owner, at=NOON).total
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = Counter(pool.map(run, range(6)))
    assert found == {Decimal("60.00"): 1, "nothing_to_pay": 5}
    assert SettlementLine.objects.filter(payout=Payout.objects.get()).count() == len(lines)


@pytest.mark.django_db(transaction=True)
def test_paying_one_payout_from_many_windows_pays_once():
    line = approved()
    payout = payout_of(line)

    def run(index):
        try:
            return pay(payout, reference=f"TT-{index}").reference
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(run, range(6)))
    assert found.count("payout_paid") == 5
    assert line.moves.filter(to_state="paid").count() == 1


# Statements -------------------------------------------------------------------


def issue(line, month=NOVEMBER, at=NOON) -> Statement:
    return statement_issue(
        shop=line.shop, creator=line.creator, month=month, currency=line.currency, by=make_user(), at=at
    )  # fmt: skip


def test_a_statement_keeps_its_lines_and_sums():
    line = make_line()
    make_order(line.collaboration, commission_reported=Decimal(14))
    settlement_refresh(shop=line.shop, month=NOVEMBER, at=NOON)
    draft = draft_of(line.shop, line.creator, NOVEMBER, "USD")
    statement = issue(line)
    sums = {
        "payable": Decimal(120),
        "paid": Decimal(0),
        "open": Decimal(120),
        "commission": Decimal(14),
        "ads_commission": Decimal(0),
    }
    assert draft.totals == totals_of(statement) == sums
    assert lines_of(statement) == list(draft.lines) == [line]
    pay(payout_of(line_approve(line=line, by=approver(line.shop), at=NOON)))
    statement.refresh_from_db()
    assert totals_of(statement) == sums


def test_what_comes_after_it_gets_the_next_number():
    line = make_line()
    first = issue(line)
    assert code_of(issue, line) == "nothing_to_state"
    make_line(line.collaboration, "5")
    second = issue(line)
    assert (first.number, second.number, second.totals["payable"]) == (1, 2, "5.00")
    assert statement_name(second) == f"ST-{second.pk:05d}-202611-2"


def test_a_month_that_has_not_begun_has_no_statement():
    assert code_of(issue, make_line(), month=date(2027, 1, 1)) == "month_in_future"


def test_every_creator_of_a_shop_at_once():
    plan = make_plan()
    for amount in ("10", "20"):
        make_line(make_collaboration(plan, state="accepted"), amount)
    make_line(make_collaboration(state="accepted"))
    assert [one.amount for one in waiting_of(plan.shop, NOVEMBER)] == [Decimal(10), Decimal(20)]
    found = statements_issue(shop=plan.shop, month=NOVEMBER, by=plan.owner, at=NOON)
    assert [one.totals["payable"] for one in found] == ["10.00", "20.00"]
    again = {"shop": plan.shop, "month": NOVEMBER, "by": plan.owner, "at": NOON}
    assert code_of(statements_issue, **again) == "nothing_to_state"


# Money is conserved -----------------------------------------------------------

CENTS = st.integers(0, 200_000).map(lambda cents: Decimal(cents) / 100)
ACTS = st.one_of(
    st.tuples(st.just("order"), CENTS, st.integers(-40, 40)),
    st.tuples(st.just("refund"), CENTS, st.integers(0, 9)),
    st.tuples(st.just("approve"), CENTS, st.integers(0, 9)),
    st.tuples(st.just("pay"), CENTS, st.integers(0, 9)),
    st.tuples(st.just("state"), CENTS, st.integers(0, 9)),
    st.tuples(st.just("waive"), CENTS, st.integers(0, 9)),
    st.tuples(st.just("refresh"), CENTS, st.integers(0, 9)),
)


class Story:
    """A collaboration with a guarantee and a share, and what happens to it."""

    def __init__(self) -> None:
        self.collaboration = make_terms("guarantee", guarantee="40", share_rate="12.5", state="published")
        self.shop, self.at = self.collaboration.shop, NOON + timedelta(days=40)
        self.by = approver(self.shop)

    def order(self, amount: Decimal, day: int) -> None:
        make_order(self.collaboration, str(amount), ordered_at=NOON + timedelta(days=day))

    def refund(self, amount: Decimal, place: int) -> None:
        lines = list(OrderLine.objects.order_by("pk"))
        if lines:
            line = lines[place % len(lines)]
            OrderLine.objects.filter(pk=line.pk).update(refunded=min(amount, line.item_price))

    def approve(self, _amount: Decimal, _place: int) -> None:
        lines_approve(lines=list(SettlementLine.objects.all()), by=self.by, at=self.at)

    def pay(self, _amount: Decimal, _place: int) -> None:
        try:
            payout = payout_create(shop=self.shop, currency="USD", by=self.by, at=self.at)
        except DomainError:
            return
        payout_pay(payout=payout, reference="TT", paid_on=self.at.date(), by=self.by, at=self.at)

    def state(self, _amount: Decimal, _place: int) -> None:
        with suppress(DomainError):
            statements_issue(shop=self.shop, month=NOVEMBER, by=self.by, at=self.at)

    def waive(self, _amount: Decimal, place: int) -> None:
        lines = list(SettlementLine.objects.filter(statement=None, state="due").order_by("pk"))
        if lines:
            line_cancel(line=lines[place % len(lines)], by=self.by, at=self.at, reason="Agreed.")

    def refresh(self, _amount: Decimal, _place: int) -> None:
        settlement_refresh(shop=self.shop, month=NOVEMBER, at=self.at)

    def check(self) -> None:
        """Paid + open + waived is what was earned; payouts and statements hold what their lines say."""
        orders = [sale_of(line) for line in OrderLine.objects.all()]
        earned = Decimal(40) + share_above(commission_base(orders), Decimal("12.5"), Decimal(40), "USD")
        by_state: Counter[str] = Counter()
        for line in SettlementLine.objects.payable():
            if line.state == "cancelled":
                by_state["waived" if "waived" in line.parts else "gone"] += line.amount
            else:
                by_state["paid" if line.state == "paid" else "open"] += line.amount
        assert by_state["paid"] + by_state["open"] + by_state["waived"] == earned
        assert by_state["paid"] == (Payout.objects.aggregate(sum=Sum("total"))["sum"] or 0)
        for statement in Statement.objects.all():
            assert totals_of(statement)["payable"] == sum(line.amount for line in statement.lines.all())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(ACTS, max_size=14))
def test_what_was_paid_and_what_is_open_is_what_was_earned(acts):
    with transaction.atomic():
        story = Story()
        for name, amount, number in acts:
            getattr(story, name)(amount, number)
        for _again in range(2):
            story.refresh(Decimal(0), 0)
            story.check()
        transaction.set_rollback(True)
