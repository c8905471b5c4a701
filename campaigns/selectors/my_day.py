"""What a seller does today: work by kind, the most urgent first, each with one action."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, F, Q, QuerySet, Window
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import Collaboration
from campaigns.selectors.steps import Button, day_text, late_text
from core.ui import format_day
from creators.models import Creator

SHOWN = 6
# How far the day looks ahead.
AHEAD = timedelta(days=3)


@dataclass(frozen=True)
class Task:
    """One thing to do: about whom, what, when and in which colour, and the button that does it."""

    creator: Creator
    what: str
    url: str
    due_text: str = ""
    css: str = ""
    button: Button | None = None


@dataclass(frozen=True)
class TaskList:
    """Tasks of one kind; `number` counts all of them, `late` those past their time; the rest is at `more`."""

    key: str
    label: str | Promise
    number: int
    late: int
    tasks: list[Task]
    more: Button

    @property
    def hidden(self) -> int:
        return self.number - len(self.tasks)


@dataclass(frozen=True)
class Day:
    """Whose day it is: of the user's shops all collaborations, or the user's own."""

    user: User
    at: datetime
    is_mine: bool

    @property
    def today(self) -> date:
        return timezone.localtime(self.at).date()

    @property
    def shops(self) -> QuerySet[Any]:
        return Shop.objects.visible_to(self.user).values("pk")

    @property
    def collaborations(self) -> QuerySet[Collaboration]:
        """Those under way."""
        found = Collaboration.objects.visible_to(self.user).active()
        return found.filter(owner=self.user) if self.is_mine else found

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Rows of samples or contents that belong to these collaborations."""
        return rows.filter(collaboration__in=self.collaborations.order_by().values("pk"))

    def due_text(self, due: datetime | date | None) -> tuple[str, str]:
        """When, and in which colour; a day is over at its end."""
        if due is None:
            return "", ""
        if isinstance(due, datetime):
            if due <= self.at:
                return _("%(late)s late") % {"late": late_text(self.at - due)}, "late"
            if due - self.at < timedelta(days=1):
                return _("within 24 hours"), "soon"
            return _("by %(day)s") % {"day": day_text(due, self.today)}, ""
        if due < self.today:
            return _("%(late)s late") % {"late": late_text(self.today - due)}, "late"
        words = {"day": format_day(due, get_language() or "en", self.today)}
        return _("by %(day)s") % words, "soon" if due == self.today else ""


@dataclass(frozen=True)
class Source:
    """Where tasks of one kind come from: rows with a due instant or day, and what one of them asks for."""

    key: str
    label: str | Promise
    rows: Callable[[Day], QuerySet[Any]]
    due: str
    task: Callable[[Day, Any], Task]
    more: Button
    related: Sequence[str] = ()
    # What waits since an instant is never late.
    may_be_late: bool = True
    permission: str = ""


def tasks_of(source: Source, day: Day) -> TaskList:
    """The most urgent tasks of a kind; one query for their keys and the counts, one for the rows that are shown."""
    rows = source.rows(day)
    is_instant = isinstance(rows.model._meta.get_field(source.due), DateTimeField)
    past = Q(**({f"{source.due}__lte": day.at} if is_instant else {f"{source.due}__lt": day.today}))
    counted = rows.annotate(in_all=Window(Count("pk")), past=Window(Count("pk", filter=past)))
    first = list(counted.order_by(F(source.due).asc(nulls_last=True), "pk").values_list("pk", "in_all", "past")[:SHOWN])
    number, late = first[0][1:] if first else (0, 0)
    keys = [row[0] for row in first]
    found = rows.model._default_manager.select_related(*source.related).in_bulk(keys) if keys else {}
    tasks = [source.task(day, found[key]) for key in keys if key in found]
    return TaskList(source.key, source.label, number, late if source.may_be_late else 0, tasks, source.more)


def urgent_first(lists: Sequence[TaskList]) -> list[TaskList]:
    """Lists with something in them: those with late tasks first, each in the order of the day."""
    return sorted((one for one in lists if one.number), key=lambda one: not one.late)
