"""Payouts: approved lines of one shop and currency that are paid together, each in one payout at most."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.exports.payouts import PAYMENT_COLUMNS, payments_of
from campaigns.models import Payout, SettlementLine
from campaigns.rules.money import ZERO
from campaigns.selectors.freezes import freezes_of
from campaigns.services.line_moves import line_step
from campaigns.states.settlements import LineState
from core.errors import DomainError
from core.exports import CONTENT_TYPES, Table, write_table
from core.models import StoredFile
from core.services import export_record
from core.uploads.storage import file_store


@transaction.atomic
def payout_create(*, shop: Shop, currency: str, by: User, at: datetime) -> Payout:
    """Put every approved line of the shop in the currency that is in no payout into one, with its payment file.

    Lines of creators whose payments are frozen stay where they are, and so do those of creators whose lines together
    come to nothing or less: they wait for what the creator earns next. Two at once never share a line: the second one
    waits for the first, and takes what is left.
    Raises DomainError `nothing_to_pay`, `disk_full`.
    """
    held = _payable(shop, currency)
    frozen = freezes_of({line.creator_id for line in held}, at=at)
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for line in held:
        sums[line.creator_id] += line.amount
    lines = [line for line in held if line.creator_id not in frozen and sums[line.creator_id] > 0]
    if not lines:
        raise _nothing(held, frozen)
    total = sum((line.amount for line in lines), ZERO)
    payout = Payout.objects.create(shop=shop, currency=currency, total=total, made_by=by, made_at=at)
    SettlementLine.objects.filter(pk__in=[line.pk for line in lines]).update(payout=payout)
    payout.file = _file(payout, lines, by)
    payout.save(update_fields=["file"])
    export_record(
        by=by, title=_("Payout %(number)s") % {"number": payout.pk}, query=f"payout={payout.pk}", file_format="csv",
        rows=len(sums), has_contacts=False, at=at, file=payout.file,
    )  # fmt: skip
    return payout


def _payable(shop: Shop, currency: str) -> list[SettlementLine]:
    found = SettlementLine.objects.payable().filter(shop=shop, currency=currency, state=LineState.APPROVED, payout=None)
    return list(found.select_for_update(of=("self",)).select_related("creator").order_by("pk"))


def _nothing(held: Collection[SettlementLine], frozen: Collection[int]) -> DomainError:
    if held and all(line.creator_id in frozen for line in held):
        message = _("All that is approved waits: payments to these creators are frozen.")
    elif held:
        message = _("What is approved comes to nothing or less for every creator. It waits for what they earn next.")
    else:
        message = _("No approved line waits for a payout in this shop and currency. Approve lines first.")
    return DomainError("nothing_to_pay", message, status=409)


def _file(payout: Payout, lines: Collection[SettlementLine], by: User) -> StoredFile:
    """The payment file; cells that a spreadsheet would run are made text."""
    name = f"payout-{payout.pk:05d}.csv"
    table = Table(name, "payout", PAYMENT_COLUMNS, payments_of(lines, payout.pk))
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_table(path, table, "csv")
        return file_store(path=path, name=name, content_type=CONTENT_TYPES["csv"], by=by)


@transaction.atomic
def payout_pay(*, payout: Payout, reference: str, paid_on: date, by: User, at: datetime) -> Payout:
    """Say that the bank has paid a payout: its lines are paid, and stay as they are from then on.

    Raises DomainError `payout_paid`, `reference_missing`, `day_in_future`, `payments_frozen`.
    """
    reference = reference.strip()
    if not reference:
        text = _("Write the bank's reference.")
        raise DomainError("reference_missing", text, fields={"reference": text})
    lines, held = _held(payout)
    if paid_on > at.date():
        text = _("The day is in the future.")
        raise DomainError("day_in_future", text, fields={"paid_on": text})
    for freeze in freezes_of({line.creator_id for line in lines}, at=at).values():
        message = _("%(freeze)s Discard this payout and make it again: it leaves their lines out.")
        raise DomainError("payments_frozen", message % {"freeze": freeze.text}, status=409)
    held.paid_on, held.reference = paid_on, reference
    held.save(update_fields=["paid_on", "reference"])
    for line in lines:
        line.paid_at = at
        line_step(line=line, to=LineState.PAID, at=at, by=by, reason=reference, also=["paid_at"])
    return held


@transaction.atomic
def payout_discard(*, payout: Payout, by: User, at: datetime) -> int:
    """Take back a payout that was not paid: its lines may go into another one. Returns how many; raises `payout_paid`.

    Its file stays in the record of exports.
    """
    lines, held = _held(payout)
    SettlementLine.objects.filter(pk__in=[line.pk for line in lines]).update(payout=None)
    held.delete()
    return len(lines)


def _held(payout: Payout) -> tuple[list[SettlementLine], Payout]:
    """The lines and the payout as they are now, held; lines first, as everywhere."""
    found = SettlementLine.objects.filter(payout=payout).select_for_update(of=("self",))
    lines = list(found.select_related("creator").order_by("pk"))
    held = Payout.objects.select_for_update().filter(pk=payout.pk).first()
    if held is None:
        raise DomainError("payout_gone", _("This payout was discarded. Load the page again."), status=409)
    if held.paid_on is not None:
        message = _("This payout was paid on %(day)s already, reference %(reference)s.")
        places = {"day": held.paid_on.isoformat(), "reference": held.reference}
        raise DomainError("payout_paid", message % places, status=409)
    return lines, held
