from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import DomainError
from creators.models import Creator
from tests.factories import make_creator, make_file, make_market, make_shop, make_user
from tests.ledger import FEATURES, NOON, log, make_book
from violations.models import EntryDetails, Evidence, LedgerEntry, LedgerHead, Restriction
from violations.rules.sealing import details_digest
from violations.selectors.standings import standing_of
from violations.services.ledger import reversal_append, violation_log
from violations.services.verification import ledger_verify
from violations.states import EntryKind, ReversalKind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LINK = "https://www.tiktok.com/@amy/video/7300000000000000001"


@pytest.fixture(autouse=True)
def book() -> None:
    make_book()


@pytest.fixture
def creator() -> Creator:
    return make_creator()


def reverse(entry: LedgerEntry, *, at: datetime = NOON) -> LedgerEntry:
    kind, by = ReversalKind.OWN_MISTAKE, make_user("ops")
    return reversal_append(entry=entry, kind=kind, reason="Wrong creator.", by=by, at=at)


def refusal(creator: Creator, rule_code: str = "late_content", **options) -> DomainError:
    options = {"repeat_confirmed": False} | options
    before = LedgerEntry.objects.count()
    with pytest.raises(DomainError) as found:
        log(creator, rule_code, **options)
    assert LedgerEntry.objects.count() == before
    return found.value


def test_log_writes_the_entry_with_the_rule_as_it_was(creator: Creator) -> None:
    by, shop = make_user("ops"), make_shop()
    entry = log(creator, "spam", at=NOON, effective_at=NOON - DAY, by=by, shop=shop)
    assert (entry.kind, entry.points, entry.strike, entry.severity) == (EntryKind.VIOLATION, 4, True, "critical")
    assert (entry.rule.code, entry.rule_code, entry.book_label) == ("spam", "spam", "house-2024 v1")
    assert (entry.recorded_at, entry.recorded_by, entry.shop) == (NOON, by, shop)
    assert entry.expires_at - entry.effective_at == timedelta(hours=2160)


def test_log_seals_texts_and_files_beside_the_chain(creator: Creator) -> None:
    file = make_file(make_user("ops"))
    texts = {"note": "No label.", "internal_note": "Third time.", "content_link": LINK}
    entry = log(creator, evidence=[file], **texts)
    details = entry.details
    assert (details.note, details.content_key) == ("No label.", "tiktok:7300000000000000001")
    assert [one.file for one in entry.evidence.all()] == [file]
    digest = details_digest(salt=details.salt, reason="", evidence=[file.sha256], **texts)
    assert entry.details_digest == digest


def test_log_keeps_evidence_from_the_sweep_of_uploads(creator: Creator) -> None:
    file = make_file(make_user("ops"))
    type(file).objects.update(expires_at=NOON)
    log(creator, evidence=[file])
    file.refresh_from_db()
    assert file.expires_at is None


def test_log_chains_the_entries_of_a_creator(creator: Creator) -> None:
    first, second = log(creator), log(creator, "spam")
    log(make_creator())
    assert (first.sequence, first.previous_hash, second.sequence) == (1, "0" * 64, 2)
    assert second.previous_hash == first.hash
    assert LedgerHead.objects.get(pk=creator.pk).tip == second.hash


def test_log_stores_restrictions_and_publishes_the_numbers(creator: Creator) -> None:
    log(creator, "fraud")
    log(creator, "illegal_activity", at=NOON + DAY)
    creator.facts.refresh_from_db()
    assert (creator.facts.points, creator.facts.strikes) == (12, 2)
    assert creator.facts.restricted_until == NOON + 8 * DAY
    stored = Restriction.objects.values_list("threshold", "feature")
    assert list(stored) == [(6, ""), (12, "live")]


def test_log_in_another_time_zone_counts_exactly_90_days(creator: Creator) -> None:
    """The clocks of New York change within the 90 days."""
    effective_at = datetime(2026, 10, 1, 9, tzinfo=ZoneInfo("America/New_York"))
    entry = log(creator, effective_at=effective_at)
    assert entry.expires_at == datetime(2026, 10, 1, 13, tzinfo=UTC) + timedelta(hours=2160)


def test_log_after_a_clock_that_was_ahead_keeps_the_order_of_the_chain(creator: Creator) -> None:
    first = log(creator, at=NOON + timedelta(seconds=3))
    second = log(creator, "spam", at=NOON)
    assert second.recorded_at == first.recorded_at + timedelta(microseconds=1)


def test_several_entries_of_one_instant_share_it(creator: Creator) -> None:
    entries = [log(creator, rule) for rule in ("fraud", "counterfeit_goods", "illegal_activity")]
    assert {entry.recorded_at for entry in entries} == {NOON}
    assert set(standing_of(creator.pk, at=NOON).withdrawn) == set(FEATURES)


# --- Times ---------------------------------------------------------------------------------------------------------


def test_log_refuses_the_future(creator: Creator) -> None:
    error = refusal(creator, effective_at=NOON + timedelta(microseconds=1))
    assert (error.code, list(error.fields)) == ("effective_in_future", ["effective_at"])


def test_log_asks_why_for_what_is_90_days_old(creator: Creator) -> None:
    error = refusal(creator, effective_at=NOON - timedelta(hours=2160), reason=" ")
    assert (error.code, list(error.fields)) == ("late_without_reason", ["reason"])
    log(creator, effective_at=NOON - timedelta(hours=2160) + timedelta(microseconds=1))


def test_log_of_what_expired_adds_nothing(creator: Creator) -> None:
    entry = log(creator, "fraud", effective_at=NOON - 91 * DAY, reason="Found in an audit.")
    assert entry.details.reason == "Found in an audit."
    assert standing_of(creator.pk, at=NOON).balance == 0
    assert not Restriction.objects.exists()


def test_late_entry_counts_ten_more_days(creator: Creator) -> None:
    log(creator, "fraud", effective_at=NOON - 80 * DAY)
    assert [standing_of(creator.pk, at=NOON + days * DAY).balance for days in (0, 9.99, 10)] == [6, 6, 0]


# --- Books ---------------------------------------------------------------------------------------------------------


def test_rule_and_points_come_from_the_book_of_the_effective_time(creator: Creator) -> None:
    newer = make_book(version=2, publish=False, effective_from=NOON - 2 * DAY)
    newer.rules.filter(code="late_content").update(points=3)
    newer.milestones.filter(threshold=6).update(threshold=3)
    newer.state, newer.published_at = "published", newer.created_at
    newer.save()
    old = log(creator, effective_at=NOON - 3 * DAY)
    new = log(creator, effective_at=NOON - 1 * DAY)
    assert [(one.points, one.book_label) for one in (old, new)] == [(1, "house-2024 v1"), (3, "house-2024 v2")]
    assert {old.judged_by, new.judged_by} == {newer}
    assert Restriction.objects.get().threshold == 3


def test_book_takes_effect_at_its_instant(creator: Creator) -> None:
    make_book(version=2, effective_from=NOON)
    before = log(creator, effective_at=NOON - timedelta(microseconds=1))
    assert [before.book_label, log(creator).book_label] == ["house-2024 v1", "house-2024 v2"]


def test_book_of_the_market_goes_first(creator: Creator) -> None:
    make_book("house-us", market=make_market("US"), effective_from=datetime(2023, 1, 1, tzinfo=UTC))
    assert log(creator).book_label == "house-us v1"
    assert log(make_creator(market="VN")).book_label == "house-2024 v1"


def test_log_refuses_a_rule_that_the_book_does_not_have(creator: Creator) -> None:
    error = refusal(creator, "no_such_rule")
    assert (error.code, list(error.fields)) == ("rule_unknown", ["rule_code"])
    assert "house-2024 v1" in str(error)


def test_log_before_any_book_is_refused(creator: Creator) -> None:
    error = refusal(creator, effective_at=datetime(2023, 6, 1, tzinfo=UTC), reason="Audit")
    assert error.code == "book_missing"


# --- The same incident ---------------------------------------------------------------------------------------------


def test_same_content_and_rule_is_refused_with_the_first_case(creator: Creator) -> None:
    first = log(creator, content_link=LINK)
    again = "http://m.tiktok.com/@renamed/video/7300000000000000001?is_from_webapp=1"
    error = refusal(creator, content_link=again, at=NOON + 20 * DAY, repeat_confirmed=True)
    assert (error.code, error.status) == ("same_incident", 409)
    assert first.case in str(error)


def test_another_rule_creator_or_content_is_another_incident(creator: Creator) -> None:
    log(creator, content_link=LINK)
    log(creator, "spam", content_link=LINK)
    log(make_creator(), content_link=LINK)
    log(creator, content_link=LINK[:-1] + "2", repeat_confirmed=False)
    assert LedgerEntry.objects.count() == 4


def test_reversed_incident_can_be_logged_again(creator: Creator) -> None:
    first = log(creator, content_link=LINK)
    reverse(first, at=NOON + DAY)
    log(creator, content_link=LINK, at=NOON + 2 * DAY, repeat_confirmed=False)
    assert standing_of(creator.pk, at=NOON + 2 * DAY).balance == 1


@pytest.mark.parametrize("hours", [-23.99, 0, 23.99])
def test_repeat_within_24_hours_without_a_link_asks(creator: Creator, hours: float) -> None:
    first = log(creator, effective_at=NOON - DAY)
    error = refusal(creator, effective_at=NOON - DAY + timedelta(hours=hours))
    assert (error.code, error.status, list(error.fields)) == ("repeat_unconfirmed", 409, ["repeat_confirmed"])
    assert first.case in str(error)
    log(creator, effective_at=NOON - DAY + timedelta(hours=hours), repeat_confirmed=True)


@pytest.mark.parametrize("hours", [-24, 24])
def test_repeat_after_24_hours_asks_nothing(creator: Creator, hours: float) -> None:
    log(creator, effective_at=NOON - DAY)
    log(creator, effective_at=NOON - DAY + timedelta(hours=hours), repeat_confirmed=False)
    assert creator.ledger.count() == 2


def test_log_refuses_what_is_no_link(creator: Creator) -> None:
    error = refusal(creator, content_link="the video of Monday")
    assert (error.code, list(error.fields)) == ("link_invalid", ["content_link"])


# --- Reversals -----------------------------------------------------------------------------------------------------


def test_reversal_answers_the_entry_and_expires_with_it(creator: Creator) -> None:
    entry = log(creator, "fraud")
    reversal = reverse(entry, at=NOON + 40 * DAY)
    assert (reversal.answers, reversal.points, reversal.expires_at) == (entry, -6, entry.expires_at)
    assert (reversal.kind, reversal.effective_at, reversal.details.reason) == (
        EntryKind.REVERSAL,
        NOON + 40 * DAY,
        "Wrong creator.",
    )
    assert [standing_of(creator.pk, at=NOON + days * DAY).balance for days in (39, 40, 90, 130)] == [6, 0, 0, 0]


def test_reversal_replays_and_lifts(creator: Creator) -> None:
    """The example of the rule book, through the services."""
    entries = [
        log(creator, "fraud", at=NOON + days * DAY, effective_at=NOON + days * DAY, repeat_confirmed=True)
        for days in (0, 1, 20)
    ]
    reverse(entries[1], at=NOON + 25 * DAY)
    stored = Restriction.objects.exclude(feature="").values_list("threshold", "feature", "ends_at", "outcome")
    assert {row for row in stored if row[0] == 12} == {
        (12, "live", NOON + 8 * DAY, "overturned"),
        (12, "live", NOON + 27 * DAY, ""),
    }
    creator.facts.refresh_from_db()
    assert (creator.facts.points, creator.facts.restricted_until) == (12, NOON + 27 * DAY)


def test_reversal_needs_a_violation(creator: Creator) -> None:
    with pytest.raises(DomainError) as error:
        reverse(reverse(log(creator)))
    assert error.value.code == "not_a_violation"


def test_entry_is_reversed_once(creator: Creator) -> None:
    entry = log(creator)
    reversal = reverse(entry)
    with pytest.raises(DomainError) as error:
        reverse(entry)
    assert (error.value.code, error.value.status) == ("already_reversed", 409)
    assert reversal.case in str(error.value)


def test_log_again_at_the_instant_of_a_reversal(creator: Creator) -> None:
    reverse(log(creator, "fraud"))
    violation_log(creator=creator, rule_code="spam", effective_at=NOON, by=make_user("ops"), at=NOON)
    assert standing_of(creator.pk, at=NOON).balance == 4


def test_everything_verifies_after_all_of_it(creator: Creator) -> None:
    reverse(log(creator, content_link=LINK, note="Note", evidence=[make_file(make_user("ops"))]))
    assert ledger_verify(with_details=True).broken == []
    assert (EntryDetails.objects.count(), Evidence.objects.count()) == (2, 1)
