"""Ledgers that tests build for themselves: the house's rule book, and entries through the real service."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import User
from creators.models import Creator
from tests.factories import make_user
from violations.models import Appeal, LedgerEntry, Milestone, Rule, RuleBook
from violations.services.ledger import violation_log

# A Sunday noon, so that working days are easy to count.
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEATURES = ("live", "video", "showcase")
# Severity: points, strike, rules.
RULES = {
    "minor": (1, False, ("low_quality_content", "poor_live_experience", "late_content")),
    "moderate": (2, False, ("misleading_promotion", "deceptive_traffic", "absolute_claim", "unreviewed_publication")),
    "major": (3, False, ("medical_claim", "ip_infringement", "stolen_material", "sample_not_fulfilled")),
    "critical": (4, True, ("sensational_content", "spam", "prohibited_goods", "public_backlash")),
    "extreme": (6, True, ("counterfeit_goods", "fraud", "illegal_activity")),
}
MILESTONES = ((6, (), 0), (12, ("live",), 7), (18, FEATURES, 14), (24, FEATURES, None))


def make_book(code: str = "house-2024", *, publish: bool = True, **fields: Any) -> RuleBook:
    """The house's rule book with its rules and milestones, written straight; not what ships, but the same numbers."""
    values = {"name_en": "House rules", "name_zh": "店规", "effective_from": datetime(2024, 1, 1, tzinfo=UTC)}
    values |= {"created_at": values["effective_from"], "strike_features": list(FEATURES)} | fields
    book = RuleBook.objects.create(code=code, **values)
    Rule.objects.bulk_create(
        [
            Rule(
                book=book,
                code=rule,
                severity=severity,
                points=points,
                strike=strike,
                title_en=rule.replace("_", " ").capitalize(),
                title_zh=f"规则 {rule}",
                text_en=f"No {rule.replace('_', ' ')}.",
                text_zh=f"禁止 {rule}。",
            )
            for severity, (points, strike, rules) in RULES.items()
            for rule in rules
        ]
    )
    for threshold, features, days in MILESTONES:
        Milestone.objects.create(
            book=book, threshold=threshold, features=list(features), days=days, blocks_seats=threshold == 6
        )
    if publish:
        book.state, book.published_at = "published", values["created_at"]
        book.save()
    return book


def log(
    creator: Creator, rule_code: str = "late_content", *, at: datetime = NOON, by: User | None = None, **options: Any
) -> LedgerEntry:
    """An entry of the rule that happened and is recorded at the instant; repeats are confirmed."""
    options = {"effective_at": at, "repeat_confirmed": True} | options
    return violation_log(creator=creator, rule_code=rule_code, by=by or make_user("ops"), at=at, **options)


def log_all(creator: Creator, rules: Iterable[str], *, at: datetime = NOON, **options: Any) -> list[LedgerEntry]:
    """Entries of the rules, a minute apart."""
    return [log(creator, rule, at=at + timedelta(minutes=place), **options) for place, rule in enumerate(rules)]


def make_appeal(entry: LedgerEntry, **fields: Any) -> Appeal:
    """An appeal against the entry, written straight."""
    values = {"statement": "The label was on.", "filed_at": entry.recorded_at}
    return Appeal.objects.create(entry=entry, **values | {"due_at": values["filed_at"] + timedelta(days=14)} | fields)
