"""Rule books in words: their fields, what a milestone does, what differs, and who changed what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from core.ui import UNKNOWN, format_moment
from creators.models import by_language
from violations.models import Milestone, Rule, RuleBook
from violations.rules.differences import Difference, Differences, FieldChange, Kind, RuleValues
from violations.states import Feature, Severity

HISTORY_ROWS = 100
# Fields whose models name them otherwise, or not at all.
LABELS: dict[str, str | Promise] = {
    "strike_features": gettext_lazy("Withdrawn by strikes"),
    "features": gettext_lazy("Withdrawn"),
    "threshold": gettext_lazy("Balance"),
}
CHANGES: dict[str, str | Promise] = {
    "drafted": gettext_lazy("Drafted from %(what)s"),
    "parameters": gettext_lazy("Changed the parameters"),
    "rule_added": gettext_lazy("Added the rule %(what)s"),
    "rule_changed": gettext_lazy("Changed the rule %(what)s"),
    "rule_removed": gettext_lazy("Removed the rule %(what)s"),
    "milestone_added": gettext_lazy("Added the milestone at %(what)s"),
    "milestone_changed": gettext_lazy("Changed the milestone at %(what)s"),
    "milestone_removed": gettext_lazy("Removed the milestone at %(what)s"),
    "published": gettext_lazy("Published"),
}
KINDS: dict[Kind, tuple[str | Promise, str]] = {
    "added": (gettext_lazy("Added"), "ok"),
    "removed": (gettext_lazy("Removed"), "bad"),
    "changed": (gettext_lazy("Changed"), "info"),
}


@dataclass(frozen=True)
class Told:
    """A field before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ToldPart:
    """A rule or milestone that differs; `text` says what an added or removed one does."""

    kind: str | Promise
    colour: str
    name: str
    text: str
    changes: list[Told]


@dataclass(frozen=True)
class ToldDifferences:
    """What differs between two versions, in words."""

    parameters: list[Told]
    rules: list[ToldPart]
    milestones: list[ToldPart]

    @property
    def count(self) -> int:
        return len(self.parameters) + len(self.rules) + len(self.milestones)


@dataclass(frozen=True)
class HistoryLine:
    """Who did what to a book, and when; `by` None: from the shell."""

    at: datetime
    by: User | None
    text: str
    changes: list[Told]


def listing(words: Iterable[object]) -> str:
    """Words one after another, with the comma of the language."""
    comma = "、" if (get_language() or "").startswith("zh") else ", "
    return comma.join(str(word) for word in words)


def feature_words(features: Iterable[str]) -> str:
    """LIVE, Video, Showcase, in this order; a dash for none."""
    given = set(features)
    return listing(one.label for one in Feature if one in given) or UNKNOWN


def moment_words(instant: datetime) -> str:
    """Day and time of day in the time zone of the page."""
    return format_moment(timezone.localtime(instant), get_language() or "", timezone.localdate())


def milestone_words(*, features: Sequence[str], days: int | None, blocks_seats: bool, is_computed: bool = True) -> str:
    """What a milestone does, in a sentence; of an imported rating nothing is known."""
    if not is_computed and not features:
        return _("What the platform does here is not published.")
    seats = _("No new seat in a plan while the balance is there.") if blocks_seats else ""
    return " ".join(part for part in (_withdrawn_words(features, days), seats) if part)


def _withdrawn_words(features: Sequence[str], days: int | None) -> str:
    if not features:
        return _("Written warning.")
    if days is None:
        return _("%(features)s withdrawn until a reversal or a lift.") % {"features": feature_words(features)}
    text = ngettext("%(features)s withdrawn for %(days)s day.", "%(features)s withdrawn for %(days)s days.", days)
    return text % {"features": feature_words(features), "days": days}


def strike_words(book: RuleBook) -> str:
    """What strikes do, in a sentence."""
    values = {"count": book.strike_count, "features": feature_words(book.strike_features), "days": book.strike_days}
    return _("%(count)s at once: %(features)s withdrawn for %(days)s days") % values


def told_differences(found: Differences, *, is_computed: bool = True) -> ToldDifferences:
    """The differences in words of the page's language, texts in both languages."""
    return ToldDifferences(
        told(RuleBook, found.parameters),
        [_told_part(Rule, one, is_computed) for one in found.rules],
        [_told_part(Milestone, one, is_computed) for one in found.milestones],
    )


def told(model: type[RuleBook | Rule | Milestone], changes: Iterable[FieldChange]) -> list[Told]:
    """Changes of a model's fields in words."""
    return [
        Told(_label(model, one.field), _value_words(one.field, one.before), _value_words(one.field, one.after))
        for one in changes
    ]


def history_of(book: RuleBook) -> list[HistoryLine]:
    """Who drafted, changed and published the book, the newest first; at most 100 lines.

    The trigger and the service both record a change of the book itself: one line for each context.
    """
    events = apps.get_model("violations", "RuleBookEvent")._default_manager.filter(pgh_obj_id=book.pk)
    rows = list(events.select_related("pgh_context").order_by("-pgh_id")[: 2 * HISTORY_ROWS])
    once = {row.pgh_context_id or row.pgh_id: row for row in reversed(rows)}
    told_by = [row.pgh_context.metadata if row.pgh_context else {} for row in once.values()]
    people = User.objects.in_bulk([one["user"] for one in told_by if one.get("user")])
    lines = [
        HistoryLine(row.pgh_created_at, people.get(one.get("user")), _change_words(one), _told_changes(one))
        for row, one in zip(once.values(), told_by, strict=True)
    ]
    return lines[::-1][:HISTORY_ROWS]


def _change_words(metadata: dict[str, Any]) -> str:
    words = CHANGES.get(metadata.get("change", ""))
    return str(words) % {"what": metadata.get("what", "")} if words else _("Changed in the database")


def _told_changes(metadata: dict[str, Any]) -> list[Told]:
    change = metadata.get("change", "")
    model = Rule if change.startswith("rule") else Milestone if change.startswith("milestone") else RuleBook
    return told(model, [FieldChange(*one) for one in metadata.get("changes", [])])


def _told_part(model: type[Rule | Milestone], one: Difference, is_computed: bool) -> ToldPart:
    kind, colour = KINDS[one.kind]
    part = one.part
    if isinstance(part, RuleValues):
        name = " ".join(word for word in (part.clause, by_language(part.title_en, part.title_zh)) if word)
        severity = Severity(part.severity).label
        text = ngettext("%(severity)s, %(points)s point", "%(severity)s, %(points)s points", part.points)
        text = text % {"severity": severity, "points": part.points}
        text = listing([text, _("strike")]) if part.strike else text
    else:
        name = _("Balance %(threshold)s") % {"threshold": part.threshold}
        text = milestone_words(
            features=part.features, days=part.days, blocks_seats=part.blocks_seats, is_computed=is_computed
        )
    return ToldPart(kind, colour, name, "" if one.kind == "changed" else text, told(model, one.changes))


def _label(model: type[RuleBook | Rule | Milestone], field: str) -> str:
    return str(LABELS.get(field) or model._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def _value_words(field: str, value: Any) -> str:
    """A value of a field as people write it; what the history keeps as text is read again."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "effective_from":
        return moment_words(datetime.fromisoformat(value) if isinstance(value, str) else value)
    if field in ("features", "strike_features"):
        return feature_words(value)
    if field == "severity":
        return str(Severity(value).label)
    if field == "days" and value is None:
        return _("no end")
    return str(value) if value not in ("", None) else UNKNOWN
