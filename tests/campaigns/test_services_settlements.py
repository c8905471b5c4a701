"""Lines that follow from orders, results and terms, and what people decide about them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from campaigns.models import CommissionChange, ContentResult, OrderLine, SettlementLine
from campaigns.services.payouts import payout_create, payout_pay
from campaigns.services.settings import settings_of
from campaigns.services.settlements import (
    approval_limit_update,
    line_add,
    line_approve,
    line_cancel,
    line_dispute,
    line_resolve,
    line_withdraw,
    lines_approve,
    settlement_refresh,
)
from campaigns.services.statements import statement_issue
from core.errors import DomainError
from tests.factories import make_file, make_user
from tests.ledger import make_book
from tests.plans import NOON, make_collaboration, make_plan
from tests.settlements import approver, make_line, make_order, make_terms, sums, walk
from violations.services.ledger import measure_take

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
AFTER = NOON + timedelta(days=12)  # 4 December


def refresh(collaboration, *, at=NOON, month=NOVEMBER) -> int:
    return settlement_refresh(shop=collaboration.shop, month=month, at=at)


def lines_of(collaboration) -> list[SettlementLine]:
    return list(SettlementLine.objects.filter(collaboration=collaboration).order_by("pk"))


def shown(collaboration) -> list[tuple[str, str, str]]:
    return [(line.kind, str(line.amount), line.state) for line in lines_of(collaboration)]


def code_of(act, **values) -> str:
    with pytest.raises(DomainError) as refused, transaction.atomic():
        act(**values)
    return refused.value.code


# What the platform pays -------------------------------------------------------


def test_commission_that_the_report_confirms_matches():
    collaboration = make_collaboration(state="accepted")
    make_order(collaboration, "100", platform_coupon=Decimal(5), tax=Decimal(5), commission_reported=Decimal("13.50"))
    assert refresh(collaboration) == 1
    assert shown(collaboration) == [("commission", "13.50", "matched")]
    assert lines_of(collaboration)[0].parts["rates"] == [{"rate": "15.00", "base": "90.00", "orders": 1}]


def test_another_amount_in_the_report_differs_and_an_unreported_order_waits():
    collaboration = make_collaboration(state="accepted")
    make_order(collaboration, "100", commission_reported=Decimal("12.00"))
    refresh(collaboration)
    assert shown(collaboration) == [("commission", "15.00", "differs")]
    make_order(collaboration, "10")
    refresh(collaboration)
    assert shown(collaboration) == [("commission", "16.50", "expected")]
    moves = lines_of(collaboration)[0].moves.values_list("from_state", "to_state")
    assert list(moves) == [("", "expected"), ("expected", "differs"), ("differs", "expected")]


def test_ads_commission_and_other_currencies_are_lines_of_their_own():
    collaboration = make_collaboration(state="accepted")
    make_order(collaboration, "100", ads_commission_rate=Decimal(5), ads_commission_reported=Decimal(5))
    make_order(collaboration, "110000", currency="VND", commission_reported=Decimal(16500))
    refresh(collaboration)
    found = {(line.kind, line.currency, line.amount) for line in lines_of(collaboration)}
    assert found == {
        ("commission", "USD", Decimal(15)),
        ("ads_commission", "USD", Decimal(5)),
        ("commission", "VND", Decimal(16500)),
    }


def test_the_plans_commission_of_the_time_is_expected_not_the_reports():
    collaboration = make_collaboration(state="accepted")
    line = collaboration.plan.plan_products.get()
    cut = NOON + timedelta(hours=30)
    CommissionChange.objects.create(
        plan_product=line, from_rate=Decimal(20), to_rate=Decimal(15), by=collaboration.owner,
        at=NOON + timedelta(hours=20), takes_effect_at=cut,
    )  # fmt: skip
    make_order(collaboration, "100", ordered_at=cut - timedelta(minutes=1))
    make_order(collaboration, "100", ordered_at=cut)
    refresh(collaboration)
    assert [line.amount for line in lines_of(collaboration)] == [Decimal(35)]


def test_orders_that_left_leave_the_line_at_nothing():
    collaboration = make_collaboration(state="accepted")
    make_order(collaboration, commission_reported=Decimal(15))
    refresh(collaboration)
    OrderLine.objects.update(collaboration=None)
    refresh(collaboration)
    assert shown(collaboration) == [("commission", "0.00", "expected")]


def test_a_second_refresh_changes_nothing():
    collaboration = make_terms("guarantee", guarantee="30", share_rate="10", state="published")
    make_order(collaboration, "1000", commission_reported=Decimal(150))
    assert refresh(collaboration, at=AFTER) == 3
    before = list(SettlementLine.objects.values())
    assert refresh(collaboration, at=AFTER) == 0
    assert list(SettlementLine.objects.values()) == before


# What we pay ------------------------------------------------------------------


@pytest.mark.parametrize(("basis", "kind"), [("fixed", "fixed_fee"), ("buy_out", "buy_out")])
def test_a_fee_waits_until_the_work_is_out(basis, kind):
    writer = make_user()
    collaboration = make_terms(basis, fixed_fee="250", by=writer)
    refresh(collaboration)
    assert shown(collaboration) == [(kind, "250.00", "pending")]
    walk(collaboration, "published", at=AFTER)
    refresh(collaboration, at=AFTER)
    line = lines_of(collaboration)[0]
    assert (line.state, line.month, line.due_on, line.made_by) == ("due", DECEMBER, date(2026, 12, 11), writer)


def test_who_drops_out_before_is_owed_no_fee():
    from campaigns.services.collaborations import collaboration_move

    collaboration = make_terms("fixed", fixed_fee="250")
    refresh(collaboration)
    collaboration_move(collaboration=collaboration, to="dropped", reason="No time.", by=collaboration.owner, at=NOON)
    refresh(collaboration)
    assert shown(collaboration) == [("fixed_fee", "250.00", "cancelled")]


def views(collaboration, day: date, number: int) -> None:
    ContentResult.objects.create(
        content=collaboration.contents.get(), day=day, views=number, source="hand", recorded_by=collaboration.owner,
        recorded_at=NOON,
    )  # fmt: skip


def test_views_are_due_at_the_end_of_the_month_and_never_over_the_cap():
    collaboration = make_terms("per_views", per_views_fee="8", per_views_cap="100", state="published")
    views(collaboration, date(2026, 11, 24), 9_000)
    refresh(collaboration, at=NOON + timedelta(days=3))
    assert shown(collaboration) == [("views_fee", "72.00", "pending")]
    views(collaboration, date(2026, 12, 2), 9_000)
    refresh(collaboration, at=AFTER)
    assert shown(collaboration) == [("views_fee", "72.00", "due"), ("views_fee", "28.00", "pending")]
    assert lines_of(collaboration)[0].due_on == date(2026, 11, 30)


def test_guarantee_and_share_pay_the_larger_of_the_two():
    collaboration = make_terms("guarantee", guarantee="300", share_rate="10", state="published")
    make_order(collaboration, "2000")
    refresh(collaboration, at=AFTER)
    assert ("share", "0.00", "due") not in shown(collaboration)
    make_order(collaboration, "3000")
    refresh(collaboration, at=AFTER)
    ours = [line for line in lines_of(collaboration) if line.payer == "us"]
    assert [(line.kind, line.amount) for line in ours] == [("guarantee", Decimal(300)), ("share", Decimal(200))]


def paid_share() -> tuple:
    """A share of 200 that was paid; returns the collaboration, its order and a second person."""
    collaboration = make_terms("guarantee", guarantee="0", share_rate="10", state="published")
    order = make_order(collaboration, "2000")
    refresh(collaboration, at=AFTER)
    other = approver(collaboration.shop)
    line_approve(line=SettlementLine.objects.get(kind="share"), by=other, at=AFTER)
    payout = payout_create(shop=collaboration.shop, currency="USD", by=other, at=AFTER)
    payout_pay(payout=payout, reference="TT-1", paid_on=AFTER.date(), by=other, at=AFTER)
    return collaboration, order, other


def test_a_refund_after_payment_is_a_negative_line_on_the_next_statement():
    collaboration, order, other = paid_share()
    common = {"shop": collaboration.shop, "creator": collaboration.creator, "currency": "USD", "by": other}
    first = statement_issue(month=NOVEMBER, at=AFTER, **common)
    OrderLine.objects.filter(pk=order.pk).update(refunded=Decimal(500))
    refresh(collaboration, at=AFTER + timedelta(days=1))
    back = SettlementLine.objects.get(kind="refund")
    assert (back.amount, back.state, back.month) == (Decimal(-50), "due", DECEMBER)
    assert back.adjusts.kind == "share"
    second = statement_issue(month=DECEMBER, at=AFTER + timedelta(days=2), **common)
    assert (first.totals["payable"], second.totals["payable"]) == ("200.00", "-50.00")
    assert list(second.lines.all()) == [back]


def test_a_correction_changes_while_it_is_open_and_goes_when_nothing_is_left():
    collaboration, order, _other = paid_share()
    for refunded in (500, 700, 0):
        OrderLine.objects.filter(pk=order.pk).update(refunded=Decimal(refunded))
        refresh(collaboration, at=AFTER)
    assert [str(one) for one in SettlementLine.objects.filter(adjusts__isnull=False)] == [
        "Refund after payment -70.00 USD"
    ]
    assert SettlementLine.objects.get(adjusts__isnull=False).state == "cancelled"


def test_late_orders_of_a_paid_month_add_a_line():
    collaboration, _order, _other = paid_share()
    make_order(collaboration, "100")
    refresh(collaboration, at=AFTER)
    added = SettlementLine.objects.get(adjusts__isnull=False)
    assert (added.kind, added.amount) == ("share", Decimal(10))


def test_a_waived_line_is_not_computed_again():
    collaboration = make_terms("fixed", fixed_fee="250", state="published")
    refresh(collaboration)
    line_cancel(line=lines_of(collaboration)[0], by=collaboration.owner, at=NOON, reason="Agreed by mail.")
    assert refresh(collaboration, at=AFTER) == 0
    assert shown(collaboration) == [("fixed_fee", "250.00", "cancelled")]


# What people decide -----------------------------------------------------------


def test_another_person_approves():
    maker = make_user()
    line = make_line(by=maker)
    assert code_of(line_approve, line=line, by=maker, at=NOON) == "second_person_needed"
    approved = line_approve(line=line, by=approver(line.shop), at=NOON)
    assert (approved.state, approved.needs_second) == ("approved", True)


def test_up_to_the_limit_one_person_is_enough():
    maker = make_user()
    small, large = make_line(by=maker), make_line(amount="120.01", by=maker)
    for line in (small, large):
        approval_limit_update(shop=line.shop, limit=Decimal(120), by=maker)
    assert line_approve(line=small, by=maker, at=NOON).state == "approved"
    assert code_of(line_approve, line=large, by=maker, at=NOON) == "second_person_needed"
    assert settings_of(shop=small.shop).approval_limit == 120


def test_the_database_wants_the_second_person_too():
    maker = make_user()
    line = make_line(by=maker)
    with pytest.raises(IntegrityError), transaction.atomic():
        SettlementLine.objects.filter(pk=line.pk).update(state="approved", approved_by=maker, approved_at=NOON)


def test_the_limit_is_not_below_zero():
    line = make_line()
    assert code_of(approval_limit_update, shop=line.shop, limit=Decimal(-1), by=make_user()) == "limit_negative"


def test_what_cannot_be_approved_says_why():
    collaboration = make_collaboration(state="accepted")
    make_order(collaboration)
    refresh(collaboration)
    other = approver(collaboration.shop)
    line = make_line(collaboration)
    line_approve(line=line, by=other, at=NOON)
    assert code_of(line_approve, line=lines_of(collaboration)[0], by=other, at=NOON) == "not_payable"
    assert code_of(line_approve, line=line, by=other, at=NOON) == "line_not_due"


def test_frozen_payments_hold_approval_and_payout():
    make_book()
    line = make_line()
    other = approver(line.shop)
    early = line_approve(line=make_line(line.collaboration), by=other, at=NOON)
    ops = make_user("ops")
    common = {"creator": line.creator, "features": [], "ends_at": None, "reason": "Chargebacks.", "by": ops}
    common["evidence"] = [make_file(ops)]
    measure_take(measure="freeze_payments", at=NOON, **common)
    later = NOON + timedelta(hours=1)
    with pytest.raises(DomainError) as refused:
        line_approve(line=line, by=other, at=later)
    assert (refused.value.code, line.creator.handle in str(refused.value)) == ("payments_frozen", True)
    assert code_of(payout_create, shop=early.shop, currency="USD", by=other, at=later) == "nothing_to_pay"
    measure_take(measure="release_payments", at=later, **common)
    assert line_approve(line=line, by=other, at=later + timedelta(hours=1)).state == "approved"


def test_dispute_resolve_withdraw_and_waive_need_a_reason():
    line, by = make_line(), make_user()
    for act in (line_dispute, line_resolve, line_withdraw, line_cancel):
        assert code_of(act, line=line, by=by, at=NOON, reason=" ") == "reason_missing"
    for act in (line_resolve, line_withdraw):
        assert code_of(act, line=line, by=by, at=NOON, reason="Why.") == "line_move_impossible"


def test_a_dispute_takes_the_approval_away():
    line, by = make_line(), make_user()
    other = approver(line.shop)
    line_approve(line=line, by=other, at=NOON)
    line_dispute(line=line, by=by, at=NOON, reason="Wrong sum.")
    resolved = line_resolve(line=line, by=by, at=NOON, reason="It is right.")
    assert (resolved.state, resolved.approved_by) == ("due", None)
    assert [move.reason for move in line.moves.all()][-2:] == ["Wrong sum.", "It is right."]


def test_an_approval_can_be_taken_back_until_it_is_in_a_payout():
    line, by = make_line(), make_user()
    other = approver(line.shop)
    line_approve(line=line, by=other, at=NOON)
    assert line_withdraw(line=line, by=by, at=NOON, reason="Too early.").state == "due"
    line_approve(line=line, by=other, at=NOON)
    payout_create(shop=line.shop, currency="USD", by=other, at=NOON)
    for act in (line_withdraw, line_dispute):
        assert code_of(act, line=line, by=by, at=NOON, reason="Why.") == "line_in_payout"


def test_a_line_on_a_statement_is_not_waived():
    line = make_line()
    statement_issue(
        shop=line.shop, creator=line.creator, month=NOVEMBER, currency="USD", by=make_user(), at=NOON
    )  # fmt: skip
    assert code_of(line_cancel, line=line, by=make_user(), at=NOON, reason="Why.") == "line_on_statement"


def test_the_platforms_lines_are_not_waived_or_disputed():
    collaboration = make_collaboration(state="accepted")
    make_order(collaboration)
    refresh(collaboration)
    line = lines_of(collaboration)[0]
    assert code_of(line_cancel, line=line, by=make_user(), at=NOON, reason="Why.") == "not_payable"
    assert code_of(line_dispute, line=line, by=make_user(), at=NOON, reason="Why.") == "line_move_impossible"


def test_lines_by_hand_say_what_they_are_for():
    collaboration = make_collaboration(state="accepted")
    common = {"collaboration": collaboration, "by": make_user(), "at": NOON}
    wrong = [
        ({"kind": "share", "amount": Decimal(5), "note": "x"}, "kind_not_by_hand"),
        ({"kind": "compensation", "amount": Decimal("0.001"), "note": "x"}, "amount_missing"),
        ({"kind": "compensation", "amount": Decimal(-5), "note": "x"}, "amount_sign"),
        ({"kind": "refund", "amount": Decimal(5), "note": "x"}, "amount_sign"),
        ({"kind": "compensation", "amount": Decimal(5), "note": " "}, "note_missing"),
    ]
    assert [code_of(line_add, **common, **values) for values, _code in wrong] == [code for _values, code in wrong]
    early = make_collaboration(make_plan(), state="invited")
    given = common | {"collaboration": early, "kind": "compensation", "amount": Decimal(5), "note": "x"}
    assert code_of(line_add, **given) == "not_agreed"


def test_many_at_once_name_those_that_were_not():
    collaboration = make_collaboration(state="accepted")
    by = approver(collaboration.shop)
    mine, others = make_line(collaboration, by=by), [make_line(collaboration) for _ in range(3)]
    approval = lines_approve(lines=[mine, *others], by=by, at=NOON)
    assert (len(approval.approved), sums(approval.approved)) == (3, Decimal(360))
    assert {pk: error.code for pk, error in approval.refused.items()} == {mine.pk: "second_person_needed"}


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_one_wins_and_the_other_is_told():
    line = make_line()
    people = [approver(line.shop) for _ in range(8)]

    def approve(person):
        try:
            return line_approve(line=line, by=person, at=NOON).approved_by_id
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(approve, people))
    assert found.count("line_not_due") == 7
    line.refresh_from_db()
    assert line.approved_by_id in found
    assert line.moves.filter(to_state="approved").count() == 1
