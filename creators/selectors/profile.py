"""Reads of one creator: every known value with its source, audience, daily charts, history."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils.functional import Promise

from accounts.models import User
from creators.filters import language_name
from creators.metrics import BY_KEY, GROUP_LABELS, METRICS, Metric
from creators.models import (
    Audience,
    Category,
    Creator,
    CreatorContact,
    CreatorFacts,
    CreatorHandle,
    CreatorText,
    DailyMetric,
    Import,
    ShortlistEntry,
    Snapshot,
)
from creators.selectors.values import Value, values_of

AGES = tuple(metric for metric in METRICS if metric.key.startswith("age_"))
HISTORY_ROWS = 200


@dataclass(frozen=True)
class Fact:
    """A metric of a creator: the merged number (money in USD), and the value it came from."""

    metric: Metric
    number: Any
    value: Value | None


@dataclass(frozen=True)
class Share:
    """A part of the audience; `percent` is 0 to 100."""

    label: str | Promise
    share: Decimal

    @property
    def percent(self) -> float:
        return float(self.share * 100)


@dataclass(frozen=True)
class Profile:
    """A creator with everything that the drawer and the profile show of it."""

    creator: Creator
    facts: CreatorFacts | None
    values: dict[str, Value]
    bio: str
    categories: list[Category]

    @property
    def language(self) -> str:
        return language_name(self.creator.language) if self.creator.language else ""

    def fact(self, key: str) -> Fact:
        metric = BY_KEY[key]
        return Fact(metric, metric.of(self.facts), self.values.get(key))

    @property
    def groups(self) -> list[tuple[str | Promise, list[Fact]]]:
        """The known metrics by group; audience shares stand apart, and where a creator stands is told by the guards."""
        known = [fact for fact in map(self.fact, BY_KEY) if fact.number is not None]
        groups = [
            (label, [fact for fact in known if fact.metric.group == group])
            for group, label in GROUP_LABELS.items()
            if group not in ("audience", "standing")
        ]
        return [(label, facts) for label, facts in groups if facts]

    @property
    def ages(self) -> list[Share]:
        """The known age groups, youngest first."""
        shares = [Share(metric.short, self.fact(metric.key).number) for metric in AGES]
        return [one for one in shares if one.share is not None]

    @property
    def female(self) -> Decimal | None:
        return self.fact("female_share").number

    @property
    def female_percent(self) -> float:
        return float((self.female or 0) * 100)

    @property
    def not_female(self) -> Decimal | None:
        return None if self.female is None else 1 - self.female

    @property
    def adult(self) -> Decimal | None:
        return self.fact("adult_share").number

    @property
    def has_audience(self) -> bool:
        return bool(self.ages) or self.female is not None or self.adult is not None


@dataclass(frozen=True)
class History:
    """What sources and people said of a creator, newest first; `imports` are those that the reader may open."""

    snapshots: list[Snapshot]
    handles: list[CreatorHandle]
    events: list[Any]
    imports: set[int]


def profile_of(creator: Creator) -> Profile:
    """The creator's facts, values, bio and categories."""
    facts = CreatorFacts.objects.filter(pk=creator.pk).first()
    text = CreatorText.objects.filter(pk=creator.pk).first()
    names = Category.objects.in_bulk(facts.category_ids) if facts else {}
    return Profile(
        creator,
        facts,
        values_of([creator.pk]).get(creator.pk, {}),
        text.bio if text else "",
        [names[pk] for pk in facts.category_ids if pk in names] if facts else [],
    )


def places_of(creator: Creator) -> list[Share]:
    """The audience by place, largest first."""
    return [Share(str(one), one.share) for one in Audience.objects.filter(creator=creator)]


def contacts_of(creator: Creator, user: User) -> list[CreatorContact]:
    """The contacts that the user's shops have."""
    return list(CreatorContact.objects.visible_to(user).filter(creator=creator).select_related("shop"))


def shortlisted(creator: Creator, user: User) -> list[ShortlistEntry]:
    """The entries of the creator on shortlists that the user sees."""
    entries = ShortlistEntry.objects.visible_to(user).filter(creator=creator)
    return list(entries.select_related("shortlist__shop", "added_by"))


def history_of(creator: Creator, user: User) -> History:
    snapshots = list(
        Snapshot.objects.filter(creator=creator)
        .select_related("source_import__file", "recorded_by")
        .order_by("-as_of", "-pk")[:HISTORY_ROWS]
    )
    ids = {one.source_import_id for one in snapshots if one.source_import_id}
    event = apps.get_model("creators", "CreatorEvent")
    return History(
        snapshots,
        list(creator.old_handles.all()),
        list(event.objects.filter(pgh_obj_id=creator.pk).select_related("pgh_context", "person").order_by("-pgh_id")),
        set(Import.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)),
    )


def daily_rows(creator: Creator, *, days: int) -> list[DailyMetric]:
    """The daily rows of the creator's last `days` days, oldest first, up to its newest row."""
    mine = DailyMetric.objects.filter(creator=creator)
    newest = mine.order_by("-day").values_list("day", flat=True).first()
    return list(mine.filter(day__gt=newest - timedelta(days=days)).order_by("day")) if newest else []
