"""Reads of shortlists: lists to choose from, entries with the facts of their creators."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.expressions import OrderBy

from accounts.models import Shop, User
from core.lists import Order
from creators.metrics import BY_KEY
from creators.models import Category, Creator, CreatorFacts, Shortlist, ShortlistEntry
from creators.selectors.directory import Row, rows_of

ORDER_DEFAULT = "-added_at"


@dataclass(frozen=True)
class Listed(Row):
    """A creator on a shortlist, with who put it there and why."""

    entry: ShortlistEntry


def shortlists_of(user: User, *, shop: Shop | None = None) -> QuerySet[Shortlist]:
    """The lists that the user sees, those with the newest entry first, with `size` and `newest_at`."""
    lists = Shortlist.objects.visible_to(user).with_sizes().annotate(newest_at=Max("entries__added_at"))
    if shop is not None:
        lists = lists.filter(shop=shop)
    return lists.select_related("shop", "owner").order_by(F("newest_at").desc(nulls_last=True), "-created_at", "-pk")


def targets_of(user: User, creator_ids: Sequence[int]) -> QuerySet[Shortlist]:
    """The lists of open shops that the user can add to, with `already`: how many of the creators are on each."""
    on_it = Count("entries", filter=Q(entries__creator__in=creator_ids))
    return shortlists_of(user).filter(shop__is_active=True).annotate(already=on_it)


def shops_of(user: User) -> QuerySet[Shop]:
    """The shops for which the user can make lists."""
    return Shop.objects.visible_to(user).active().order_by("name")


def entry_order(name: str) -> Order:
    """The order that a query names: a metric's key, added_at, or the newest entries first."""
    key = name.removeprefix("-")
    if key in BY_KEY:
        return Order(name, f"creator__facts__{BY_KEY[key].fact}", name.startswith("-"))
    return Order(name if key == "added_at" else ORDER_DEFAULT, "added_at", name != "added_at")


def entries_of(shortlist: Shortlist, order: Order) -> QuerySet[ShortlistEntry]:
    """The entries in the order, creators without a value last, the newest first among equals."""
    column = F(order.column)
    by: OrderBy = column.desc(nulls_last=True) if order.descending else column.asc(nulls_last=True)
    return shortlist.entries.select_related("added_by").order_by(by, "-pk")


def listed(entries: Sequence[ShortlistEntry], *, keys: Collection[str] | None = None) -> list[Listed]:
    """The entries with their creators' facts and values (of all metrics or those of `keys`), in the same order."""
    rows = {row.creator.pk: row for row in rows_named([entry.creator_id for entry in entries], keys=keys)}
    found = [(rows[entry.creator_id], entry) for entry in entries]
    return [Listed(row.creator, row.facts, row.values, row.categories, entry) for row, entry in found]


def rows_named(creator_ids: Sequence[int], *, keys: Collection[str] | None = None) -> list[Row]:
    """The existing creators of these ids, in the order given; without facts when no source speaks of them any more."""
    facts = CreatorFacts.objects.in_bulk(creator_ids)
    bare = Creator.objects.in_bulk([pk for pk in creator_ids if pk not in facts])
    facts |= {pk: _no_facts(creator) for pk, creator in bare.items()}
    ordered = [facts[pk] for pk in dict.fromkeys(creator_ids) if pk in facts]
    return rows_of(ordered, _categories(ordered), keys)


def _no_facts(creator: Creator) -> CreatorFacts:
    facts = CreatorFacts(creator=creator, market_id=creator.market_id, as_of=creator.last_seen_on, category_ids=[])
    # The database computes it for stored rows only.
    facts.posts_30d = None
    return facts


def _categories(facts: Iterable[CreatorFacts]) -> dict[int, Category]:
    return Category.objects.in_bulk({pk for one in facts for pk in one.category_ids})
