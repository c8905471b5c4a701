"""Reads of the ops desk: what waits today, and what is about to happen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from core.lists import Count, count_capped
from creators.models import Creator, CreatorFacts
from violations.models import Appeal, BlacklistEntry, LedgerEntry, Notice, ReversalRequest, RuleBook
from violations.selectors.appeals import AppealRow, rows_of
from violations.states import NoticeState

MINUTE = 60
QUEUE_ROWS, SOON_ROWS = 8, 8
# A mail that is being sent for longer than this is unsure: a worker died with it.
UNSURE_AFTER = timedelta(minutes=10)
SOON = timedelta(days=7)
# This near below a threshold counts as close.
CLOSE_POINTS = 2


@dataclass(frozen=True)
class Queue:
    """What waits for somebody today, the most urgent of each first, with how many there are."""

    appeals: list[AppealRow]
    notices: list[Notice]
    reversals: list[ReversalRequest]
    proposals: list[BlacklistEntry]
    reviews: list[BlacklistEntry]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Close:
    """A creator whose balance is just below a threshold."""

    creator: Creator
    balance: int
    threshold: int


@dataclass(frozen=True)
class Soon:
    """What is about to happen, at most a minute old."""

    expiring: list[LedgerEntry]
    expiring_count: Count
    close: list[Close]


def open_appeals(user: User) -> int:
    """How many appeals wait for a decision, at most a minute old: it stands beside the navigation of every page."""
    found: int | None = cache.get("desk.open_appeals")
    if found is None:
        found = Appeal.objects.visible_to(user).open().count()
        cache.set("desk.open_appeals", found, MINUTE)
    return found


def queue_of(user: User, *, at: datetime) -> Queue:
    """What waits: appeals due by the end of today, mails not sent, second persons, reviews of the blacklist."""
    end_of_day = timezone.localtime(at).replace(hour=23, minute=59, second=59, microsecond=999_999)
    appeals = Appeal.objects.visible_to(user).open().filter(due_at__lte=end_of_day).by_time_left()
    # Named together first: there is an index over these two states.
    trouble = Notice.objects.filter(state__in=[NoticeState.FAILED, NoticeState.SENDING])
    unsure = Q(created_at__lt=at - UNSURE_AFTER)
    notices = trouble.filter(Q(state=NoticeState.FAILED) | unsure).order_by("created_at")
    reversals = ReversalRequest.objects.open().order_by("proposed_at")
    blacklist = BlacklistEntry.objects.visible_to(user)
    proposals = blacklist.proposed().order_by("proposed_at")
    reviews = blacklist.due_for_review(on=timezone.localdate(at)).order_by(F("review_on").asc(nulls_last=True), "pk")
    waiting: dict[str, QuerySet[Any]] = {
        "appeals": appeals,
        "notices": notices,
        "reversals": reversals,
        "proposals": proposals,
        "reviews": reviews,
    }
    related = ("entry__creator", "entry__rule")
    shown = appeals.select_related("entry__creator__facts", "entry__rule__book", "assigned_to")[:QUEUE_ROWS]
    return Queue(
        appeals=rows_of(shown, user=user, at=at),
        notices=list(notices.select_related(*related)[:QUEUE_ROWS]),
        reversals=list(reversals.select_related(*related, "proposed_by")[:QUEUE_ROWS]),
        proposals=list(proposals.select_related("creator", "shop", "proposed_by")[:QUEUE_ROWS]),
        reviews=list(reviews.select_related("creator", "shop")[:QUEUE_ROWS]),
        counts={name: found.order_by().count() for name, found in waiting.items()},
    )


def soon_of(*, at: datetime) -> Soon:
    """Points that expire within a week and creators close to a threshold; the reads are at most a minute old."""
    kept: tuple[list[int], Count, list[tuple[int, int]]] | None = cache.get("desk.soon")
    if kept is None:
        ending = _expiring(at)
        ids = list(ending.order_by("expires_at").values_list("pk", flat=True)[:SOON_ROWS])
        kept = (ids, count_capped(ending), _close(at))
        cache.set("desk.soon", kept, MINUTE)
    ids, count, near = kept
    entries = LedgerEntry.objects.select_related("creator", "rule").in_bulk(ids)
    creators = Creator.objects.in_bulk([pk for pk, _threshold in near])
    balances = _balances(creators, at)
    close = [Close(creators[pk], balances.get(pk, 0), threshold) for pk, threshold in near if pk in creators]
    # The published points may be minutes old: what is shown is exact.
    near_now = [one for one in close if 0 < one.threshold - one.balance <= CLOSE_POINTS]
    return Soon([entries[pk] for pk in ids if pk in entries], count, near_now)


def _expiring(at: datetime) -> QuerySet[LedgerEntry]:
    ending = LedgerEntry.objects.violations().filter(expires_at__gt=at, expires_at__lte=at + SOON)
    return ending.not_reversed(at=at)


def _close(at: datetime) -> list[tuple[int, int]]:
    """Creators just below a threshold of their market's book, by the published points: key and threshold."""
    books = list(RuleBook.objects.latest_by_market(at=at).prefetch_related("milestones"))
    own = [book.market_id for book in books if book.market_id]
    condition, steps = Q(pk__in=[]), {}
    for book in books:
        thresholds = sorted(one.threshold for one in book.milestones.all())
        below = {top - left: top for top in reversed(thresholds) for left in range(1, CLOSE_POINTS + 1) if top > left}
        steps[book.market_id] = below
        of_market = Q(market=book.market_id) if book.market_id else ~Q(market__in=own)
        condition |= of_market & Q(points__in=list(below))
    facts = CreatorFacts.objects.filter(condition, points__isnull=False).order_by(F("points").desc(nulls_last=True))
    rows = facts.values_list("pk", "market", "points")[:SOON_ROWS]
    return [(pk, steps.get(market, steps.get(None, {}))[points or 0]) for pk, market, points in rows]


def _balances(creator_ids: Iterable[int], at: datetime) -> dict[int, int]:
    counting = LedgerEntry.objects.filter(creator__in=list(creator_ids)).counting(at=at).order_by()
    return dict(counting.values_list("creator").annotate(Sum("points")))
