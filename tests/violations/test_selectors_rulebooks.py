from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from tests.factories import make_market, make_user
from tests.ledger import NOON, make_book
from violations.models import Rule, RuleBook
from violations.rules.differences import FieldChange
from violations.selectors.rulebook_words import (
    feature_words,
    history_of,
    milestone_words,
    strike_words,
    told,
    told_differences,
)
from violations.selectors.rulebooks import (
    differences_between,
    draft_of,
    listed,
    milestone_values,
    parameters_of,
    rule_values,
    rules_by_severity,
    version_before,
)
from violations.selectors.standings import book_in_force
from violations.services.rulebooks import (
    milestone_save,
    rule_delete,
    rule_save,
    rulebook_draft,
    rulebook_publish,
    rulebook_update,
)

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(days=9)
DAY = timedelta(days=1)


def make_version(book: RuleBook, *, effective_from=SOON, **options) -> RuleBook:
    draft = rulebook_draft(book=book, effective_from=effective_from, by=make_user("ops"), at=NOON, **options)
    return rulebook_publish(book=draft, by=make_user("admin"), at=NOON)


def looks(at) -> dict[str, str]:
    with translation.override("en"):
        return {str(one.book): str(one.look.label) for one in listed(make_user("viewer"), at=at)}


def test_a_version_is_in_force_from_its_instant_on():
    first = make_book()
    second = make_version(first)
    assert book_in_force("US", at=first.effective_from - DAY) is None
    assert book_in_force("US", at=SOON - timedelta(microseconds=1)) == first
    assert book_in_force("US", at=SOON) == second


def test_a_draft_is_never_in_force():
    first = make_book()
    rulebook_draft(book=first, effective_from=SOON, by=make_user("ops"), at=NOON)
    assert book_in_force("US", at=SOON + DAY) == first


def test_the_book_of_the_market_goes_first():
    general = make_book()
    vietnam = make_version(general, market=make_market("VN"))
    later = make_version(general, effective_from=SOON + DAY)
    assert book_in_force("VN", at=SOON - DAY) == general
    assert book_in_force("VN", at=SOON + 2 * DAY) == vietnam
    assert book_in_force("GB", at=SOON + 2 * DAY) == later


def test_an_imported_rating_judges_nobody():
    make_book("chr-2026", is_computed=False)
    assert book_in_force("US", at=NOON) is None


def test_list_says_which_books_are_in_force():
    general = make_book()
    make_book("chr-2026", is_computed=False)
    make_version(general, market=make_market("VN"))
    second = make_version(general)
    rulebook_draft(book=second, effective_from=SOON + DAY, by=make_user("ops"), at=NOON)
    assert looks(NOON) == {
        "house-2024 v1": "In force",
        "house-2024 v2": "Published, still to come",
        "house-2024 v3": "Draft",
        "house-2024-vn v1": "Published, still to come",
        "chr-2026 v1": "In force",
    }
    later = looks(SOON)
    assert (later["house-2024 v1"], later["house-2024 v2"], later["house-2024-vn v1"]) == (
        "Replaced",
        "In force",
        "In force",
    )


def test_list_counts_rules_and_milestones():
    make_book()
    (one,) = listed(make_user("viewer"), at=NOON)
    assert (one.rules, one.milestones, one.in_force) == (18, 4, True)


def test_rules_are_grouped_by_severity():
    groups = rules_by_severity(make_book())
    assert [group.rules[0].severity for group in groups] == ["minor", "moderate", "major", "critical", "extreme"]
    assert sum(len(group.rules) for group in groups) == 18


def test_versions_of_a_code_find_each_other():
    first = make_book()
    make_book("other")
    draft = rulebook_draft(book=first, effective_from=SOON, by=make_user("ops"), at=NOON)
    assert (version_before(draft), version_before(first)) == (first, None)
    assert (draft_of(first), draft_of(RuleBook.objects.get(code="other"))) == (draft, None)


def test_differences_are_told_in_words():
    ops, first = make_user("ops"), make_book()
    draft = rulebook_draft(book=first, effective_from=SOON, by=ops, at=NOON)
    spam, twelve = draft.rules.get(code="spam"), draft.milestones.get(threshold=12)
    only_live = replace(parameters_of(draft), strike_features=("live",))
    draft = rulebook_update(book=draft, values=only_live, by=ops, at=NOON)
    rule_save(book=draft, values=replace(rule_values(spam), points=5, strike=False), by=ops, rule=spam)
    rule_delete(rule=draft.rules.get(code="fraud"), by=ops)
    milestone_save(book=draft, values=replace(milestone_values(twelve), days=None), by=ops, milestone=twelve)
    with translation.override("en"):
        found = told_differences(differences_between(first, draft))
    assert found.count == 5
    assert [(one.label, one.before, one.after) for one in found.parameters] == [
        ("In force from", "1 Jan 2024, 00:00", "1 Dec, 12:00"),
        ("Withdrawn by strikes", "LIVE, Video, Showcase", "LIVE"),
    ]
    removed, changed = found.rules
    assert (removed.kind, removed.name, removed.text) == ("Removed", "Fraud", "Extreme, 6 points, strike")
    assert [(one.label, one.before, one.after) for one in changed.changes] == [
        ("Points", "4", "5"),
        ("Strike", "yes", "no"),
    ]
    (milestone,) = found.milestones
    assert (milestone.name, milestone.text) == ("Balance 12", "")
    assert [(one.before, one.after) for one in milestone.changes] == [("7", "no end")]


@pytest.mark.parametrize(
    ("features", "days", "blocks", "words"),
    [
        ((), None, True, "Written warning. No new seat in a plan while the balance is there."),
        (("live",), 1, False, "LIVE withdrawn for 1 day."),
        (("showcase", "live"), 14, False, "LIVE, Showcase withdrawn for 14 days."),
        (("live",), None, False, "LIVE withdrawn until a reversal or a lift."),
    ],
)
def test_milestones_in_words(features, days, blocks, words):
    with translation.override("en"):
        assert milestone_words(features=features, days=days, blocks_seats=blocks) == words


def test_nothing_is_claimed_of_a_rating():
    with translation.override("en"):
        words = milestone_words(features=(), days=None, blocks_seats=False, is_computed=False)
    assert words == "What the platform does here is not published."


def test_words_of_features_and_strikes():
    book = make_book()
    with translation.override("en"):
        assert feature_words([]) == "–"
        assert strike_words(book) == "3 at once: LIVE, Video, Showcase withdrawn for 7 days"


def test_what_the_history_keeps_as_text_is_told_like_the_rest():
    with translation.override("en"):
        (one,) = told(RuleBook, [FieldChange("effective_from", "2024-01-01T00:00:00Z", "2025-02-03T04:05:00Z")])
        (severity,) = told(Rule, [FieldChange("severity", "minor", "extreme")])
    assert (one.before, one.after) == ("1 Jan 2024, 00:00", "3 Feb 2025, 04:05")
    assert (severity.before, severity.after) == ("Minor", "Extreme")


def test_a_change_by_hand_is_in_the_history():
    draft = make_book(publish=False)
    RuleBook.objects.filter(pk=draft.pk).update(appeal_days=60)
    with translation.override("en"):
        line = history_of(draft)[0]
    assert (line.text, line.by, line.changes) == ("Changed in the database", None, [])
