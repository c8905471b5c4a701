"""Statements: what a creator gets from a shop for a month, before it is issued and as it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import Shop
from campaigns.models import SettlementLine, Statement
from campaigns.rules.money import ZERO
from campaigns.selectors.settlements import exact
from campaigns.states.settlements import LineState
from creators.models import Creator

# What is certain enough to be told to the creator.
STATED = (LineState.DUE, LineState.APPROVED, LineState.PAID)
# Names of the sums that a statement keeps.
PAYABLE, PAID, OPEN, COMMISSION, ADS = "payable", "paid", "open", "commission", "ads_commission"


@dataclass(frozen=True)
class Draft:
    """A statement that is not issued: its lines and sums by name."""

    shop: Shop
    creator: Creator
    month: date
    currency: str
    lines: Sequence[SettlementLine]
    totals: dict[str, Decimal]


@dataclass(frozen=True)
class Waiting:
    """A creator whose lines of a month, or of earlier ones, stand on no statement yet."""

    creator: Creator
    currency: str
    lines: int
    amount: Decimal


def unstated(shop: Shop, month: date) -> QuerySet[SettlementLine]:
    """Our lines of the month and of earlier ones that stand on no statement and are certain."""
    mine = SettlementLine.objects.payable().filter(shop=shop, month__lte=month)
    return mine.filter(statement=None, state__in=STATED).select_related("collaboration__plan", "adjusts")


def draft_of(shop: Shop, creator: Creator, month: date, currency: str) -> Draft:
    """The statement as it would be issued now."""
    lines = list(unstated(shop, month).filter(creator=creator, currency=currency).order_by("month", "pk"))
    return Draft(shop, creator, month, currency, lines, sums_of(lines, platform_sums(shop, creator, month, currency)))


def sums_of(lines: Iterable[SettlementLine], platform: dict[str, Decimal]) -> dict[str, Decimal]:
    """Payable, what of it is paid and what is open; and what the platform pays beside it."""
    sums = {PAYABLE: ZERO, PAID: ZERO}
    for line in lines:
        sums[PAYABLE] += line.amount
        sums[PAID] += line.amount if line.state == LineState.PAID else ZERO
    return sums | {OPEN: sums[PAYABLE] - sums[PAID]} | platform


def platform_sums(shop: Shop, creator: Creator, month: date, currency: str) -> dict[str, Decimal]:
    """Commission and ads commission of the month, as reported where the platform reports them."""
    found = SettlementLine.objects.by_platform().filter(shop=shop, creator=creator, month=month, currency=currency)
    sums = {COMMISSION: ZERO, ADS: ZERO}
    for line in found:
        sums[line.kind] += line.amount if line.reported is None else line.reported
    return sums


def waiting_of(shop: Shop, month: date) -> list[Waiting]:
    """Who gets a statement for the month: creators by handle, one row for each currency."""
    rows = unstated(shop, month).order_by().values("creator", "currency").annotate(n=Count("pk"), sum=Sum("amount"))
    found = list(rows)
    creators = Creator.objects.select_related("market").in_bulk([row["creator"] for row in found])
    waiting = [Waiting(creators[row["creator"]], row["currency"], row["n"], row["sum"]) for row in found]
    return sorted(waiting, key=lambda one: (one.creator.handle, one.currency))


def totals_of(statement: Statement) -> dict[str, Decimal]:
    """The sums as they were issued."""
    return {name: Decimal(text) for name, text in statement.totals.items()}


def sum_texts(statement: Statement) -> list[tuple[str, str]]:
    """Names and amounts of the sums as they were issued."""
    return texts_of(totals_of(statement), statement.currency)


def texts_of(sums: dict[str, Decimal], currency: str) -> list[tuple[str, str]]:
    """Names and amounts: ours first, then what the platform pays beside it."""
    labels = {
        PAYABLE: _("Payable by us"),
        PAID: _("Paid before it was issued"),
        OPEN: _("Open"),
        COMMISSION: _("Commission, paid by the platform"),
        ADS: _("Ads commission, paid by the platform"),
    }
    return [(label, exact(sums[name], currency)) for name, label in labels.items() if name in sums]


def lines_of(statement: Statement) -> list[SettlementLine]:
    """The lines as they stand on the statement; their states are today's."""
    return list(statement.lines.select_related("collaboration__plan", "adjusts").order_by("month", "pk"))


def statement_name(statement: Statement) -> str:
    """The number that people write: shop, month and which one."""
    return f"ST-{statement.pk:05d}-{statement.month:%Y%m}-{statement.number}"


def search(statements: QuerySet[Statement], text: str) -> QuerySet[Statement]:
    """Statements whose creator's handle or name holds the text."""
    plain = text.strip().removeprefix("@")
    if not plain:
        return statements
    return statements.filter(Q(creator__handle__icontains=plain) | Q(creator__nickname__icontains=plain))
