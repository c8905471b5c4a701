from datetime import UTC, datetime, timedelta

import pytest

from violations.rules.appeals import Mark, has_new, mark_note, mark_of, parts_of, urgency

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("mark", Mark)
def test_marks_are_read_back(mark):
    assert mark_of(mark_note(mark, "Wen Zhao")) == (mark, "Wen Zhao")
    assert mark_of(mark_note(mark)) == (mark, "")


@pytest.mark.parametrize("note", ["", "The label was on.", "assignedly so"])
def test_what_people_write_is_no_mark(note):
    assert mark_of(note) is None


@pytest.mark.parametrize(
    ("digests", "known", "found"),
    [(["a"], [], True), (["a", "b"], ["a"], True), (["a"], ["a"], False), ([], [], False)],
)
def test_new_evidence(digests, known, found):
    assert has_new(digests, known) is found


@pytest.mark.parametrize(
    ("hours", "colour"), [(-1, "bad"), (0, "bad"), (23.9, "bad"), (24, "warn"), (47.9, "warn"), (48, "")]
)
def test_urgency(hours, colour):
    assert urgency(NOW + timedelta(hours=hours), NOW) == colour


@pytest.mark.parametrize(
    ("left", "parts"),
    [
        (timedelta(hours=2, minutes=14, seconds=59), (0, 2, 14)),
        (timedelta(days=12, hours=2), (12, 2, 0)),
        (timedelta(0), (0, 0, 0)),
        (-timedelta(hours=3, minutes=5), (0, 3, 5)),
    ],
)
def test_parts_of_a_time(left, parts):
    assert parts_of(left) == parts
