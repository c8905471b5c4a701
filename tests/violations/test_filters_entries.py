"""Filters of the ledger: what each lets through, periods, chips, errors."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from tests.factories import make_creator, make_shop, make_user
from tests.ledger import NOON, log, make_appeal, make_book
from violations.filters import entry_chips, entry_filter
from violations.services.ledger import reversal_append
from violations.states import ReversalKind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def ledger():
    """Five entries by name."""
    make_book()
    home, away = make_creator("tin", market="US"), make_creator("oat", market="GB")
    logger, shop = make_user("ops", name="Rosa"), make_shop(name="Kettle")
    admin = make_user("admin")
    found = {
        "old": log(home, "late_content", at=NOON - 100 * DAY),
        "minor": log(home, "late_content", at=NOON - 2 * DAY, by=logger),
        "wrong": log(away, "spam", at=NOON - 20 * DAY),
        "extreme": log(away, "fraud", at=NOON - DAY, shop=shop),
    }
    mistake = {"kind": ReversalKind.OWN_MISTAKE, "reason": "Not theirs.", "by": admin, "at": NOON - DAY}
    found["reversal"] = reversal_append(entry=found["wrong"], **mistake)
    make_appeal(found["extreme"])
    return found | {"logger": logger, "shop": shop, "admin": admin}


def names(ledger, query: str) -> set[str]:
    entries = entry_filter(QueryDict(query), user=ledger["admin"], at=NOON)
    keys = set(entries.qs.values_list("pk", flat=True))
    return {name for name in ("old", "minor", "extreme", "wrong", "reversal") if ledger[name].pk in keys}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"minor", "extreme", "wrong", "reversal"}),
        ("period=all", {"old", "minor", "extreme", "wrong", "reversal"}),
        ("period=7", {"minor", "extreme", "reversal"}),
        ("market=GB", {"extreme", "wrong", "reversal"}),
        ("rule=late_content", {"minor"}),
        ("severity=minor&severity=extreme", {"minor", "extreme"}),
        ("kind=reversal", {"reversal"}),
        ("state=counting", {"minor", "extreme"}),
        ("state=expired&period=all", {"old"}),
        ("state=reversed", {"wrong"}),
        ("state=appealed", {"extreme"}),
        ("creator=%40tin", {"minor"}),
        ("creator=https://www.tiktok.com/@oat", {"extreme", "wrong", "reversal"}),
        ("creator=nobody", set()),
        ("since=2026-11-21", {"extreme", "reversal"}),
        ("until=2026-11-20", {"old", "minor", "wrong"}),
        ("since=2026-11-20&until=2026-11-20", {"minor"}),
        ("period=7&since=2026-08-01", {"old", "minor", "extreme", "wrong", "reversal"}),
    ],
)
def test_filters(ledger, query, expected):
    assert names(ledger, query) == expected


def test_filter_by_logger_and_shop(ledger):
    assert names(ledger, f"by={ledger['logger'].pk}") == {"minor"}
    assert names(ledger, f"shop={ledger['shop'].pk}") == {"extreme"}


def test_shops_of_others_cannot_be_chosen(ledger):
    stranger = make_user()
    entries = entry_filter(QueryDict(f"shop={ledger['shop'].pk}"), user=stranger, at=NOON)
    assert "shop" in entries.errors


@pytest.mark.parametrize(
    ("query", "field"),
    [("market=XX", "market"), ("period=3", "period"), ("since=2026-11-21&until=2026-11-20", "until"), ("by=x", "by")],
)
def test_what_cannot_be_read_is_said(ledger, query, field):
    entries = entry_filter(QueryDict(query), user=ledger["admin"], at=NOON)
    assert field in entries.errors


def test_unreadable_period_is_the_usual_one(ledger):
    assert names(ledger, "period=3") == {"minor", "extreme", "wrong", "reversal"}


def test_chips_say_what_is_set_in_words(ledger):
    query = "rule=late_content&severity=minor&state=counting&kind=violation&market=GB&since=2026-11-01"
    chips = entry_chips(entry_filter(QueryDict(query), user=ledger["admin"], at=NOON))
    assert [(str(chip.label), chip.shown) for chip in chips] == [
        ("Market", "United Kingdom"),
        ("Rule", "Late content"),
        ("Severity", "Minor"),
        ("Kind", "Violation"),
        ("State", "Counting"),
        ("From day", "2026-11-01"),
    ]
    assert all(chip.is_given for chip in chips)


def test_the_usual_period_is_told_and_selected(ledger):
    entries = entry_filter(QueryDict(""), user=ledger["admin"], at=NOON)
    assert [(chip.shown, chip.is_given) for chip in entry_chips(entries)] == [("90 days", False)]
    assert '<option value="90" selected>' in str(entries.form["period"])
