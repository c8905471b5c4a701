"""Rule books as pages and the API show them: which are in force, what they say, how a version differs."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.states import Look
from violations.models import Milestone, Rule, RuleBook
from violations.rules.differences import (
    Contents,
    Differences,
    MilestoneValues,
    Parameters,
    RuleValues,
    differences,
)
from violations.states import BOOK_LOOKS, SEVERITY_LOOKS, BookState, Severity

IN_FORCE = Look(_("In force"), "ok")
TO_COME = Look(_("Published, still to come"), "info")
REPLACED = Look(_("Replaced"), "idle")


@dataclass(frozen=True)
class Listed:
    """A book with the number of its rules and milestones, and whether it is in force."""

    book: RuleBook
    look: Look
    rules: int
    milestones: int

    @property
    def in_force(self) -> bool:
        return self.look is IN_FORCE


@dataclass(frozen=True)
class SeverityGroup:
    """The rules of one severity."""

    look: Look
    rules: list[Rule]


def listed(user: User, *, at: datetime) -> list[Listed]:
    """The books that the user sees, by code, the newest version of each first."""
    books = RuleBook.objects.visible_to(user).select_related("market", "created_by", "published_by")
    books = books.order_by("-is_computed", "code", "-version")
    counts = {
        model: dict(model._default_manager.values_list("book").annotate(Count("pk")).values_list("book", "pk__count"))
        for model in (Rule, Milestone)
    }
    in_force = books_in_force(at=at)
    return [
        Listed(book, look_of(book, in_force, at=at), counts[Rule].get(book.pk, 0), counts[Milestone].get(book.pk, 0))
        for book in books
    ]


def books_in_force(*, at: datetime) -> set[int]:
    """The keys of the books that apply to some market at the instant.

    Among computed books the latest of each market, or of all markets, applies, whatever its code; of an imported
    rating the latest version.
    """
    books = RuleBook.objects.published().filter(effective_from__lte=at).order_by("effective_from", "version")
    latest = {(book.market_id, "" if book.is_computed else book.code): book.pk for book in books}
    return set(latest.values())


def look_of(book: RuleBook, in_force: set[int], *, at: datetime) -> Look:
    """The state of a book in a word: draft, to come, in force or replaced."""
    if book.state == BookState.DRAFT:
        return BOOK_LOOKS[BookState.DRAFT]
    if book.effective_from > at:
        return TO_COME
    return IN_FORCE if book.pk in in_force else REPLACED


def rules_by_severity(book: RuleBook) -> list[SeverityGroup]:
    """The rules of the book, the mildest severity first; severities without a rule are left out."""
    rules = list(book.rules.order_by("clause", "points", "pk"))
    groups = ((one, [rule for rule in rules if rule.severity == one]) for one in Severity.values)
    return [SeverityGroup(SEVERITY_LOOKS[one], found) for one, found in groups if found]


def draft_of(book: RuleBook) -> RuleBook | None:
    """The draft of the next version of the book's code, if there is one."""
    return RuleBook.objects.filter(code=book.code, state=BookState.DRAFT).first()


def version_before(book: RuleBook) -> RuleBook | None:
    """The version that the book's follows; every version before a draft is published."""
    return RuleBook.objects.filter(code=book.code, version__lt=book.version).order_by("-version").first()


def differences_between(before: RuleBook, after: RuleBook) -> Differences:
    """How the second book differs from the first."""
    return differences(contents_of(before), contents_of(after))


def contents_of(book: RuleBook) -> Contents:
    """All that the book says, as plain values."""
    return Contents(
        parameters_of(book),
        tuple(rule_values(rule) for rule in book.rules.order_by("clause", "points", "pk")),
        tuple(milestone_values(one) for one in book.milestones.order_by("threshold")),
    )


def parameters_of(book: RuleBook) -> Parameters:
    """The parameters of the book as plain values."""
    return Parameters(**_values(book, fields(Parameters)))


def rule_values(rule: Rule) -> RuleValues:
    """The rule as plain values."""
    return RuleValues(**_values(rule, fields(RuleValues)))


def milestone_values(milestone: Milestone) -> MilestoneValues:
    """The milestone as plain values."""
    return MilestoneValues(**_values(milestone, fields(MilestoneValues)))


def _values(row: Any, wanted: Iterable[Any]) -> dict[str, Any]:
    found = {one.name: getattr(row, one.name) for one in wanted}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
