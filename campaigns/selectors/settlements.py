"""Settlement lines as pages show them: how each was computed, and what holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from accounts.states import Permission
from campaigns.models import SettlementLine
from campaigns.selectors.freezes import Freeze, freezes_of
from campaigns.selectors.money import LineSums, line_sums
from campaigns.states.settlements import LINE_TRANSITIONS, LineState, Payer
from core.lists import Order, Page, keyset_page
from core.ui import format_money, format_number
from creators.rules.currencies import WHOLE

NEWEST_FIRST = Order("-id", "id", descending=True)
RELATED = ("shop", "creator__market", "collaboration__plan", "collaboration__shop", "made_by", "approved_by", "payout")


def exact(amount: Decimal | None, currency: str) -> str:
    """An amount with all its digits: $1,204.50, ₫110,000. Settlements agree to the cent, so none is left out."""
    return format_money(amount, currency, get_language() or "en", digits=0 if currency in WHOLE else 2)


@dataclass(frozen=True)
class LineRow:
    """A line with texts; `held` says why it cannot be approved or paid now."""

    line: SettlementLine
    held: str = ""
    may_approve: bool = False

    @property
    def amount(self) -> str:
        return exact(self.line.amount, self.line.currency)

    @property
    def reported(self) -> str:
        return exact(self.line.reported, self.line.currency)

    @property
    def is_platform(self) -> bool:
        return self.line.payer == Payer.PLATFORM

    @property
    def difference(self) -> str:
        """Reported less expected, where both are known and not the same."""
        if self.line.reported is None or self.line.reported == self.line.amount:
            return ""
        difference = self.line.reported - self.line.amount
        return ("+" if difference > 0 else "") + exact(difference, self.line.currency)

    @property
    def how(self) -> str:
        """How it was computed, in one line."""
        return " · ".join(f"{name} {value}" if name else value for name, value in parts_of(self.line))


@dataclass(frozen=True)
class Listing:
    rows: list[LineRow]
    page: Page[SettlementLine]
    sums: list[LineSums]

    @property
    def can_approve(self) -> bool:
        """Whether the reader may approve a line of this page."""
        return any(row.may_approve for row in self.rows)


def listing_of(lines: QuerySet[SettlementLine], user: User, *, at: datetime, size: int, cursor: str = "") -> Listing:
    """A page of the lines, the newest first, with sums of all of them. Raises core.lists.CursorError."""
    page = keyset_page(lines, order=NEWEST_FIRST, size=size, cursor=cursor)
    return Listing(rows_of([line.pk for line in page.rows], user, at=at), page, line_sums(lines))


def rows_of(keys: Sequence[int], user: User, *, at: datetime) -> list[LineRow]:
    """The lines of these keys in the order given; two queries."""
    found = SettlementLine.objects.select_related(*RELATED).in_bulk(list(keys))
    lines = [found[key] for key in keys if key in found]
    waiting = {line.creator_id for line in lines if line.state in (LineState.DUE, LineState.APPROVED)}
    frozen = freezes_of(waiting, at=at) if waiting else {}
    may_approve = user.can(Permission.SETTLEMENT_APPROVE)
    return [_row(line, frozen.get(line.creator_id), may_approve, user) for line in lines]


def _row(line: SettlementLine, freeze: Freeze | None, may_approve: bool, user: User) -> LineRow:
    if line.payer != Payer.US or line.state not in (LineState.DUE, LineState.APPROVED):
        return LineRow(line)
    if freeze is not None:
        return LineRow(line, freeze.text)
    is_own = line.needs_second and line.made_by_id == user.pk and line.state == LineState.DUE
    held = _("You made this line or wrote its terms. Somebody else approves it.") if is_own and may_approve else ""
    return LineRow(line, held, may_approve and line.state == LineState.DUE and not is_own)


def parts_of(line: SettlementLine) -> list[tuple[str, str]]:
    """How a line was computed: names and values."""
    parts, currency = line.parts, line.currency
    shown = [_rate_text(one, currency) for one in parts.get("rates", [])]
    if parts.get("unreported"):
        count = parts["unreported"]
        text = ngettext("%(count)s order not in the report", "%(count)s orders not in the report", count)
        shown.append(("", text % {"count": format_number(count)}))
    money = {"base": _("Base"), "guarantee": _("Guarantee"), "fee": _("Fee"), "per_thousand": _("For 1,000 views")}
    for name, label in (money | {"cap": _("At most")}).items():
        if parts.get(name) not in (None, "None"):
            shown.append((label, exact(Decimal(parts[name]), currency)))
    if "rate" in parts:
        shown.append((_("Rate"), _percent(parts["rate"])))
    counts = {"views": _("Views in the month"), "views_so_far": _("Views so far"), "orders": _("Orders in the month")}
    shown += [(label, format_number(parts[name])) for name, label in counts.items() if name in parts]
    if line.adjusts_id:
        shown.append((_("Corrects"), f"#{line.adjusts_id}"))
    if parts.get("by_hand"):
        shown.append(("", _("added by hand")))
    return shown


def _rate_text(one: dict[str, Any], currency: str) -> tuple[str, str]:
    orders = ngettext("%(count)s order", "%(count)s orders", one["orders"]) % {"count": format_number(one["orders"])}
    places = {"base": exact(Decimal(one["base"]), currency), "orders": orders}
    return _percent(one["rate"]), _("of %(base)s, %(orders)s") % places


def _percent(text: str) -> str:
    return f"{Decimal(text).normalize():f}%"


def acts_of(line: SettlementLine, user: User) -> list[str]:
    """What the person may do with a line besides approving it: dispute, resolve, withdraw, cancel."""
    if not user.can(Permission.SETTLEMENT_EDIT) or line.payer != Payer.US:
        return []
    open_to, in_payout = LINE_TRANSITIONS[line.state], line.payout_id is not None
    acts = []
    if LineState.DISPUTED in open_to and not in_payout:
        acts.append("dispute")
    if line.state == LineState.DISPUTED:
        acts.append("resolve")
    if line.state == LineState.APPROVED and not in_payout:
        acts.append("withdraw")
    if LineState.CANCELLED in open_to and line.statement_id is None:
        acts.append("cancel")
    return acts


@dataclass(frozen=True)
class Ready:
    """What a payout of a shop in a currency would take, and what freezes hold back."""

    shop: Shop
    currency: str
    lines: int
    amount: str
    held: int


def ready_of(user: User, *, at: datetime) -> list[Ready]:
    """Approved lines in no payout, by shop and currency."""
    lines = SettlementLine.objects.visible_to(user).payable().filter(state=LineState.APPROVED, payout=None)
    frozen = set(freezes_of(list(lines.values_list("creator", flat=True).distinct()), at=at))
    rows = lines.order_by().values("shop", "currency", "creator").annotate(n=Count("pk"), sum=Sum("amount"))
    groups: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        groups.setdefault((row["shop"], row["currency"]), []).append(row)
    shops = Shop.objects.in_bulk([shop for shop, _currency in groups])
    ready = []
    for (shop, currency), group in groups.items():
        taken = [row for row in group if row["creator"] not in frozen and row["sum"] > 0]
        counts = sum(row["n"] for row in taken), sum(row["n"] for row in group)
        total = sum((row["sum"] for row in taken), Decimal(0))
        ready.append(Ready(shops[shop], currency, counts[0], exact(total, currency), counts[1] - counts[0]))
    return sorted(ready, key=lambda one: (one.shop.name, one.currency))
