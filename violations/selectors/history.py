"""Who did what, when and from where: every write of violations in one list, newest first.

Each kind of row is a source of its own; a page takes the newest of each and merges them. What people change is kept by
row history, with its context; what they write first is kept by the rows themselves, without the address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_datetime

from accounts.models import User
from violations.models import (
    Appeal,
    BlacklistEntry,
    CreatorLink,
    LedgerEntry,
    Notice,
    ReversalRequest,
)
from violations.selectors import history_words as words

ROWS = 100
# Row history is read in order of its keys, which two writers at once can give in another order than their times.
SLACK = 20


@dataclass(frozen=True)
class Line:
    """One write: `by` is None where the creator or a worker did it; `origin` is "" where it was not kept."""

    at: datetime
    by: User | None
    what: str
    about: str
    url: str
    origin: str


@dataclass(frozen=True)
class HistoryPage:
    """A page of lines; `older` is the cursor of the next one, "" at the end."""

    lines: list[Line]
    older: str


@dataclass(frozen=True)
class Source:
    """Rows of one kind: which the user may see, when and by whom each was written, and how that reads."""

    rows: Callable[[User], QuerySet[Any]]
    at: str
    by: str
    words: Callable[[Any], words.Words]
    order: tuple[str, ...] = ("-pk",)


@dataclass(frozen=True)
class _Place:
    """Where a line stands: by time, then by source, then by key."""

    at: datetime
    source: int
    pk: int

    @property
    def text(self) -> str:
        return f"{self.at.isoformat()}~{self.source}~{self.pk}"


def _written(model: type[Any], related: tuple[str, ...]) -> Callable[[User], QuerySet[Any]]:
    """All rows of a model, with what their words need."""
    return lambda user: model._default_manager.select_related(*related)


def _changed(name: str, related: tuple[str, ...]) -> Callable[[User], QuerySet[Any]]:
    """The stored changes of a model, with the rows that they belong to."""

    def rows(user: User) -> QuerySet[Any]:
        events = apps.get_model("violations", name)._default_manager
        return events.select_related("pgh_context", *(f"pgh_obj__{one}" for one in related))

    return rows


def _blacklist(user: User) -> QuerySet[Any]:
    """Entries that the user sees, from their first row on."""
    visible = BlacklistEntry.objects.visible_to(user)
    rows = _changed("BlacklistEntryEvent", ("creator", "shop"))(user).filter(pgh_obj__in=visible)
    earlier = rows.model._default_manager.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    return rows.annotate(is_first=~Exists(earlier))


def _books(user: User) -> QuerySet[Any]:
    """Changes of rule books, which trigger and service both record: the last one of each context."""
    rows = _changed("RuleBookEvent", ())(user)
    same = rows.model._default_manager.filter(pgh_obj=OuterRef("pgh_obj"), pgh_context=OuterRef("pgh_context"))
    return rows.filter(~Exists(same.filter(pgh_id__gt=OuterRef("pgh_id"))))


ENTRY = ("entry__creator", "entry__rule")
CHANGED = ("pgh_created_at", "pgh_context__metadata__user")
SOURCES: tuple[Source, ...] = (
    Source(
        _written(LedgerEntry, ("creator", "rule", "answers")),
        "recorded_at",
        "recorded_by",
        words.entry_written,
        ("-recorded_at", "-pk"),
    ),
    Source(_written(Notice, ENTRY), "created_at", "created_by", words.notice_written),
    Source(_changed("NoticeEvent", ENTRY), *CHANGED, words.notice_changed),
    Source(_written(ReversalRequest, ENTRY), "proposed_at", "proposed_by", words.request_written),
    Source(_changed("ReversalRequestEvent", ENTRY), *CHANGED, words.request_changed),
    Source(_written(Appeal, ENTRY), "filed_at", "filed_by", words.appeal_written),
    Source(_changed("AppealEvent", ENTRY), *CHANGED, words.appeal_changed),
    Source(_blacklist, *CHANGED, words.blacklist_changed),
    Source(_written(CreatorLink, ("creator",)), "created_at", "created_by", words.link_written),
    Source(_changed("CreatorLinkEvent", ("creator",)), *CHANGED, words.link_changed),
    Source(_books, *CHANGED, words.book_changed),
)


def history_page(
    user: User,
    *,
    by: User | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str = "",
    size: int = ROWS,
) -> HistoryPage:
    """The newest writes that the user may see, of a person and of a period (`since` included, `until` not).

    `cursor` continues a page; one that cannot be read begins anew.
    """
    after = _place(cursor)
    found: list[tuple[_Place, Any]] = []
    for number, source in enumerate(SOURCES):
        rows = _narrowed(source.rows(user), source, number, by=by, since=since, until=until, after=after)
        found += [
            (_Place(getattr(row, source.at), number, row.pk), row)
            for row in rows.order_by(*source.order)[: size + SLACK]
        ]
    found.sort(key=lambda one: (one[0].at, one[0].source, one[0].pk), reverse=True)
    shown = found[:size]
    older = shown[-1][0].text if len(found) > size else ""
    return HistoryPage(_lines(shown), older)


def _narrowed(
    rows: QuerySet[Any],
    source: Source,
    number: int,
    *,
    by: User | None,
    since: datetime | None,
    until: datetime | None,
    after: _Place | None,
) -> QuerySet[Any]:
    at = source.at
    if by is not None:
        rows = rows.filter(**{source.by: by.pk})
    if since is not None:
        rows = rows.filter(**{f"{at}__gte": since})
    if until is not None:
        rows = rows.filter(**{f"{at}__lt": until})
    if after is None:
        return rows
    # Of the same instant: what stands behind the last line of the page before.
    if number < after.source:
        return rows.filter(**{f"{at}__lte": after.at})
    earlier = Q(**{f"{at}__lt": after.at})
    if number == after.source:
        earlier |= Q(**{at: after.at, "pk__lt": after.pk})
    return rows.filter(earlier)


def _lines(shown: list[tuple[_Place, Any]]) -> list[Line]:
    actors = [_actor(SOURCES[place.source], row) for place, row in shown]
    people = User.objects.in_bulk({actor for actor, _origin in actors if actor})
    return [
        Line(place.at, people.get(actor) if actor else None, *SOURCES[place.source].words(row), origin)
        for (place, row), (actor, origin) in zip(shown, actors, strict=True)
    ]


def _actor(source: Source, row: Any) -> tuple[int | None, str]:
    """The key of who wrote the row, and the address it came from."""
    if source.by in CHANGED:
        context = row.pgh_context.metadata if row.pgh_context else {}
        return context.get("user"), context.get("address", "")
    return getattr(row, f"{source.by}_id"), ""


def _place(text: str) -> _Place | None:
    try:
        at, source, pk = text.split("~")
        moment = parse_datetime(at)
        number, key = int(source), int(pk)
    except (ValueError, OverflowError):
        return None
    fits = moment is not None and moment.tzinfo is not None and 0 <= number < len(SOURCES) and 0 <= key < 2**63
    return _Place(moment, number, key) if fits and moment else None
