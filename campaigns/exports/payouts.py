"""The payment file: one row for each creator."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy

from campaigns.models import SettlementLine
from core.exports import Column


@dataclass(frozen=True)
class Payment:
    """What one creator gets in a payout."""

    handle: str
    name: str
    agency: str
    market: str
    amount: Decimal
    currency: str
    reference: str
    lines: int


def payments_of(lines: Iterable[SettlementLine], payout_id: int) -> list[Payment]:
    """The lines added up by creator, in the order of their handles."""
    groups: dict[int, list[SettlementLine]] = {}
    for line in lines:
        groups.setdefault(line.creator_id, []).append(line)
    payments = [
        Payment(
            handle=group[0].creator.handle,
            name=group[0].creator.nickname,
            agency=group[0].creator.agency,
            market=group[0].creator.market_id,
            amount=sum((line.amount for line in group), Decimal(0)),
            currency=group[0].currency,
            reference=f"PO-{payout_id:05d}-{creator_id}",
            lines=len(group),
        )
        for creator_id, group in groups.items()
    ]
    return sorted(payments, key=lambda one: one.handle)


PAYMENT_COLUMNS = (
    Column("handle", gettext_lazy("Handle"), lambda row: row.handle, 24),
    Column("name", gettext_lazy("Name"), lambda row: row.name, 28),
    Column("agency", gettext_lazy("Agency"), lambda row: row.agency, 24),
    Column("market", gettext_lazy("Market"), lambda row: row.market, 8),
    # As text: banks want both decimals, and a sum is never negative here.
    Column("amount", gettext_lazy("Amount"), lambda row: f"{row.amount:.2f}", 14),
    Column("currency", gettext_lazy("Currency"), lambda row: row.currency, 8),
    Column("reference", gettext_lazy("Reference"), lambda row: row.reference, 20),
    Column("lines", gettext_lazy("Lines"), lambda row: row.lines, 8, "count"),
)
