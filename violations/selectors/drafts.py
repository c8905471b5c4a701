"""What a form that logs a violation shows while it is written: whom it means, the rules of that time, what follows."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Shop, User
from core.errors import DomainError
from creators.models import Creator
from violations.models import POINTS_LAST, LedgerEntry, Rule, RuleBook
from violations.rules.languages import mail_language
from violations.selectors.notices import address_of
from violations.selectors.picker import Picked, creators_named, picked
from violations.selectors.preview import Preview, violation_preview
from violations.selectors.rulebooks import version_before
from violations.selectors.standings import book_in_force


@dataclass(frozen=True)
class SeverityChoice:
    """A severity of the book: its points, and how many of its rules are strikes."""

    value: str
    label: str
    least: int
    most: int
    is_strike: bool
    rules: list[Rule]


@dataclass(frozen=True)
class Draft:
    """A violation that is being written. `refusal` says why there is no preview although enough is filled in."""

    creator: Picked | None = None
    last_entry: LedgerEntry | None = None
    matches: list[Picked] = field(default_factory=list)
    text: str = ""
    book: RuleBook | None = None
    severities: list[SeverityChoice] = field(default_factory=list)
    rule: Rule | None = None
    book_before: RuleBook | None = None
    preview: Preview | None = None
    refusal: str = ""
    is_late: bool = False
    address: str = ""
    language: str = "en"

    @property
    def nobody_found(self) -> bool:
        return bool(self.text) and self.creator is None and not self.matches


def draft_of(
    *,
    user: User,
    at: datetime,
    creator: Creator | None = None,
    creator_text: str = "",
    rule_code: str = "",
    effective_at: datetime | None = None,
    content_link: str = "",
    shop: Shop | None = None,
) -> Draft:
    """What is known of the violation so far; nothing is required."""
    matches: list[Creator] = []
    if creator is None and creator_text.strip():
        named = creators_named(creator_text, user=user)
        creator, matches = named.exact, named.creators
    happened = effective_at or at
    book = book_in_force(creator.market_id if creator else "", at=happened)
    severities = severities_of(book)
    rule = next((rule for one in severities for rule in one.rules if rule.code == rule_code), None)
    preview, refusal = None, ""
    if creator is not None and rule_code:
        try:
            preview = violation_preview(
                creator=creator, rule_code=rule_code, effective_at=happened, at=at, content_link=content_link
            )
        except DomainError as error:
            refusal = str(error)
    return Draft(
        creator=picked([creator], at=at)[0] if creator else None,
        last_entry=creator.ledger.violations().order_by("sequence").last() if creator else None,
        matches=picked(matches, at=at) if creator is None else [],
        text=creator_text.strip(),
        book=book,
        severities=severities,
        rule=rule,
        book_before=version_before(book) if rule and book else None,
        preview=preview,
        refusal=refusal,
        is_late=happened <= at - POINTS_LAST,
        address=address_of(creator, shop=shop, user=user) if creator else "",
        language=mail_language(creator.language) if creator else "en",
    )


def severities_of(book: RuleBook | None) -> list[SeverityChoice]:
    """The severities of the book that have rules, the mildest first."""
    choices: dict[str, list[Rule]] = {}
    for rule in book.rules.select_related("book").order_by("points", "pk") if book else ():
        choices.setdefault(rule.severity, []).append(rule)
    return [
        SeverityChoice(
            value,
            str(rules[0].look.label),
            min(rule.points for rule in rules),
            max(rule.points for rule in rules),
            any(rule.strike for rule in rules),
            rules,
        )
        for value, rules in choices.items()
    ]
