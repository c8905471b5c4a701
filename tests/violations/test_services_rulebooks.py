import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from violations.models import RuleBook
from violations.services.rulebooks import REFERENCE, rulebooks_load

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_load_publishes_the_house_book():
    rulebooks_load(at=NOW)
    book = RuleBook.objects.get(code="house-2024")
    assert (book.state, book.is_computed, book.market_id) == ("published", True, None)
    assert book.effective_from == datetime(2024, 1, 1, tzinfo=UTC)
    assert (book.strike_count, book.strike_days, book.strike_features) == (3, 7, ["live", "video", "showcase"])
    counts = {}
    for rule in book.rules.all():
        counts.setdefault((rule.severity, rule.points, rule.strike), []).append(rule.code)
    assert {key: len(codes) for key, codes in counts.items()} == {
        ("minor", 1, False): 3,
        ("moderate", 2, False): 4,
        ("major", 3, False): 5,
        ("critical", 4, True): 4,
        ("extreme", 6, True): 3,
    }
    assert list(book.milestones.values_list("threshold", "features", "days", "blocks_seats")) == [
        (6, [], None, True),
        (12, ["live"], 7, False),
        (18, ["live", "video", "showcase"], 14, False),
        (24, ["live", "video", "showcase"], None, False),
    ]


def test_load_publishes_the_imported_rating():
    rulebooks_load(at=NOW)
    book = RuleBook.objects.get(code="chr-2026")
    assert (book.is_computed, book.repeat_count, book.repeat_days, book.appeal_days) == (False, 6, 90, 30)
    assert list(book.bands.values_list("floor", "colour")) == [(200, "ok"), (151, "warn"), (0, "bad")]
    assert [one.threshold for one in book.milestones.all()] == [0, 50, 100, 150]
    assert {one.text_en + one.text_zh for one in book.milestones.all()} == {""}


def test_load_again_leaves_what_is_there(tmp_path):
    assert [str(book) for book in rulebooks_load(at=NOW)] == ["chr-2026 v1", "house-2024 v1"]
    values = json.loads((REFERENCE / "house-2024.json").read_text()) | {"name_en": "Another"}
    (tmp_path / "house-2024.json").write_text(json.dumps(values))
    assert rulebooks_load(at=NOW, folder=tmp_path) == []
    assert RuleBook.objects.get(code="house-2024").name_en == "House rules 2024"


def test_every_text_that_ships_is_there_in_both_languages():
    rulebooks_load(at=NOW)
    for rule in RuleBook.objects.get(code="house-2024").rules.all():
        assert rule.clause
        assert rule.title_en.isascii()
        assert rule.text_en.isascii()
        assert not rule.title_zh.isascii()
        assert not rule.text_zh.isascii()


def test_load_command_says_what_it_published(capsys):
    call_command("load_rulebooks")
    call_command("load_rulebooks")
    assert capsys.readouterr().out.splitlines() == ["chr-2026 v1, house-2024 v1", "The rule books are there already."]
