"""Lines of settlement: computed again when orders or results change, and what people decide about them.

Lock order: collaboration, settlement lines by their key, payout.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import Collaboration, OrderLine, SettlementLine, ShopSettings
from campaigns.rules.money import month_of, rounded
from campaigns.selectors.freezes import Freeze, freezes_of
from campaigns.services.collaborations import collaboration_hold
from campaigns.services.line_moves import line_hold, line_open, line_step
from campaigns.services.payables import needs_second, payables_renew, today_of
from campaigns.services.reconciliation import month_bounds, platform_lines_renew
from campaigns.services.settings import settings_of
from campaigns.states.settlements import Basis, LineKind, LineState, Payer
from core.errors import DomainError

# What people may add by hand: everything else follows from the terms.
BY_HAND = (LineKind.COMPENSATION, LineKind.REFUND)


def settlement_refresh(*, shop: Shop, month: date, at: datetime) -> int:
    """Compute the lines of a shop's collaborations again: the platform's of the month, ours of all months.

    Each collaboration is held by itself and only while it is computed. Returns how many lines changed; a second run
    changes none.
    """
    return sum(collaboration_settle(collaboration_id=pk, months=[month], at=at) for pk in to_settle(shop, [month]))


def to_settle(shop: Shop, months: Collection[date]) -> list[int]:
    """Collaborations that have orders in the months, lines of them, or terms by which we pay."""
    bounds = [month_bounds(shop, month) for month in months]
    in_months = Q()
    for begins, ends in bounds:
        in_months |= Q(ordered_at__gte=begins, ordered_at__lt=ends)
    ordered = OrderLine.objects.filter(in_months, shop=shop, collaboration__isnull=False)
    lined = SettlementLine.objects.by_platform().filter(shop=shop, month__in=months)
    paid = Q(agreement__frozen_at__isnull=False) & ~Q(agreement__basis=Basis.COMMISSION)
    found = Collaboration.objects.filter(shop=shop, accepted_at__isnull=False).filter(
        paid | Q(pk__in=ordered.values("collaboration")) | Q(pk__in=lined.values("collaboration"))
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def collaboration_settle(*, collaboration_id: int, months: Iterable[date], at: datetime) -> int:
    """Compute the lines of one collaboration again; returns how many changed."""
    held = collaboration_hold(collaboration=Collaboration(pk=collaboration_id))
    changed = sum(platform_lines_renew(collaboration=held, month=month, at=at) for month in sorted(months))
    return changed + payables_renew(collaboration=held, at=at)


@dataclass(frozen=True)
class Approval:
    """What became of many lines: the approved ones, and why others were not, by their key."""

    approved: list[SettlementLine] = field(default_factory=list)
    refused: dict[int, DomainError] = field(default_factory=dict)


@transaction.atomic
def lines_approve(*, lines: Collection[SettlementLine], by: User, at: datetime) -> Approval:
    """Approve those of the lines that may be; the others are named with the reason."""
    # Only ours are held: a refresh holds the platform's before ours.
    ours = SettlementLine.objects.payable().filter(pk__in=[line.pk for line in lines])
    ours = ours.select_related("creator", "collaboration__shop", "approved_by").order_by("pk")
    held = list(ours.select_for_update(of=("self",)))
    frozen = freezes_of({line.creator_id for line in held}, at=at)
    theirs = [line for line in lines if line.payer != Payer.US]
    approval = Approval()
    for line in (*held, *theirs):
        error = _why_not(line, by, frozen.get(line.creator_id))
        if error is not None:
            approval.refused[line.pk] = error
        else:
            approval.approved.append(_approve(line, by, at))
    return approval


@transaction.atomic
def line_approve(*, line: SettlementLine, by: User, at: datetime) -> SettlementLine:
    """Approve a line that is due.

    Raises DomainError `not_payable`, `line_not_due`, `payments_frozen`, `second_person_needed`.
    """
    approval = lines_approve(lines=[line], by=by, at=at)
    for error in approval.refused.values():
        raise error
    return approval.approved[0]


def _why_not(line: SettlementLine, by: User, freeze: Freeze | None) -> DomainError | None:
    if line.payer != Payer.US:
        return DomainError("not_payable", _("The platform pays this line itself. There is nothing to approve."))
    if line.state != LineState.DUE:
        if line.state in (LineState.APPROVED, LineState.PAID):
            message = _("%(name)s approved this line already.") % {"name": line.approved_by}
        else:
            message = _("This line is “%(state)s”. Only what is due can be approved.") % {"state": line.look.label}
        return DomainError("line_not_due", message, status=409)
    if freeze is not None:
        return DomainError("payments_frozen", freeze.text, status=409)
    if needs_second(line.collaboration, line.amount) and line.made_by_id == by.pk:
        message = _("You made this line or wrote its terms. Somebody else approves it.")
        return DomainError("second_person_needed", message, status=403)
    return None


def _approve(line: SettlementLine, by: User, at: datetime) -> SettlementLine:
    line.needs_second = needs_second(line.collaboration, line.amount)
    line.approved_by, line.approved_at = by, at
    return line_step(
        line=line, to=LineState.APPROVED, at=at, by=by, also=["needs_second", "approved_by", "approved_at"]
    )  # fmt: skip


@transaction.atomic
def line_withdraw(*, line: SettlementLine, by: User, at: datetime, reason: str) -> SettlementLine:
    """Take an approval back; the line is due again.

    Raises `reason_missing`, `line_in_payout`, `line_move_impossible`.
    """
    held = _held(line, reason)
    if held.state != LineState.APPROVED:
        raise _impossible(held)
    held.approved_by = held.approved_at = None
    return line_step(
        line=held, to=LineState.DUE, at=at, by=by, reason=reason.strip(), also=["approved_by", "approved_at"]
    )  # fmt: skip


@transaction.atomic
def line_dispute(*, line: SettlementLine, by: User, at: datetime, reason: str) -> SettlementLine:
    """Say that a line is not right; it waits until somebody resolves it.

    Raises `reason_missing`, `line_in_payout`, `line_move_impossible`.
    """
    held = _held(line, reason)
    return line_step(line=held, to=LineState.DISPUTED, at=at, by=by, reason=reason.strip())


@transaction.atomic
def line_resolve(*, line: SettlementLine, by: User, at: datetime, reason: str) -> SettlementLine:
    """The disputed line is right after all, and due again. Raises `reason_missing`, `line_move_impossible`."""
    held = _held(line, reason)
    if held.state != LineState.DISPUTED:
        raise _impossible(held)
    held.approved_by = held.approved_at = None
    return line_step(
        line=held, to=LineState.DUE, at=at, by=by, reason=reason.strip(), also=["approved_by", "approved_at"]
    )  # fmt: skip


@transaction.atomic
def line_cancel(*, line: SettlementLine, by: User, at: datetime, reason: str) -> SettlementLine:
    """Waive a line: it is not paid, and is not computed again.

    Raises `reason_missing`, `line_on_statement`, `line_in_payout`, `line_move_impossible`.
    """
    held = _held(line, reason)
    if held.statement_id is not None:
        message = _("This line stands on a statement. Add a line that takes it back instead.")
        raise DomainError("line_on_statement", message, status=409)
    if held.payer != Payer.US:
        raise DomainError("not_payable", _("The platform pays this line itself. There is nothing to waive."))
    held.parts = held.parts | {"waived": True}
    return line_step(line=held, to=LineState.CANCELLED, at=at, by=by, reason=reason.strip(), also=["parts"])


def _held(line: SettlementLine, reason: str) -> SettlementLine:
    if not reason.strip():
        text = _("Say why.")
        raise DomainError("reason_missing", text, fields={"reason": text})
    held = line_hold(line=line)
    if held.payout_id is not None and held.state == LineState.APPROVED:
        message = _("This line is in a payout. Discard the payout first, or wait until it is paid.")
        raise DomainError("line_in_payout", message, status=409)
    return held


def _impossible(line: SettlementLine) -> DomainError:
    message = _("A line that is “%(state)s” cannot be changed like this.") % {"state": line.look.label}
    return DomainError("line_move_impossible", message, status=409)


@transaction.atomic
def line_add(
    *,
    collaboration: Collaboration,
    kind: str,
    amount: Decimal,
    note: str,
    by: User,
    at: datetime,
    adjusts: SettlementLine | None = None,
) -> SettlementLine:
    """Add a payable line by hand, due at once: a compensation, or (below 0) what is taken back.

    Raises DomainError `kind_not_by_hand`, `amount_missing`, `amount_sign`, `note_missing`, `not_agreed`.
    """
    if kind not in BY_HAND:
        raise DomainError("kind_not_by_hand", _("This kind of line follows from the terms and cannot be added."))
    held = collaboration_hold(collaboration=collaboration)
    if held.accepted_at is None:
        raise DomainError("not_agreed", _("The creator has not accepted yet. Nothing can be owed."), status=409)
    currency = held.plan.currency if adjusts is None else adjusts.currency
    amount = rounded(amount, currency)
    if amount == 0:
        text = _("Write an amount other than 0.")
        raise DomainError("amount_missing", text, fields={"amount": text})
    if (amount < 0) != (kind == LineKind.REFUND):
        text = _("What is taken back is below 0, everything else above it.")
        raise DomainError("amount_sign", text, fields={"amount": text})
    if not note.strip():
        text = _("Say what it is for.")
        raise DomainError("note_missing", text, fields={"note": text})
    today = today_of(held, at)
    line = SettlementLine(
        shop=held.shop,
        creator=held.creator,
        collaboration=held,
        kind=kind,
        payer=Payer.US,
        month=month_of(today),
        amount=amount,
        currency=currency,
        parts={"by_hand": True},
        state=LineState.DUE,
        due_on=today,
        needs_second=needs_second(held, amount),
        made_by=by,
        made_at=at,
        adjusts=adjusts,
        note=note.strip(),
    )
    return line_open(line=line, by=by, reason=note.strip())


@transaction.atomic
def approval_limit_update(*, shop: Shop, limit: Decimal | None, by: User) -> ShopSettings:
    """Change the amount above which a second person approves; None: every line needs one.

    Raises DomainError `limit_negative`.
    """
    if limit is not None and limit < 0:
        text = _("Write 0 or more, or nothing.")
        raise DomainError("limit_negative", text, fields={"limit": text})
    held = ShopSettings.objects.select_for_update().get(pk=settings_of(shop=shop).pk)
    held.approval_limit = limit
    with pghistory.context(user=by.pk):
        held.save(update_fields=["approval_limit"])
    return held
