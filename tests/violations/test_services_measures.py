"""Measures, lifts and the erasure of texts."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import DomainError
from core.models import StoredFile
from creators.models import Creator
from tests.factories import make_creator, make_file, make_user
from tests.ledger import FEATURES, NOON, log, make_book
from violations.models import Evidence, LedgerEntry, Notice
from violations.selectors.standings import standing_of
from violations.services.ledger import details_erase, measure_take, restriction_lift
from violations.services.verification import ledger_verify
from violations.states import EntryKind, Measure

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOON + DAY


@pytest.fixture
def creator() -> Creator:
    make_book()
    return make_creator()


def take(creator: Creator, measure: str = Measure.LIMIT_ACCOUNT, **options: Any) -> LedgerEntry:
    by = make_user("ops")
    values = {"features": ["live"], "ends_at": None, "reason": "Press reports.", "at": NOON, "by": by}
    values |= {"evidence": [make_file(by)]} | options
    return measure_take(creator=creator, measure=measure, **values)


def lift(creator: Creator, *features: str, **options: Any) -> LedgerEntry:
    by = make_user("admin")
    values = {"reason": "Agreed with the brand.", "at": LATER, "by": by, "evidence": [make_file(by)]} | options
    return restriction_lift(creator=creator, features=features, **values)


def withdrawn(creator: Creator, at=LATER) -> dict[str, Any]:
    return dict(standing_of(creator.pk, at=at).withdrawn)


@pytest.mark.parametrize("measure", ["limit_account", "withdraw_exposure", "withdraw_complaint", "withdraw_illegal"])
def test_measure_withdraws_features_without_points(creator: Creator, measure: str) -> None:
    entry = take(creator, measure, features=["showcase", "live"], ends_at=NOON + 9 * DAY)
    assert (entry.kind, entry.points, entry.features) == (EntryKind.MEASURE, 0, ["live", "showcase"])
    assert withdrawn(creator) == dict.fromkeys(["live", "showcase"], NOON + 9 * DAY)
    creator.facts.refresh_from_db()
    assert (creator.facts.points, creator.facts.restricted_until) == (None, NOON + 9 * DAY)


def test_blocking_the_account_withdraws_everything(creator: Creator) -> None:
    take(creator, Measure.BLOCK_ACCOUNT, features=[])
    assert withdrawn(creator) == dict.fromkeys(FEATURES)


def test_freeze_stops_payment_only_until_the_release(creator: Creator) -> None:
    take(creator, Measure.FREEZE_PAYMENTS, features=["live"], ends_at=NOON + DAY)
    found = standing_of(creator.pk, at=NOON)
    assert (found.payments_frozen, found.is_restricted) == (True, False)
    take(creator, Measure.RELEASE_PAYMENTS, at=LATER)
    assert not standing_of(creator.pk, at=LATER).payments_frozen


@pytest.mark.parametrize(
    ("options", "code", "field"),
    [
        ({"measure": "shout"}, "measure_unknown", "measure"),
        ({"reason": " "}, "reason_missing", "reason"),
        ({"evidence": []}, "evidence_missing", "evidence"),
        ({"features": []}, "features_missing", "features"),
        ({"features": ["sleep"]}, "features_missing", "features"),
        ({"ends_at": NOON}, "end_in_past", "ends_at"),
    ],
)
def test_measure_is_refused(creator: Creator, options: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(DomainError) as error:
        take(creator, **options)
    assert (error.value.code, list(error.value.fields)) == (code, [field])
    assert not LedgerEntry.objects.exists()


def test_measure_without_a_book_is_refused() -> None:
    with pytest.raises(DomainError) as error:
        take(make_creator())
    assert error.value.code == "book_missing"


def test_lift_ends_what_is_withdrawn_and_says_who(creator: Creator) -> None:
    log(creator, "fraud")
    log(creator, "illegal_activity")
    entry = lift(creator, "live", "video")
    assert (entry.kind, entry.points, entry.features) == (EntryKind.LIFT, 0, ["live", "video"])
    assert (withdrawn(creator), entry.details.reason) == ({}, "Agreed with the brand.")
    row = creator.restrictions.get(feature="live")
    assert (row.ends_at, row.outcome, row.planned_end_at) == (LATER, "lifted", NOON + 7 * DAY)


def test_lift_gives_back_one_feature_of_several(creator: Creator) -> None:
    take(creator, Measure.BLOCK_ACCOUNT)
    lift(creator, "video")
    assert set(withdrawn(creator)) == {"live", "showcase"}


@pytest.mark.parametrize(
    ("options", "code"),
    [({"reason": ""}, "reason_missing"), ({"evidence": []}, "evidence_missing"), ({}, "not_withdrawn")],
)
def test_lift_is_refused(creator: Creator, options: dict[str, Any], code: str) -> None:
    take(creator, features=["video"])
    with pytest.raises(DomainError) as error:
        lift(creator, "live", **options)
    assert error.value.code == code


def test_lift_of_nothing_is_refused(creator: Creator) -> None:
    take(creator)
    with pytest.raises(DomainError) as error:
        lift(creator)
    assert error.value.code == "features_missing"


def test_lift_of_what_has_ended_is_refused(creator: Creator) -> None:
    take(creator, ends_at=LATER)
    with pytest.raises(DomainError) as error:
        lift(creator, "live", at=LATER)
    assert error.value.code == "not_withdrawn"


def test_erasing_forgets_texts_notices_and_files_and_the_chain_verifies(creator: Creator) -> None:
    by, file = make_user("admin"), make_file(make_user("ops"))
    entry = log(creator, note="Amy wrote", internal_note="Amy", content_link="https://a.example/amy", evidence=[file])
    times = {"created_at": NOON, "state": "sent", "given_at": NOON}
    notice = Notice.objects.create(
        entry=entry, channel="mail", address="amy@example.com", language="en", body="Amy", created_by=by, **times
    )
    details = details_erase(entry=entry, by=by, at=LATER)
    texts = (details.salt, details.note, details.internal_note, details.content_link, details.content_key)
    assert (set(texts), details.evidence_sha256, details.erased_by) == ({""}, [], by)
    notice.refresh_from_db()
    assert (notice.address, notice.body, Evidence.objects.count()) == ("", "", 0)
    assert StoredFile.objects.get(pk=file.pk).expires_at == LATER
    assert ledger_verify(with_details=True).broken == []
    assert standing_of(creator.pk, at=LATER).balance == 1


def test_file_that_another_entry_shares_is_kept(creator: Creator) -> None:
    file = make_file(make_user("ops"))
    first, second = log(creator, evidence=[file]), log(make_creator(), evidence=[file])
    details_erase(entry=first, by=make_user("admin"), at=LATER)
    assert StoredFile.objects.get(pk=file.pk).expires_at is None
    details_erase(entry=second, by=make_user("admin"), at=LATER)
    assert StoredFile.objects.get(pk=file.pk).expires_at == LATER


def test_texts_are_erased_once(creator: Creator) -> None:
    entry, by = log(creator), make_user("admin")
    details_erase(entry=entry, by=by, at=LATER)
    with pytest.raises(DomainError) as error:
        details_erase(entry=entry, by=by, at=LATER)
    assert (error.value.code, error.value.status) == ("already_erased", 409)
