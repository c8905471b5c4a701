"""What the ledger and the blacklist say against working with a creator."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from creators.selectors.guards import Finding, marks_of, summary_of
from creators.services.creators import creators_link
from tests.factories import make_creator, make_shop, make_user
from tests.ledger import NOON, log, log_all, make_book
from violations.models import BlacklistEntry
from violations.services.ledger import reversal_append
from violations.states import BlacklistState, ReversalKind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def book():
    return make_book()


@pytest.fixture
def viewer():
    return make_user("viewer")


def block(creator, *, shop=None, **fields) -> BlacklistEntry:
    people = {"proposed_by": make_user("ops"), "decided_by": make_user("admin")}
    values = {"state": BlacklistState.ACTIVE, "reason": "Sold counterfeits.", "proposed_at": NOON, "decided_at": NOON}
    return BlacklistEntry.objects.create(creator=creator, shop=shop, **people | values | fields)


def marks(creator, user, at=NOON + timedelta(hours=1)) -> list[Finding]:
    return marks_of([creator.pk], user, at).get(creator.pk, [])


def test_nobody_is_marked_without_a_reason(book, viewer):
    creator = make_creator()
    log(creator, "late_content")
    assert marks(creator, viewer) == []
    assert marks_of([], viewer, NOON) == {}


def test_no_seat_from_the_limit_on_until_points_expire(book, viewer):
    creator = make_creator()
    log(creator, "fraud")
    (found,) = marks(creator, viewer)
    assert (found.blocks_seat, found.features, found.colour) == (True, (), "warn")
    assert found.reason == "No new seat in a plan: the balance is 6 points, and the limit is 6."
    assert marks(creator, viewer, NOON + 90 * DAY - timedelta(seconds=1))
    assert marks(creator, viewer, NOON + 90 * DAY) == []


def test_withdrawn_features_have_their_ends(book, viewer):
    creator = make_creator()
    log_all(creator, ["fraud", "illegal_activity"])
    found = marks(creator, viewer)[0]
    assert (found.label, found.colour, found.features) == ("Restricted", "bad", ("live",))
    assert found.until == NOON + timedelta(days=7, minutes=1)
    assert found.reason == "Withdrawn: LIVE until 29 Nov, 12:01. Cause: balance of 12 points."
    assert [one.label for one in marks(creator, viewer, NOON + 8 * DAY)] == ["No new seat"]


def test_three_strikes_withdraw_everything_and_the_latest_end_counts(book, viewer):
    creator = make_creator()
    log_all(creator, ["spam", "prohibited_goods", "public_backlash"])
    found = marks(creator, viewer)[0]
    assert found.features == ("live", "video", "showcase")
    assert "Cause: balance of 12 points, three strikes." in found.reason


def test_a_restriction_without_an_end_says_so(book, viewer):
    creator = make_creator()
    log_all(creator, ["fraud", "illegal_activity", "counterfeit_goods", "fraud"])
    found = marks(creator, viewer, NOON + 60 * DAY)[0]
    assert found.until is None
    assert "LIVE without an end, Video without an end" in found.reason


def test_a_reversal_takes_the_marks_away(book, viewer):
    creator = make_creator()
    first, _second = log_all(creator, ["fraud", "illegal_activity"])
    later = NOON + DAY
    reversal_append(entry=first, kind=ReversalKind.OWN_MISTAKE, reason="Not theirs.", by=make_user("admin"), at=later)
    assert [one.label for one in marks(creator, viewer, later)] == ["No new seat"]


def test_each_market_has_its_own_limit(book, viewer):
    home = make_creator("home", market="GB")
    away = make_creator("away", market="US")
    gb = make_book("gb-lenient", market=home.market, effective_from=datetime(2025, 1, 1, tzinfo=UTC), publish=False)
    gb.milestones.all().delete()
    gb.state, gb.published_at = "published", gb.created_at
    gb.save()
    log(home, "fraud")
    log(away, "fraud")
    found = marks_of([home.pk, away.pk], viewer, NOON)
    assert home.pk not in found
    assert away.pk in found


def test_shared_blacklist_is_told_to_everybody(book, viewer):
    creator = make_creator()
    block(creator, until=date(2027, 1, 31))
    (found,) = marks(creator, viewer)
    assert (found.label, found.blocks_seat, found.shop_id) == ("Blacklisted", True, None)
    assert found.reason == (
        "On the blacklist of the organisation: Sold counterfeits. Until 31 Jan 2027, then it is reviewed."
    )


def test_shop_blacklist_is_told_to_its_members_alone(book, viewer):
    member, creator = make_user(), make_creator()
    shop = make_shop([member], name="Brass Kettle")
    block(creator, shop=shop)
    (found,) = marks(creator, member)
    assert (found.shop_id, found.reason) == (shop.pk, "On the blacklist of Brass Kettle: Sold counterfeits.")
    assert marks(creator, viewer) == []


@pytest.mark.parametrize("state", ["proposed", "refused", "removed"])
def test_only_what_is_in_force_marks(book, viewer, state):
    creator = make_creator()
    removal = {"removed_at": NOON, "removal_reason": "Cleared."} if state == "removed" else {}
    block(creator, state=state, **removal)
    assert marks(creator, viewer) == []


def test_blacklist_follows_the_person(book, viewer):
    named, other, stranger = make_creator("named"), make_creator("other", market="GB"), make_creator("stranger")
    creators_link(creators=[named, other], by=make_user("ops"), at=NOON)
    block(named)
    found = marks_of([other.pk, stranger.pk], viewer, NOON)
    assert set(found) == {other.pk}
    assert "Same person as @named." in found[other.pk][0].reason


def test_queries_do_not_grow_with_the_creators(book, viewer, django_assert_max_num_queries):
    creators = [make_creator(market=market) for market in ("US", "GB", "VN", "ID", "TH") for _ in range(4)]
    for creator in creators:
        log(creator, "fraud")
        block(creator)
    with django_assert_max_num_queries(4):
        found = marks_of([creator.pk for creator in creators], viewer, NOON)
    assert all(len(found[creator.pk]) == 2 for creator in creators)


def test_summary_says_balance_next_expiry_and_strikes(book, viewer):
    creator = make_creator()
    log(creator, "spam", at=NOON - 10 * DAY)
    log(creator, "late_content")
    (found,) = summary_of(creator.pk, viewer, NOON)
    assert found.label == "5 of 6 points · next expiry 10 Feb 2027 (−4) · 1 of 3 strikes"
    assert summary_of(creator.pk, viewer, NOON + 100 * DAY) == []


def test_summary_above_every_threshold(book, viewer):
    creator = make_creator()
    log_all(creator, ["fraud", "illegal_activity", "counterfeit_goods", "fraud", "late_content"])
    (found,) = summary_of(creator.pk, viewer, NOON + DAY)
    assert found.label.startswith("25 points")


def test_marks_speak_chinese(book, viewer):
    creator = make_creator()
    log_all(creator, ["fraud", "illegal_activity"])
    with translation.override("zh-hans"):
        assert "直播" in marks(creator, viewer)[0].reason
        assert "11-29 12:01" in marks(creator, viewer)[0].reason
