"""Corrections by people, and accounts that are one person."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps

from core.errors import DomainError
from creators.models import Creator, CreatorFacts, CreatorText, Person, Snapshot
from creators.services.creators import creator_edit, creator_unlink, creators_link
from creators.services.merge import facts_merge
from creators.states import Quality
from tests.factories import make_creator, make_user

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
TODAY = date(2026, 11, 25)


def test_edit_wins_over_a_newer_list() -> None:
    creator, user = make_creator(), make_user()
    creator_edit(creator=creator, by=user, at=AT, as_of=TODAY - timedelta(days=90), metrics={"followers": Decimal(7)})
    Snapshot.objects.create(
        creator=creator, source="tool", as_of=TODAY, quality=Quality.EXACT, followers=9, likes_total=4, recorded_at=AT
    )
    facts_merge(creator_ids=[creator.pk])
    facts = CreatorFacts.objects.get(pk=creator.pk)
    assert (facts.followers, facts.likes_total) == (7, 4)


def test_edit_is_a_snapshot_under_the_persons_name() -> None:
    user = make_user()
    metrics = {"gmv_30d": Decimal("12.50"), "engagement_by_views": Decimal("0.05")}
    snapshot = creator_edit(creator=make_creator(), by=user, at=AT, as_of=TODAY, metrics=metrics)
    kept = Snapshot.objects.get(pk=snapshot.pk)
    assert (kept.source, kept.quality, kept.recorded_by, kept.currency) == ("manual", Quality.EDITED, user, "USD")
    assert (kept.gmv_30d, kept.engagement_by_views, kept.followers) == (Decimal("12.50"), Decimal("0.05"), None)


def test_edited_words_reach_name_and_search() -> None:
    creator = make_creator("tin")
    words = {"nickname": "Tin Lantern", "bio": "Kitchen", "agency": "Blue"}
    creator_edit(creator=creator, by=make_user(), at=AT, as_of=TODAY, words=words)
    creator.refresh_from_db()
    assert (creator.nickname, creator.agency) == ("Tin Lantern", "Blue")
    assert CreatorText.objects.get(pk=creator.pk).document == "tin tin lantern kitchen"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "nothing_changed"),
        ({"as_of": TODAY + timedelta(days=1), "metrics": {"followers": Decimal(1)}}, "as_of_in_future"),
        ({"metrics": {"posts_30d": Decimal(1)}}, "metric_not_editable"),
        ({"metrics": {"shoe_size": Decimal(1)}}, "metric_not_editable"),
        ({"words": {"handle": "x"}}, "metric_not_editable"),
    ],
)
def test_edit_refuses(change: dict, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        creator_edit(**{"creator": make_creator(), "by": make_user(), "at": AT, "as_of": TODAY} | change)
    assert refused.value.code == code
    assert not Snapshot.objects.exists()


def test_link_makes_one_person_with_history() -> None:
    us, gb = make_creator("tin", nickname="Tin"), make_creator("tin.uk", market="GB")
    person = creators_link(creators=[us, gb], by=make_user(), at=AT)
    assert set(person.creators.all()) == {us, gb}
    assert person.name == "Tin"
    assert apps.get_model("creators", "CreatorEvent").objects.filter(person=person).count() == 2


def test_link_joins_persons_that_were_apart() -> None:
    user = make_user()
    one, two, three, four = (make_creator() for _ in range(4))
    first = creators_link(creators=[one, two], by=user, at=AT)
    second = creators_link(creators=[three, four], by=user, at=AT)
    assert creators_link(creators=[two, three], by=user, at=AT) == first
    assert set(first.creators.all()) == {one, two, three, four}
    assert not Person.objects.filter(pk=second.pk).exists()


def test_link_needs_two() -> None:
    creator = make_creator()
    with pytest.raises(DomainError, match="another creator") as refused:
        creators_link(creators=[creator, creator], by=make_user(), at=AT)
    assert refused.value.code == "link_needs_two"


def test_unlink_leaves_the_others_together() -> None:
    user = make_user()
    one, two, three = (make_creator() for _ in range(3))
    person = creators_link(creators=[one, two, three], by=user, at=AT)
    creator_unlink(creator=one, by=user)
    assert set(person.creators.all()) == {two, three}


def test_unlink_of_two_ends_the_person() -> None:
    user = make_user()
    one, two = make_creator(), make_creator()
    creators_link(creators=[one, two], by=user, at=AT)
    creator_unlink(creator=one, by=user)
    assert not Person.objects.exists()
    assert not Creator.objects.exclude(person=None).exists()


def test_unlink_of_an_unlinked_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        creator_unlink(creator=make_creator(), by=make_user())
    assert refused.value.code == "not_linked"
