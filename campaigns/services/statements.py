"""Statements: issued once for what a month brought, and kept as they were issued."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import SettlementLine, Statement
from campaigns.rules.money import month_of
from campaigns.selectors.statements import platform_sums, sums_of, unstated, waiting_of
from core.errors import DomainError
from core.jobs import advisory_lock
from creators.models import Creator


@transaction.atomic
def statement_issue(
    *, shop: Shop, creator: Creator, month: date, currency: str, by: User, at: datetime
) -> Statement:  # fmt: skip
    """Put what is due, approved or paid up to the month, and stands on no statement, onto a new one.

    Its lines keep their amounts from then on: what changes later is a line of its own on the next statement. A second
    one for the same month gets the next number.
    Raises DomainError `month_in_future`, `nothing_to_state`.
    """
    month = month_of(month)
    if month > at.date():
        text = _("This month has not begun.")
        raise DomainError("month_in_future", text, fields={"month": text})
    advisory_lock(f"statement:{shop.pk}:{creator.pk}")
    held = unstated(shop, month).filter(creator=creator, currency=currency).select_for_update(of=("self",))
    lines = list(held.order_by("pk"))
    if not lines:
        message = _("Nothing waits for a statement of this month: no line is due, or all stand on one already.")
        raise DomainError("nothing_to_state", message, status=409)
    sums = sums_of(lines, platform_sums(shop, creator, month, currency))
    earlier = Statement.objects.filter(shop=shop, creator=creator, month=month, currency=currency).count()
    statement = Statement.objects.create(
        shop=shop,
        creator=creator,
        month=month,
        currency=currency,
        number=earlier + 1,
        totals={name: str(amount) for name, amount in sums.items()},
        issued_by=by,
        issued_at=at,
    )
    SettlementLine.objects.filter(pk__in=[line.pk for line in lines]).update(statement=statement)
    return statement


@transaction.atomic
def statements_issue(*, shop: Shop, month: date, by: User, at: datetime) -> list[Statement]:
    """Statements of the month for every creator of the shop who has something on none yet; raises as for one."""
    waiting = waiting_of(shop, month_of(month))
    if not waiting:
        message = _("Nothing waits for a statement of this month: no line is due, or all stand on one already.")
        raise DomainError("nothing_to_state", message, status=409)
    return [
        statement_issue(shop=shop, creator=one.creator, month=month, currency=one.currency, by=by, at=at)
        for one in waiting
    ]
