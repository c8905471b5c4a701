from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from core.errors import DomainError
from tests.factories import make_creator, make_market, make_user
from tests.ledger import NOON, log, make_book
from violations.models import HealthBand, LedgerEntry, Rule, RuleBook
from violations.selectors.rulebook_words import history_of
from violations.selectors.rulebooks import contents_of, milestone_values, parameters_of, rule_values
from violations.services.rulebooks import (
    milestone_delete,
    milestone_save,
    rule_delete,
    rule_save,
    rulebook_discard,
    rulebook_draft,
    rulebook_publish,
    rulebook_update,
)

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(days=9)


def make_draft(book: RuleBook | None = None, **options) -> RuleBook:
    options = {"effective_from": SOON, "by": make_user("ops"), "at": NOON} | options
    return rulebook_draft(book=book or make_book(), **options)


def code_of(call) -> str:
    """The code with which the service refuses."""
    with pytest.raises(DomainError) as refused:
        call()
    return refused.value.code


def test_draft_copies_the_book_into_its_next_version():
    book, ops = make_book(), make_user("ops")
    draft = make_draft(book, by=ops)
    assert (str(draft), draft.state, draft.effective_from) == ("house-2024 v2", "draft", SOON)
    assert (draft.created_by, draft.created_at, draft.published_by) == (ops, NOON, None)
    before, after = contents_of(book), contents_of(draft)
    assert after == replace(before, parameters=replace(before.parameters, effective_from=SOON))
    assert not set(book.rules.values_list("pk")) & set(draft.rules.values_list("pk"))


def test_draft_of_a_rating_keeps_its_bands():
    rating = make_book("chr-2026", publish=False, is_computed=False)
    HealthBand.objects.create(book=rating, floor=200, label_en="Healthy", label_zh="健康", colour="ok")
    RuleBook.objects.filter(pk=rating.pk).update(state="published", published_at=NOON)
    draft = make_draft(rating)
    assert not draft.is_computed
    assert list(draft.bands.values_list("floor", "colour")) == [(200, "ok")]


def test_there_is_one_draft_a_code():
    book = make_book()
    make_draft(book)
    assert code_of(lambda: make_draft(book)) == "draft_exists"


def test_a_draft_begins_after_the_version_before_and_in_the_future():
    book = make_book(effective_from=SOON)
    assert code_of(lambda: make_draft(book, effective_from=SOON)) == "effective_not_later"
    past = {"effective_from": NOON - timedelta(seconds=1)}
    assert code_of(lambda: make_draft(make_book("other"), **past)) == "effective_in_past"


def test_a_book_for_all_markets_is_copied_for_one():
    book, vietnam = make_book(), make_market("VN")
    draft = make_draft(book, market=vietnam)
    assert (str(draft), draft.market) == ("house-2024-vn v1", vietnam)
    assert code_of(lambda: make_draft(draft, market=make_market("US"))) == "market_fixed"


def test_an_imported_rating_has_no_market():
    rating = make_book("chr-2026", is_computed=False)
    assert code_of(lambda: make_draft(rating, market=make_market("VN"))) == "market_fixed"


def test_update_changes_the_parameters():
    draft = make_draft()
    values = replace(parameters_of(draft), name_zh="新规", appeal_days=45, strike_features=("live",))
    rulebook_update(book=draft, values=values, by=make_user("ops"), at=NOON)
    assert parameters_of(RuleBook.objects.get(pk=draft.pk)) == values


def test_update_keeps_the_date_after_the_version_before():
    draft = make_draft()
    early = replace(parameters_of(draft), effective_from=NOON - timedelta(days=1))
    assert code_of(lambda: rulebook_update(book=draft, values=early, by=make_user("ops"), at=NOON)) == (
        "effective_in_past"
    )


def test_rules_are_added_changed_and_removed():
    draft, ops = make_draft(), make_user("ops")
    spam = draft.rules.get(code="spam")
    rule_save(book=draft, values=replace(rule_values(spam), points=5), by=ops, rule=spam)
    rule_save(book=draft, values=replace(rule_values(spam), code="spam_in_live"), by=ops)
    rule_delete(rule=draft.rules.get(code="fraud"), by=ops)
    assert draft.rules.get(code="spam").points == 5
    assert draft.rules.get(code="spam_in_live").severity == "critical"
    assert not draft.rules.filter(code="fraud").exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "Spam!"}, "rule_code_invalid"),
        ({"code": "fraud"}, "rule_code_taken"),
        ({"points": 0}, "points_out_of_range"),
        ({"points": 1001}, "points_out_of_range"),
    ],
)
def test_rule_refusals(changes, code):
    spam = make_draft().rules.get(code="spam")
    values = replace(rule_values(spam), **changes)
    assert code_of(lambda: rule_save(book=spam.book, values=values, by=make_user("ops"), rule=spam)) == code


def test_milestones_are_added_changed_and_removed():
    draft, ops = make_draft(), make_user("ops")
    first, second, third, last = draft.milestones.all()
    milestone_save(book=draft, values=replace(milestone_values(second), days=10), by=ops, milestone=second)
    milestone_save(book=draft, values=replace(milestone_values(first), threshold=9), by=ops)
    milestone_delete(milestone=last, by=ops)
    assert list(draft.milestones.values_list("threshold", "days")) == [(6, 0), (9, 0), (12, 10), (third.threshold, 14)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"threshold": 18}, "threshold_taken"),
        ({"threshold": 0}, "threshold_zero"),
        ({"features": (), "days": 7}, "days_without_features"),
    ],
)
def test_milestone_refusals(changes, code):
    twelve = make_draft().milestones.get(threshold=12)
    values = replace(milestone_values(twelve), **changes)
    call = {"book": twelve.book, "values": values, "by": make_user("ops"), "milestone": twelve}
    assert code_of(lambda: milestone_save(**call)) == code


def test_what_was_removed_meanwhile_cannot_be_changed():
    draft, ops = make_draft(), make_user("ops")
    spam, twelve = draft.rules.get(code="spam"), draft.milestones.get(threshold=12)
    Rule.objects.filter(pk=spam.pk).delete()
    assert code_of(lambda: rule_save(book=draft, values=rule_values(spam), by=ops, rule=spam)) == "part_gone"
    rulebook_discard(book=draft, by=ops)
    assert code_of(lambda: milestone_delete(milestone=twelve, by=ops)) == "part_gone"


def test_publish_freezes_the_book():
    draft, admin = make_draft(), make_user("admin")
    book = rulebook_publish(book=draft, by=admin, at=NOON)
    assert (book.state, book.published_by, book.published_at) == ("published", admin, NOON)
    spam, six = book.rules.get(code="spam"), book.milestones.get(threshold=6)
    calls = [
        lambda: rulebook_update(book=book, values=parameters_of(book), by=admin, at=NOON),
        lambda: rule_save(book=book, values=rule_values(spam), by=admin, rule=spam),
        lambda: rule_delete(rule=spam, by=admin),
        lambda: milestone_save(book=book, values=milestone_values(six), by=admin, milestone=six),
        lambda: milestone_delete(milestone=six, by=admin),
        lambda: rulebook_publish(book=book, by=admin, at=NOON),
        lambda: rulebook_discard(book=book, by=admin),
    ]
    assert {code_of(call) for call in calls} == {"not_draft"}


def test_the_database_too_refuses_to_change_what_is_published():
    book = rulebook_publish(book=make_draft(), by=make_user("admin"), at=NOON)
    for rows in (RuleBook.objects.filter(pk=book.pk), book.rules.all()):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            rows.update(code="other")


def test_publish_asks_for_a_date_to_come():
    draft = make_draft()
    late = SOON + timedelta(seconds=1)
    assert code_of(lambda: rulebook_publish(book=draft, by=make_user("admin"), at=late)) == "effective_in_past"


def test_publish_asks_for_a_rule():
    draft = make_draft()
    draft.rules.all().delete()
    assert code_of(lambda: rulebook_publish(book=draft, by=make_user("admin"), at=NOON)) == "rules_missing"


def test_an_imported_rating_needs_no_rule():
    rating = make_book("chr-2026", publish=False, is_computed=False)
    rating.rules.all().delete()
    RuleBook.objects.filter(pk=rating.pk).update(effective_from=SOON)
    assert rulebook_publish(book=rating, by=make_user("admin"), at=NOON).state == "published"


@pytest.mark.parametrize(("part", "field"), [("rules", "text_zh"), ("rules", "title_en"), ("milestones", "text_en")])
def test_publish_asks_for_both_languages(part, field):
    draft = make_draft()
    draft.milestones.update(text_zh="警告。", text_en="A warning.")
    row = getattr(draft, part).first()
    setattr(row, field, "")
    row.save()
    with pytest.raises(DomainError) as refused, translation.override("en"):
        rulebook_publish(book=draft, by=make_user("admin"), at=NOON)
    assert refused.value.code == "text_missing"
    assert str(getattr(row, "code", row)) in str(refused.value)


def test_publish_asks_for_the_name_in_both_languages():
    draft = make_draft(make_book(name_zh=""))
    assert code_of(lambda: rulebook_publish(book=draft, by=make_user("admin"), at=NOON)) == "text_missing"


def test_discard_removes_the_draft_and_frees_its_version():
    book, ops = make_book(), make_user("ops")
    rulebook_discard(book=make_draft(book), by=ops)
    assert list(RuleBook.objects.values_list("version", flat=True)) == [1]
    assert make_draft(book).version == 2


def test_publishing_fires_nothing_and_old_entries_keep_their_version():
    creator = make_creator()
    old = make_book()
    entry = log(creator, "spam")
    draft = make_draft(old)
    spam = draft.rules.get(code="spam")
    rule_save(book=draft, values=replace(rule_values(spam), points=20), by=make_user("ops"), rule=spam)
    rulebook_publish(book=draft, by=make_user("admin"), at=NOON)
    assert list(LedgerEntry.objects.values_list("pk", "points", "book_label")) == [(entry.pk, 4, "house-2024 v1")]
    before, after = (log(creator, "spam", at=at) for at in (SOON - timedelta(seconds=1), SOON))
    assert [(one.points, one.book_label) for one in (before, after)] == [(4, "house-2024 v1"), (20, "house-2024 v2")]


def test_history_names_who_did_what():
    ops, admin = make_user("ops"), make_user("admin")
    draft = make_draft(by=ops)
    spam = draft.rules.get(code="spam")
    rulebook_update(book=draft, values=replace(parameters_of(draft), appeal_days=45), by=ops, at=NOON)
    rule_save(book=draft, values=replace(rule_values(spam), points=5), by=ops, rule=spam)
    rulebook_publish(book=draft, by=admin, at=NOON)
    with translation.override("en"):
        lines = [
            (one.text, one.by, [(told.label, told.before, told.after) for told in one.changes])
            for one in history_of(draft)
        ]
    assert lines == [
        ("Published", admin, []),
        ("Changed the rule spam", ops, [("Points", "4", "5")]),
        ("Changed the parameters", ops, [("Days to appeal", "30", "45")]),
        ("Drafted from house-2024 v1", ops, []),
    ]
