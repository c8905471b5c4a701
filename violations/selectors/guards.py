"""What the ledger and the blacklist say against working with a creator; exact at the instant, never the facts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from core.ui import format_day, format_delta, format_moment
from creators.models import Creator
from creators.selectors.guards import Finding, Guard
from violations.models import BlacklistEntry, LedgerEntry, Milestone, Restriction, RuleBook
from violations.rules.restrictions import Event, balance, standing
from violations.rules.statement import next_expiry
from violations.selectors.preview import next_threshold
from violations.selectors.standings import book_in_force, books_of, events_of
from violations.states import Feature, RestrictionCause

Findings = dict[int, list[Finding]]


def restrictions(creator_ids: Sequence[int], user: User, at: datetime) -> Findings:
    """Features withdrawn now, and balances at which no new seat is given."""
    found: Findings = defaultdict(list)
    rows = Restriction.objects.filter(creator__in=creator_ids).in_force(at=at).order_by("creator", "starts_at", "pk")
    by_creator: dict[int, list[Restriction]] = defaultdict(list)
    for row in rows:
        by_creator[row.creator_id].append(row)
    for creator_id, mine in by_creator.items():
        found[creator_id].append(_restricted(mine, at))
    for creator_id, points, threshold in _blocked(creator_ids, at):
        found[creator_id].append(_no_seat(points, threshold))
    return dict(found)


def _restricted(rows: Sequence[Restriction], at: datetime) -> Finding:
    """All that is withdrawn from one creator: per feature the latest end wins."""
    ends: dict[str, datetime | None] = {}
    for row in rows:
        end = ends.get(row.feature, row.ends_at)
        ends[row.feature] = None if end is None or row.ends_at is None else max(end, row.ends_at)
    parts = [_withdrawn(feature.label, ends[feature], at) for feature in Feature if feature in ends]
    causes = ", ".join(dict.fromkeys(_cause(row) for row in rows))
    known = [end for end in ends.values() if end is not None]
    text = _("Withdrawn: %(features)s. Cause: %(causes)s.") % {"features": ", ".join(parts), "causes": causes}
    until = max(known) if len(known) == len(ends) else None
    return Finding(_("Restricted"), text, "bad", until, features=tuple(ends))


def _withdrawn(label: object, end: datetime | None, at: datetime) -> str:
    if end is None:
        return _("%(feature)s without an end") % {"feature": label}
    return _("%(feature)s until %(end)s") % {"feature": label, "end": moment_text(end, at)}


def _cause(row: Restriction) -> str:
    if row.cause == RestrictionCause.MILESTONE:
        return _("balance of %(points)s points") % {"points": row.threshold}
    return str(RestrictionCause(row.cause).label).lower() if row.cause == RestrictionCause.STRIKES else _("a measure")


def _blocked(creator_ids: Sequence[int], at: datetime) -> Iterable[tuple[int, int, int]]:
    """Creators with a balance at which the book in force gives no new seat: balance and that threshold."""
    counting = LedgerEntry.objects.filter(creator__in=creator_ids).counting(at=at).order_by()
    rows = counting.values_list("creator", "creator__market").annotate(Sum("points")).filter(points__sum__gt=0)
    thresholds: dict[str | None, int | None] = {}
    for creator_id, market, points in rows:
        # Only when somebody has points: most pages need no more than one query.
        thresholds = thresholds or seat_thresholds(at) or {None: None}
        threshold = thresholds.get(market, thresholds.get(None))
        if threshold is not None and points >= threshold:
            yield creator_id, points, threshold


def seat_thresholds(at: datetime) -> dict[str | None, int | None]:
    """By market the balance from which its book in force gives no new seat; None is for every other market."""
    blocking = Milestone.objects.filter(book=OuterRef("pk"), blocks_seats=True).order_by("threshold")
    books = RuleBook.objects.latest_by_market(at=at).annotate(threshold=Subquery(blocking.values("threshold")[:1]))
    return dict(books.values_list("market", "threshold"))


def _no_seat(points: int, threshold: int) -> Finding:
    places = {"balance": points, "threshold": threshold}
    text = _("No new seat in a plan: the balance is %(balance)s points, and the limit is %(threshold)s.") % places
    return Finding(_("No new seat"), text, "warn", blocks_seat=True)


def summary(creator_id: int, user: User, at: datetime) -> list[Finding]:
    """The balance against the next threshold, what expires next, and the strikes; nothing when nothing counts."""
    events = events_of([creator_id]).get(creator_id, [])
    total = balance(events, at=at)
    if not total:
        return []
    market = Creator.objects.values_list("market", flat=True).get(pk=creator_id)
    books, book = books_of(), book_in_force(market, at=at)
    found = standing(events, books, at=at)
    coming = next_threshold(books[book.pk].thresholds, total) if book else None
    strikes = {"count": found.strikes, "most": book.strike_count} if book else {}
    parts = [
        balance_text(total, coming.balance if coming else None),
        _expiry_text(events, at),
        _("%(count)s of %(most)s strikes") % strikes if found.strikes and book else "",
    ]
    reason = _("What counts now; the tab Violations shows every entry.")
    return [Finding(" · ".join(part for part in parts if part), reason, "warn")]


def balance_text(total: int, threshold: int | None) -> str:
    """5 of 12 points; without a threshold above: 25 points."""
    if threshold is None:
        return ngettext("%(balance)s point", "%(balance)s points", total) % {"balance": total}
    return _("%(balance)s of %(threshold)s points") % {"balance": total, "threshold": threshold}


def _expiry_text(events: Sequence[Event], at: datetime) -> str:
    line = next_expiry(events, at=at)
    if line is None:
        return ""
    today = timezone.localtime(at).date()
    day = format_day(timezone.localtime(line.at).date(), get_language() or "en", today)
    return _("next expiry %(day)s (%(points)s)") % {"day": day, "points": format_delta(line.points)}


def blacklist(creator_ids: Sequence[int], user: User, at: datetime) -> Findings:
    """The organisation's blacklist and those of the reader's shops; an entry follows the person."""
    mine = Creator.objects.filter(Q(pk=OuterRef("creator")) | Q(person=OuterRef("creator__person")))
    entries = BlacklistEntry.objects.active().visible_to(user).about(creator_ids)
    rows = entries.annotate(accounts=ArraySubquery(mine.filter(pk__in=creator_ids).values("pk")))
    found: Findings = defaultdict(list)
    for entry in rows.select_related("shop", "creator").order_by("pk"):
        for creator_id in entry.accounts:
            found[creator_id].append(_blacklisted(entry, creator_id, at))
    return dict(found)


def _blacklisted(entry: BlacklistEntry, creator_id: int, at: datetime) -> Finding:
    places = {"shop": entry.shop, "reason": entry.reason.rstrip("."), "account": entry.creator}
    if entry.shop is None:
        text = _("On the blacklist of the organisation: %(reason)s.") % places
    else:
        text = _("On the blacklist of %(shop)s: %(reason)s.") % places
    if entry.creator_id != creator_id:
        text = f"{text} {_('Same person as %(account)s.') % places}"
    if entry.until:
        day = format_day(entry.until, get_language() or "en", timezone.localtime(at).date())
        text = f"{text} {_('Until %(day)s, then it is reviewed.') % {'day': day}}"
    return Finding(_("Blacklisted"), text, "bad", blocks_seat=True, shop_id=entry.shop_id, code="blacklisted")


def moment_text(instant: datetime, at: datetime) -> str:
    """The instant in the reader's language, with its year when that is not the year of `at`."""
    local, today = timezone.localtime(instant), timezone.localtime(at).date()
    return format_moment(local, get_language() or "en", today)


RESTRICTIONS = Guard("restrictions", restrictions, summary)
BLACKLIST = Guard("blacklist", blacklist)
