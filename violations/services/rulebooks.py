"""Rule books: loaded from files, drafted, edited and published. A published one never changes."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from creators.models import Market
from violations.models import HealthBand, Milestone, Rule, RuleBook
from violations.rules.differences import FieldChange, MilestoneValues, Parameters, RuleValues, field_changes
from violations.selectors.rulebooks import contents_of, milestone_values, parameters_of, rule_values
from violations.states import BOOK_TRANSITIONS, BookState

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
CODE = re.compile(r"[a-z][a-z0-9_]*")
POINTS_MAX = 1_000
Part = TypeVar("Part", Rule, Milestone)
Row = TypeVar("Row", bound=Model)
TEXTS = ("title_en", "title_zh", "text_en", "text_zh")


@transaction.atomic
def rulebooks_load(*, at: datetime, by: User | None = None, folder: Path = REFERENCE) -> list[RuleBook]:
    """Publish the rule books that ship and are not there yet; returns those that were published now.

    A version that is there is left as it is, whatever the file says: a published book never changes.
    """
    files = sorted(folder.glob("*.json"))
    books = [_load(json.loads(file.read_text(encoding="utf-8")), by=by, at=at) for file in files]
    return [book for book in books if book is not None]


@transaction.atomic
def rulebook_draft(
    *, book: RuleBook, effective_from: datetime, by: User, at: datetime, market: Market | None = None
) -> RuleBook:
    """A draft of the next version of the book's code, with the same contents, in force from a later instant.

    With `market`, a book for all markets is copied into one of that market, which goes before it there. One draft a
    code. Raises DomainError `draft_exists`, `market_fixed`, `effective_not_later`, `effective_in_past`.
    """
    code = _code_of(book, market)
    # Whoever drafts next waits here; the number of the version and the one draft are looked up after the wait.
    versions = RuleBook.objects.filter(code__in={book.code, code}).order_by("pk")
    list(versions.select_for_update(no_key=True, of=("self",)))
    _check_no_draft(code)
    _check_effective(code, effective_from, at)
    latest = versions.filter(code=code).aggregate(latest=Max("version"))["latest"] or 0
    draft = RuleBook(code=code, version=latest + 1, market=market or book.market, is_computed=book.is_computed)
    draft.created_by, draft.created_at = by, at
    _assign(draft, asdict(parameters_of(book)) | {"effective_from": effective_from})
    draft.save()
    contents = contents_of(book)
    _fill(draft, contents.rules, contents.milestones)
    _copy_bands(book, draft)
    with _recorded(draft, by=by, change="drafted", what=str(book)):
        pass
    return draft


@transaction.atomic
def rulebook_update(*, book: RuleBook, values: Parameters, by: User, at: datetime) -> RuleBook:
    """Change a draft's parameters. Raises DomainError `not_draft`, `effective_not_later`, `effective_in_past`."""
    draft = _draft_lock(book)
    _check_effective(draft.code, values.effective_from, at)
    changes = field_changes(parameters_of(draft), values)
    with _recorded(draft, by=by, change="parameters", changes=changes):
        _assign(draft, asdict(values))
        draft.save(update_fields=list(asdict(values)))
    return draft


@transaction.atomic
def rule_save(*, book: RuleBook, values: RuleValues, by: User, rule: Rule | None = None) -> Rule:
    """Add a rule to a draft, or change `rule` of it; texts may be missing until the book is published.

    Raises DomainError `not_draft`, `part_gone`, `rule_code_invalid`, `rule_code_taken`, `points_out_of_range`.
    """
    draft = _draft_lock(book)
    _check_rule(values)
    found = _part(draft, Rule, rule)
    changes = field_changes(rule_values(found), values) if rule else ()
    text = _("The book has a rule %(code)s already. Change that one, or choose another code.") % {"code": values.code}
    with _recorded(draft, by=by, change="rule_changed" if rule else "rule_added", what=values.code, changes=changes):
        _save_part(found, asdict(values), DomainError("rule_code_taken", text, fields={"code": text}, status=409))
    return found


@transaction.atomic
def rule_delete(*, rule: Rule, by: User) -> None:
    """Take a rule out of a draft. Raises DomainError `not_draft`, `part_gone`."""
    draft = _draft_lock(rule.book)
    found = _part(draft, Rule, rule)
    with _recorded(draft, by=by, change="rule_removed", what=found.code):
        found.delete()


@transaction.atomic
def milestone_save(
    *, book: RuleBook, values: MilestoneValues, by: User, milestone: Milestone | None = None
) -> Milestone:
    """Add a milestone to a draft, or change `milestone` of it.

    Raises DomainError `not_draft`, `part_gone`, `threshold_zero`, `threshold_taken`, `days_without_features`.
    """
    draft = _draft_lock(book)
    _check_milestone(draft, values)
    found = _part(draft, Milestone, milestone)
    changes = field_changes(milestone_values(found), values) if milestone else ()
    text = _("The book has a milestone at %(threshold)s already.") % {"threshold": values.threshold}
    change = "milestone_changed" if milestone else "milestone_added"
    with _recorded(draft, by=by, change=change, what=str(values.threshold), changes=changes):
        _save_part(found, asdict(values), DomainError("threshold_taken", text, fields={"threshold": text}, status=409))
    return found


@transaction.atomic
def milestone_delete(*, milestone: Milestone, by: User) -> None:
    """Take a milestone out of a draft. Raises DomainError `not_draft`, `part_gone`."""
    draft = _draft_lock(milestone.book)
    found = _part(draft, Milestone, milestone)
    with _recorded(draft, by=by, change="milestone_removed", what=str(found.threshold)):
        found.delete()


@transaction.atomic
def rulebook_publish(*, book: RuleBook, by: User, at: datetime) -> RuleBook:
    """Publish a draft: from its instant on it judges what happens; nothing fires now, and it never changes again.

    Raises DomainError `not_draft`, `effective_not_later`, `effective_in_past`, `rules_missing`, `text_missing`.
    """
    draft = _draft_lock(book)
    _check_effective(draft.code, draft.effective_from, at)
    if draft.is_computed and not draft.rules.exists():
        raise DomainError("rules_missing", _("The book has no rule. Add one before publishing."))
    _check_texts(draft)
    _publish(draft, by=by, at=at)
    return draft


@transaction.atomic
def rulebook_discard(*, book: RuleBook, by: User) -> None:
    """Delete a draft with all that was written into it. Raises DomainError `not_draft`."""
    draft = _draft_lock(book)
    with _recorded(draft, by=by, change="discarded"):
        pass
    draft.delete()


def check_draft(book: RuleBook) -> None:
    """Raise DomainError `not_draft` for what is published."""
    if BookState.PUBLISHED not in BOOK_TRANSITIONS[book.state]:
        text = _("%(book)s is published and never changes. Draft a new version.") % {"book": book}
        raise DomainError("not_draft", text, status=409)


def _draft_lock(book: RuleBook) -> RuleBook:
    found = RuleBook.objects.select_for_update(of=("self",)).filter(pk=book.pk).first()
    if found is None:
        raise _gone()
    check_draft(found)
    return found


def _publish(book: RuleBook, *, by: User | None, at: datetime) -> None:
    check_draft(book)
    with _recorded(book, by=by, change="published"):
        book.state, book.published_by, book.published_at = BookState.PUBLISHED, by, at
        book.save(update_fields=["state", "published_by", "published_at"])


@contextmanager
def _recorded(
    book: RuleBook, *, by: User | None, change: str, what: str = "", changes: Iterable[FieldChange] = ()
) -> Iterator[None]:
    """Who did what, in the history of the book; rules and milestones have none of their own."""
    told = [[one.field, one.before, one.after] for one in changes]
    with pghistory.context(user=by.pk if by else None, change=change, what=what, changes=told):
        yield
        pghistory.create_event(book, label="update")


def _load(values: dict[str, Any], *, by: User | None, at: datetime) -> RuleBook | None:
    rules, milestones, bands = (values.pop(part) for part in ("rules", "milestones", "bands"))
    values["effective_from"] = datetime.fromisoformat(values["effective_from"])
    key = {"code": values.pop("code"), "version": values.pop("version")}
    defaults = values | {"market_id": values.pop("market"), "created_by": by, "created_at": at}
    book, is_new = RuleBook.objects.get_or_create(**key, defaults=defaults)
    if not is_new:
        return None
    _fill(book, [RuleValues(**row) for row in rules], [MilestoneValues(**row) for row in milestones])
    HealthBand.objects.bulk_create([HealthBand(book=book, **row) for row in bands])
    _publish(book, by=by, at=at)
    return book


def _fill(book: RuleBook, rules: Sequence[RuleValues], milestones: Sequence[MilestoneValues]) -> None:
    Rule.objects.bulk_create([_assign(Rule(book=book), asdict(values)) for values in rules])
    Milestone.objects.bulk_create([_assign(Milestone(book=book), asdict(values)) for values in milestones])


def _copy_bands(book: RuleBook, draft: RuleBook) -> None:
    bands = [
        HealthBand(book=draft, floor=one.floor, label_en=one.label_en, label_zh=one.label_zh, colour=one.colour)
        for one in book.bands.all()
    ]
    HealthBand.objects.bulk_create(bands)


def _assign(row: Row, values: dict[str, Any]) -> Row:
    for name, value in values.items():
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    return row


def _part(book: RuleBook, model: type[Part], part: Part | None) -> Part:
    """The part as it is now, or a new one."""
    if part is None:
        return model(book=book)
    found = model._default_manager.filter(book=book, pk=part.pk).first()
    if found is None:
        raise _gone()
    return found


def _save_part(part: Rule | Milestone, values: dict[str, Any], taken: DomainError) -> None:
    try:
        # A savepoint: the database says whether the code or threshold is taken.
        with transaction.atomic():
            _assign(part, values).save()
    except IntegrityError as error:
        raise taken from error


def _code_of(book: RuleBook, market: Market | None) -> str:
    if market is None:
        return book.code
    if book.market_id or not book.is_computed:
        text = _("Only a book for all markets can be copied for one market.")
        raise DomainError("market_fixed", text, fields={"market": text})
    return f"{book.code}-{market.pk.lower()}"


def _check_no_draft(code: str) -> None:
    draft = RuleBook.objects.filter(code=code, state=BookState.DRAFT).first()
    if draft is not None:
        text = _("%(book)s is a draft already. Edit that one, or discard it first.") % {"book": draft}
        raise DomainError("draft_exists", text, status=409)


def _check_effective(code: str, effective_from: datetime, at: datetime) -> None:
    """A version begins after the one before it, and never in the past: what was logged stays as it was judged."""
    latest = RuleBook.objects.published().filter(code=code).order_by("-effective_from").first()
    if latest and effective_from <= latest.effective_from:
        text = _("Choose an instant after that of %(book)s.") % {"book": latest}
        raise DomainError("effective_not_later", text, fields={"effective_from": text})
    if effective_from < at:
        text = _("Choose an instant that is still to come.")
        raise DomainError("effective_in_past", text, fields={"effective_from": text})


def _check_rule(values: RuleValues) -> None:
    if not CODE.fullmatch(values.code):
        text = _("Use small letters, digits and underscores, beginning with a letter: late_content.")
        raise DomainError("rule_code_invalid", text, fields={"code": text})
    if not 1 <= values.points <= POINTS_MAX:
        text = _("A rule costs 1 to %(most)s points.") % {"most": POINTS_MAX}
        raise DomainError("points_out_of_range", text, fields={"points": text})


def _check_milestone(book: RuleBook, values: MilestoneValues) -> None:
    if book.is_computed and not values.threshold:
        text = _("A balance is never below 0, so that 0 is never reached. Choose 1 or more.")
        raise DomainError("threshold_zero", text, fields={"threshold": text})
    if values.days and not values.features:
        text = _("Choose what is withdrawn for these days, or leave the days empty for a warning.")
        raise DomainError("days_without_features", text, fields={"days": text})


def _check_texts(book: RuleBook) -> None:
    """Creators read every rule, in both languages; a milestone without any text is described by what it does."""
    parts = [rule.code for rule in book.rules.all() if not all(getattr(rule, name).strip() for name in TEXTS)]
    parts += [str(one.threshold) for one in book.milestones.all() if bool(one.text_en) != bool(one.text_zh)]
    if not (book.name_en.strip() and book.name_zh.strip()):
        parts.insert(0, _("the name"))
    if parts:
        text = _("Write these in both languages before publishing: %(parts)s.") % {"parts": ", ".join(parts)}
        raise DomainError("text_missing", text)


def _gone() -> DomainError:
    return DomainError("part_gone", _("Somebody removed this meanwhile. Open the book again."), status=409)
