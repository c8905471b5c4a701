"""What an export holds: the rows that a request chooses, and the table made of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from core.exports import Column, Table, check_size
from creators.exports import CHOOSABLE, WHO, columns_chosen, metric_text, single_text
from creators.filters import CreatorFilter, chips_of, creator_filter
from creators.metrics import BY_KEY, METRICS, Metric
from creators.models import Category, CreatorContact, CreatorFacts, Shortlist, ShortlistEntry
from creators.selectors.directory import Row, rows_of
from creators.selectors.shortlists import entries_of, entry_order, listed
from creators.selectors.values import Value, doubts_of
from creators.states import Quality

BATCH = 2_000
T = TypeVar("T")


@dataclass(frozen=True)
class Wanted:
    """What somebody asks to take out: rows by a query of the directory, by ids or by a shortlist; which columns."""

    file_format: str
    query: str = ""
    ids: tuple[int, ...] = ()
    shortlist_id: int | None = None
    columns: tuple[str, ...] = ()
    every_column: bool = False
    with_contacts: bool = False

    def packed(self) -> dict[str, Any]:
        """The request as a job keeps it."""
        return asdict(self)

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "Wanted":
        lists = {name: tuple(packed[name]) for name in ("ids", "columns")}
        return cls(**{**packed, **lists})


@dataclass(frozen=True)
class Source:
    """The rows of a request: how many, chosen by what, whose contacts; `queryset` is of facts or of entries."""

    title: str
    chosen_by: str
    count: int
    queryset: QuerySet[Any]
    contacts: QuerySet[CreatorContact]


@dataclass(frozen=True)
class ExportRow(Row):
    """A creator as a file shows it: `contacts` by kind, `doubts` as of `doubts_of`; `values` stay unopened."""

    entry: ShortlistEntry | None = None
    contacts: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, Value | Quality] = field(default_factory=dict)


def export_source(wanted: Wanted, user: User) -> Source:
    """The rows that the request chooses among those that the user sees.

    Raises DomainError `list_gone`, `filter_unreadable`, `nothing_to_export`, `too_many_rows`.
    """
    pk = wanted.shortlist_id
    source = _of_directory(wanted, user) if pk is None else _of_shortlist(wanted, pk, user)
    if not source.count:
        raise DomainError("nothing_to_export", _("No creator is left to export. Change the filters or the selection."))
    check_size(source.count, wanted.file_format)
    return source


def _of_shortlist(wanted: Wanted, pk: int, user: User) -> Source:
    shortlist = Shortlist.objects.visible_to(user).select_related("shop").filter(pk=pk).first()
    if shortlist is None:
        raise DomainError("list_gone", _("This shortlist does not exist any more."), status=404)
    entries = entries_of(shortlist, entry_order(QueryDict(wanted.query).get("ordering", "")))
    if wanted.ids:
        entries = entries.filter(creator__in=wanted.ids)
    words = _("Shortlist %(name)s of %(shop)s") % {"name": shortlist.name, "shop": shortlist.shop}
    contacts = CreatorContact.objects.visible_to(user).filter(shop=shortlist.shop)
    return Source(shortlist.name, words, entries.count(), entries, contacts)


def _of_directory(wanted: Wanted, user: User) -> Source:
    visible = CreatorFacts.objects.visible_to(user)
    directory = creator_filter(QueryDict(wanted.query), visible)
    if directory.errors and not wanted.ids:
        message = _("Some filters could not be read. Correct them in the list, then export again.")
        raise DomainError("filter_unreadable", message)
    rows = visible.filter(pk__in=wanted.ids) if wanted.ids else directory.qs
    words = _("Selected creators") if wanted.ids else _chips(directory)
    contacts = CreatorContact.objects.visible_to(user)
    return Source(_("Creators"), words, rows.count(), rows.order_by(*_sorting(directory)), contacts)


def _sorting(directory: CreatorFilter) -> list[Any]:
    column, order = F(directory.order.column), directory.order
    if order.descending:
        return [column.desc(nulls_last=True), F("pk").desc()]
    return [column.asc(nulls_last=True), F("pk").asc()]


def _chips(directory: CreatorFilter) -> str:
    return "; ".join(f"{chip.label} {chip.shown}" for chip in chips_of(directory)) or _("All creators")


def export_table(wanted: Wanted, source: Source, user: User, *, at: datetime) -> Table:
    """The table in the active language; its rows are read from the database while they are written."""
    columns = export_columns(wanted)
    local = timezone.localtime(at)
    about = [
        (_("File"), source.title),
        (_("Chosen by"), source.chosen_by),
        (_("Query"), wanted.query or "–"),
        (_("Made on"), f"{local:%Y-%m-%d %H:%M} {local.tzname()}"),
        (_("Made by"), str(user)),
        (_("Ranges"), _("Of a range the number is its lower end; the column “Not exact” holds both ends.")),
        *((str(column.header), str(BY_KEY[column.key].definition)) for column in columns if column.key in BY_KEY),
    ]
    return Table(f"{source.title} {local:%Y-%m-%d}", source.title, columns, _rows(wanted, source), about)


def export_columns(wanted: Wanted) -> list[Column]:
    """Who, what was chosen, and what makes the numbers readable; of a list note and who; contacts when asked for."""
    chosen = list(CHOOSABLE) if wanted.every_column else columns_chosen(wanted.columns)
    always = [column for column in CHOOSABLE if column.key in ("external_id", "as_of") and column not in chosen]
    columns = [*WHO, *chosen, *always, *SOURCE_COLUMNS]
    if wanted.shortlist_id:
        columns += ENTRY_COLUMNS
    return [*columns, *CONTACT_COLUMNS] if wanted.with_contacts else columns


def _rows(wanted: Wanted, source: Source) -> Iterator[ExportRow]:
    """The rows by a server-side cursor, some thousand at a time."""
    categories = Category.objects.in_bulk()
    for batch in _batches(source.queryset.iterator(chunk_size=BATCH), BATCH):
        rows = _listed(batch) if wanted.shortlist_id else _plain(batch, categories)
        ids = [row.creator.pk for row, _entry in rows]
        doubts = doubts_of(ids)
        contacts = _contacts(source, ids) if wanted.with_contacts else {}
        for row, entry in rows:
            pk = row.creator.pk
            mine, unsure = contacts.get(pk, {}), doubts.get(pk, {})
            yield ExportRow(row.creator, row.facts, row.values, row.categories, entry, mine, unsure)


def _listed(batch: list[ShortlistEntry]) -> list[tuple[Row, ShortlistEntry | None]]:
    return [(row, row.entry) for row in listed(batch, keys=())]


def _plain(batch: list[CreatorFacts], categories: dict[int, Category]) -> list[tuple[Row, ShortlistEntry | None]]:
    return [(row, None) for row in rows_of(batch, categories, keys=())]


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _contacts(source: Source, creator_ids: list[int]) -> dict[int, dict[str, str]]:
    """The contacts by creator and kind; several of a kind in one text."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = source.contacts.filter(creator__in=creator_ids).order_by("pk").values_list("creator", "kind", "value")
    for creator, kind, value in rows:
        if value not in found[creator][kind]:
            found[creator][kind].append(value)
    return {creator: {kind: "; ".join(values) for kind, values in kinds.items()} for creator, kinds in found.items()}


def not_exact(row: ExportRow) -> str:
    """The values of a row that are ranges or estimates, as the pages show them: "GMV 30d $50K–100K; GPM ≈ $31"."""
    language = get_language() or "en"
    names, texts = _short_names(language), []
    for key, doubt in row.doubts.items():
        metric = BY_KEY[key]
        fact = getattr(row.facts, metric.fact)
        if fact is not None:
            texts.append(f"{names[key]} {_doubt_text(metric, fact, doubt, language)}")
    return "; ".join(texts)


def _doubt_text(metric: Metric, fact: Any, doubt: Value | Quality, language: str) -> str:
    if isinstance(doubt, Value):
        return metric_text(metric, fact, doubt, language)[0]
    return single_text(metric, fact, doubt, language)


@cache
def _short_names(language: str) -> dict[str, str]:
    """The names of the metrics in a language: looked up once and not for every number of a file."""
    with override(language):
        return {metric.key: str(metric.short) for metric in METRICS}


def _entry_text(name: str) -> Any:
    return lambda row: str(getattr(row.entry, name))


SOURCE_COLUMNS = (
    Column("profile_link", gettext_lazy("Profile link"), lambda row: row.creator.profile_link, 36),
    Column("not_exact", gettext_lazy("Not exact"), not_exact, 40),
)
ENTRY_COLUMNS = (
    Column("note", gettext_lazy("Note"), _entry_text("note"), 40),
    Column("added_by", gettext_lazy("Added by"), _entry_text("added_by"), 20),
    Column("added_on", gettext_lazy("Added on"), lambda row: timezone.localtime(row.entry.added_at).date(), 12, "date"),
)
CONTACT_COLUMNS = (
    Column("email", gettext_lazy("E-mail"), lambda row: row.contacts.get("email"), 30),
    Column("contact", gettext_lazy("Other contact"), lambda row: row.contacts.get("other"), 30),
)
