from dataclasses import replace
from datetime import UTC, datetime

from violations.rules.differences import (
    Contents,
    FieldChange,
    MilestoneValues,
    Parameters,
    RuleValues,
    differences,
    field_changes,
)

PARAMETERS = Parameters("House", "店规", datetime(2024, 1, 1, tzinfo=UTC), 3, 7, ("live",), 30, 10, 6, 90)
SPAM = RuleValues("spam", "critical", 4, True, "H-402", "Spam", "垃圾信息", "No spam.", "禁止垃圾信息。")
FRAUD = replace(SPAM, code="fraud", severity="extreme", points=6)
WARNING = MilestoneValues(6, (), None, True, "A warning.", "警告。")
BOOK = Contents(PARAMETERS, (SPAM, FRAUD), (WARNING,))


def test_the_same_contents_do_not_differ():
    found = differences(BOOK, replace(BOOK))
    assert not found
    assert (found.parameters, found.rules, found.milestones) == ((), (), ())


def test_parameters_differ_field_by_field():
    later = replace(PARAMETERS, appeal_days=45, strike_features=("live", "video"))
    found = differences(BOOK, replace(BOOK, parameters=later))
    assert found
    assert found.parameters == (
        FieldChange("strike_features", ("live",), ("live", "video")),
        FieldChange("appeal_days", 30, 45),
    )


def test_rules_are_removed_added_and_changed_by_their_code():
    dearer, late = replace(SPAM, points=5, text_zh="禁止刷屏。"), replace(SPAM, code="late_content")
    found = differences(BOOK, replace(BOOK, rules=(late, dearer))).rules
    assert [(one.kind, one.part.code) for one in found] == [
        ("removed", "fraud"),
        ("added", "late_content"),
        ("changed", "spam"),
    ]
    assert found[0].changes == found[1].changes == ()
    assert found[2].changes == (
        FieldChange("points", 4, 5),
        FieldChange("text_zh", "禁止垃圾信息。", "禁止刷屏。"),
    )


def test_the_order_of_rules_is_no_difference():
    assert not differences(BOOK, replace(BOOK, rules=(FRAUD, SPAM)))


def test_milestones_differ_by_their_threshold():
    moved, softer = replace(WARNING, threshold=8), replace(WARNING, blocks_seats=False)
    assert [one.kind for one in differences(BOOK, replace(BOOK, milestones=(moved,))).milestones] == [
        "removed",
        "added",
    ]
    (changed,) = differences(BOOK, replace(BOOK, milestones=(softer,))).milestones
    assert changed.changes == (FieldChange("blocks_seats", True, False),)


def test_a_new_book_adds_everything():
    found = differences(Contents(PARAMETERS), BOOK)
    assert {one.kind for one in (*found.rules, *found.milestones)} == {"added"}


def test_an_end_that_is_given_up_is_a_change():
    seven = replace(WARNING, days=7)
    assert field_changes(seven, WARNING) == (FieldChange("days", 7, None),)
