"""What we owe creators ourselves, computed from the frozen terms; a refresh may run any number of times.

A fixed fee, a buy-out and a guarantee are owed once the work is published, and due then. A fee for views (from
results, by month, never over its cap) and a share are due when their month is over. A guarantee and a share together
pay the larger of the two: the guarantee, and of the share what goes above it. A share counts imported order lines
in the agreement's currency and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from campaigns.models import Agreement, Collaboration, ContentResult, OrderLine, SettlementLine
from campaigns.rules.due import SETTLE_DAYS
from campaigns.rules.money import ZERO, Sale, commission_base, month_after, month_of, rounded, share_above, views_fee
from campaigns.rules.settlement import Held, Step, increments, steps_to
from campaigns.services.line_moves import line_open, line_step
from campaigns.services.settings import settings_of
from campaigns.states.contents import ResultWindow
from campaigns.states.settlements import Basis, LineKind, LineState, Payer

OPEN = (LineState.PENDING, LineState.DUE)
ONCE = {Basis.FIXED: LineKind.FIXED_FEE, Basis.BUY_OUT: LineKind.BUY_OUT, Basis.GUARANTEE: LineKind.GUARANTEE}


@dataclass
class Owed:
    """A kind of line: what is owed for each month, how it was computed, and until when each month is pending."""

    kind: LineKind
    amounts: Mapping[date, Decimal]
    parts: Mapping[date, dict[str, Any]]
    # Months in it are not due yet.
    pending: frozenset[date] = frozenset()
    due_on: dict[date, date] = field(default_factory=dict)


def payables_renew(*, collaboration: Collaboration, at: datetime) -> int:
    """Bring the payable lines of a collaboration that the caller holds to what its terms say; returns the changes.

    Lines made by hand are left alone, and so are amounts that were approved, paid, disputed, waived or stated: what
    differs from them later becomes a line of its own that adjusts them.
    """
    agreement = Agreement.objects.filter(collaboration=collaboration, frozen_at__isnull=False).first()
    if agreement is None or agreement.basis == Basis.COMMISSION:
        return 0
    lines = list(
        SettlementLine.objects.payable().filter(collaboration=collaboration)
        .select_for_update(of=("self",)).select_related("adjusts").order_by("pk")
    )  # fmt: skip
    return sum(_renew(collaboration, agreement, owed, lines, at) for owed in _owed(collaboration, agreement, at))


def _renew(
    collaboration: Collaboration, agreement: Agreement, owed: Owed, lines: list[SettlementLine], at: datetime
) -> int:
    mine = [line for line in lines if (line.adjusts or line).kind == owed.kind and _counts(line)]
    known = {line.pk: line for line in mine}
    once = next(iter(owed.amounts), None) if owed.kind in ONCE.values() else None
    held = [Held(line.pk, once or line.month, line.amount, _is_open(line), line.adjusts_id) for line in mine]
    steps = steps_to(owed.amounts, held)
    for step in steps:
        _take(collaboration, agreement, owed, step, known, at)
    moved = 0
    for line in mine:
        if line.adjusts_id is None and _is_open(line) and line.state != LineState.CANCELLED:
            moved += _renew_state(line, once or line.month, owed, at)
    return len(steps) + moved


def _renew_state(line: SettlementLine, month: date, owed: Owed, at: datetime) -> int:
    """Month, parts and due day as they are now; pending becomes due."""
    parts, due_on = owed.parts.get(month, line.parts), owed.due_on.get(month)
    now_due = line.state == LineState.PENDING and month not in owed.pending
    if (line.month, line.parts, line.due_on) != (month, parts, due_on):
        line.month, line.parts, line.due_on = month, parts, due_on
        line.save(update_fields=["month", "parts", "due_on"])
    if now_due:
        line_step(line=line, to=LineState.DUE, at=at, by=None)
    return int(now_due)


def _take(
    collaboration: Collaboration, agreement: Agreement, owed: Owed, step: Step, known: dict[int, SettlementLine],
    at: datetime,
) -> None:  # fmt: skip
    if step.act == "drop":
        line_step(line=known[step.key], to=LineState.CANCELLED, at=at, by=None, reason=_("Nothing is owed any more."))
    elif step.act == "change":
        line = known[step.key]
        line.amount, line.needs_second = step.amount, needs_second(collaboration, step.amount)
        line.kind = _kind(owed.kind, step.amount, line.adjusts_id is not None)
        line.save(update_fields=["amount", "needs_second", "kind"])
    else:
        adjusted = known[step.key] if step.act == "correct" else None
        _make(collaboration, agreement, owed, step, adjusted, at)


def _make(
    collaboration: Collaboration, agreement: Agreement, owed: Owed, step: Step, adjusted: SettlementLine | None,
    at: datetime,
) -> None:  # fmt: skip
    month = step.month or month_of(today_of(collaboration, at))
    is_pending = adjusted is None and month in owed.pending
    line = SettlementLine(
        shop=collaboration.shop,
        creator=collaboration.creator,
        collaboration=collaboration,
        kind=_kind(owed.kind, step.amount, adjusted is not None),
        payer=Payer.US,
        # A correction belongs to the month in which it became known.
        month=month if adjusted is None else month_of(today_of(collaboration, at)),
        amount=step.amount,
        currency=agreement.currency,
        parts=owed.parts.get(month, {}),
        state=LineState.PENDING if is_pending else LineState.DUE,
        due_on=owed.due_on.get(month) if adjusted is None else today_of(collaboration, at),
        needs_second=needs_second(collaboration, step.amount),
        # Computed by nobody: who wrote the terms does not approve what follows from them.
        made_by=agreement.written_by,
        made_at=at,
        adjusts=adjusted,
    )
    line_open(line=line, by=None, reason="" if adjusted is None else _("Orders or results changed after it was fixed."))


def _kind(kind: LineKind, amount: Decimal, is_correction: bool) -> LineKind:
    return LineKind.REFUND if is_correction and amount < 0 else kind


def _counts(line: SettlementLine) -> bool:
    """What the clock took back leaves nothing; what a person took back was waived, and stays so.

    Lines added by hand are beside the terms.
    """
    if line.parts.get("by_hand"):
        return False
    return line.state != LineState.CANCELLED or bool(line.parts.get("waived"))


def _is_open(line: SettlementLine) -> bool:
    return line.state in OPEN and line.statement_id is None


def needs_second(collaboration: Collaboration, amount: Decimal) -> bool:
    """Whether the shop wants somebody else than the maker to approve such an amount."""
    limit = settings_of(shop=collaboration.shop).approval_limit
    return limit is None or abs(amount) > limit


def today_of(collaboration: Collaboration, at: datetime) -> date:
    return at.astimezone(ZoneInfo(collaboration.shop.time_zone)).date()


def _owed(collaboration: Collaboration, agreement: Agreement, at: datetime) -> list[Owed]:
    if agreement.basis == Basis.PER_VIEWS:
        return [_views(collaboration, agreement, at)]
    if agreement.basis == Basis.GUARANTEE:
        return [_once(collaboration, agreement, agreement.guarantee, at), _share(collaboration, agreement, at)]
    return [_once(collaboration, agreement, agreement.fixed_fee, at)]


def _once(collaboration: Collaboration, agreement: Agreement, fee: Decimal | None, at: datetime) -> Owed:
    """A fee owed once: pending in the month of acceptance until the work is out."""
    zone = ZoneInfo(collaboration.shop.time_zone)
    published, accepted = collaboration.published_at, collaboration.accepted_at
    day = (published or accepted or at).astimezone(zone).date()
    month = month_of(day)
    is_over = collaboration.is_over and published is None
    amount = ZERO if fee is None or is_over else rounded(fee, agreement.currency)
    return Owed(
        ONCE[Basis(agreement.basis)],
        {month: amount},
        {month: {"fee": str(fee)}},
        pending=frozenset() if published else frozenset({month}),
        due_on={month: day + timedelta(days=SETTLE_DAYS)} if published else {},
    )


def _views(collaboration: Collaboration, agreement: Agreement, at: datetime) -> Owed:
    results = ContentResult.objects.filter(content__collaboration=collaboration, window=ResultWindow.DAY)
    rows = results.order_by().annotate(month=TruncMonth("day")).values("month").annotate(views=Sum("views"))
    by_month = {row["month"]: int(row["views"]) for row in rows if row["views"]}
    so_far, parts, total = {}, {}, 0
    per_thousand, cap = agreement.per_views_fee or ZERO, agreement.per_views_cap
    for month in sorted(by_month):
        total += by_month[month]
        so_far[month] = views_fee(total, per_thousand, cap, agreement.currency)
        parts[month] = {"views": by_month[month], "per_thousand": str(per_thousand), "views_so_far": total}
        parts[month] |= {"cap": str(cap)} if cap is not None else {}
    return _by_month(LineKind.VIEWS_FEE, so_far, parts, today_of(collaboration, at))


def _share(collaboration: Collaboration, agreement: Agreement, at: datetime) -> Owed:
    zone = ZoneInfo(collaboration.shop.time_zone)
    by_month: dict[date, list[Sale]] = {}
    lines = OrderLine.objects.filter(collaboration=collaboration, currency=agreement.currency).order_by()
    for line in lines:
        by_month.setdefault(month_of(line.ordered_at.astimezone(zone).date()), []).append(sale_of(line))
    rate, guarantee = agreement.share_rate or ZERO, agreement.guarantee or ZERO
    so_far, parts, known = {}, {}, list[Sale]()
    for month in sorted(by_month):
        known += by_month[month]
        base = commission_base(known)
        so_far[month] = share_above(base, rate, guarantee, agreement.currency)
        shown: dict[str, Any] = {"base": str(base), "rate": str(rate), "guarantee": str(guarantee)}
        parts[month] = shown | {"orders": len(by_month[month])}
    return _by_month(LineKind.SHARE, so_far, parts, today_of(collaboration, at))


def _by_month(kind: LineKind, so_far: dict[date, Decimal], parts: dict[date, dict[str, Any]], today: date) -> Owed:
    ends = {month: month_after(month) - timedelta(days=1) for month in so_far}
    running = frozenset(month for month, end in ends.items() if end >= today)
    return Owed(kind, increments(so_far), parts, pending=running, due_on=ends)


def sale_of(line: OrderLine) -> Sale:
    return Sale(line.item_price, line.platform_coupon, line.seller_coupon, line.tax, line.refunded)
