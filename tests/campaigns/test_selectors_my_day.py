from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Content, ContentResult, Conversation, Problem, Reminder, Sample, SettlementLine
from campaigns.rules.selling import Window, falls
from campaigns.selectors.day_tasks import day_of
from campaigns.selectors.my_day import urgent_first
from campaigns.selectors.selling import stopped_selling
from campaigns.services.collaborations import collaboration_move
from tests.factories import make_creator, make_user, sign_in
from tests.plans import NOON, make_collaboration, make_creators, make_plan, seat_all

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)


def lists_of(user, *, at=NOON, is_mine=True):
    return {one.key: one for one in day_of(user, at=at, is_mine=is_mine)}


def published(plan, creator=None):
    collaboration = make_collaboration(plan, creator, state="content_due", at=NOON - 40 * DAY)
    content = collaboration.contents.get()
    content.state, content.published_at = "published", NOON - 30 * DAY
    content.save()
    return collaboration, content


def sell(content, by, *, days, gmv, orders=10, clicks=100, until=TODAY):
    ContentResult.objects.bulk_create(
        [
            ContentResult(
                content=content, day=until - (place + 1) * DAY, gmv=Decimal(gmv), orders=orders, product_clicks=clicks,
                source="hand", recorded_by=by, recorded_at=NOON,
            )
            for place in range(days)
        ]
    )  # fmt: skip


def test_samples_by_what_they_wait_for():
    plan = make_plan(sample_rule="approval")
    collaboration = make_collaboration(plan, state="accepted", at=NOON - DAY)
    found = lists_of(plan.owner)
    assert (found["decide"].number, found["decide"].late) == (1, 0)
    Sample.objects.update(
        state="approved", decided_by=plan.owner, decided_at=NOON - DAY, ship_by=NOON - timedelta(hours=2)
    )
    found = lists_of(plan.owner)
    task = found["ship"].tasks[0]
    assert (found["decide"].number, found["ship"].late) == (0, 1)
    assert (task.due_text, task.css, task.button.label) == ("2 hours late", "late", "Ship")
    assert task.url == collaboration.get_absolute_url()


def test_contents_reviews_and_replies():
    plan = make_plan()
    make_collaboration(plan, state="invited", at=NOON - 5 * DAY)
    make_collaboration(plan, state="content_due", at=NOON - 12 * DAY)
    make_collaboration(plan, state="content_due", at=NOON - DAY)
    found = lists_of(plan.owner)
    assert {key: found[key].number for key in ("reply", "content", "review")} == {"reply": 1, "content": 1, "review": 0}
    Content.objects.update(state="in_review", state_at=NOON - 3 * DAY)
    review = lists_of(plan.owner)["review"]
    assert (review.number, review.late, review.tasks[0].due_text) == (2, 0, "since 19 Nov")


def test_reminders_problems_and_settlements():
    plan = make_plan()
    collaboration = make_collaboration(plan, state="accepted")
    conversation = Conversation.objects.get(shop=plan.shop, creator=collaboration.creator)
    Reminder.objects.create(
        conversation=conversation, for_user=plan.owner, due_at=NOON - DAY, created_at=NOON - 4 * DAY
    )
    Problem.objects.create(
        collaboration=collaboration, kind="technical", summary="No data", owner=plan.owner, due_on=TODAY,
        raised_by=plan.owner, raised_at=NOON,
    )  # fmt: skip
    SettlementLine.objects.create(
        shop=plan.shop, creator=collaboration.creator, collaboration=collaboration, kind="fixed_fee", payer="us",
        month=date(2026, 11, 1), amount=Decimal("300"), currency="USD", state="due", due_on=date(2026, 11, 20),
        made_at=NOON,
    )  # fmt: skip
    found = lists_of(plan.owner)
    assert [found[key].tasks[0].due_text for key in ("remind", "problem", "settle")] == [
        "1 day late", "by 22 Nov", "2 days late",
    ]  # fmt: skip
    assert found["settle"].tasks[0].what == "Fixed fee $300"
    assert [one.key for one in urgent_first(list(found.values()))][:2] == ["remind", "settle"]


def test_many_are_counted_and_six_are_shown():
    plan = make_plan()
    for one in seat_all(plan, make_creators(8), at=NOON - 9 * DAY):
        collaboration_move(collaboration=one, to="invited", by=plan.owner, at=NOON - 9 * DAY)
    reply = lists_of(plan.owner)["reply"]
    assert (len(reply.tasks), reply.number, reply.late, reply.hidden) == (6, 8, 8, 2)


def test_mine_is_not_the_teams():
    plan = make_plan()
    make_collaboration(plan, state="invited", at=NOON - 9 * DAY)
    mate = make_user()
    plan.shop.members.add(mate)
    stranger = make_user()
    assert lists_of(mate)["reply"].number == 0
    assert lists_of(mate, is_mine=False)["reply"].number == 1
    assert lists_of(stranger, is_mine=False)["reply"].number == 0


def test_who_stopped_selling_is_found_with_the_reason():
    plan = make_plan()
    fell, content = published(plan, make_creator("brass"))
    sell(content, plan.owner, days=7, gmv=40, until=TODAY)
    sell(content, plan.owner, days=14, gmv=120, until=TODAY - 7 * DAY)
    _steady, other = published(plan)
    sell(other, plan.owner, days=21, gmv=50)
    found = lists_of(plan.owner)["stopped"]
    assert (found.number, found.tasks[0].what) == (1, "GMV a day $120 → $40.00")
    assert found.tasks[0].due_text == "check rivals' commission"
    assert [pk for pk, _some in stopped_selling(plan.collaborations.all(), at=NOON)] == [fell.pk]


def test_missing_results_are_no_fall():
    plan = make_plan()
    _one, content = published(plan)
    sell(content, plan.owner, days=14, gmv=120, until=TODAY - 7 * DAY)
    assert stopped_selling(plan.collaborations.all(), at=NOON) == []


def window(days=7, gmv=0, orders=0, clicks=0):
    return Window(days, Decimal(gmv), orders, clicks)


@pytest.mark.parametrize(
    ("recent", "before", "found"),
    [
        (window(7, 350), window(14, 1400), ["gmv"]),
        (window(7, 351), window(14, 1400), []),
        (window(7, 700, 10, 1000), window(14, 1400, 100, 2000), ["conversion"]),
        (window(7, 0, 0, 1000), window(14, 1400, 100, 2000), ["gmv", "conversion"]),
        (window(7, 700, 0, 49), window(14, 1400, 100, 2000), []),
        (window(2, 0), window(14, 1400), []),
        (window(7, 0), window(6, 1400), []),
        (window(7, 0), window(14, 0), []),
    ],
)
def test_the_rule_of_half(recent, before, found):
    assert [fall.what for fall in falls(recent, before)] == found


def test_the_share_that_is_gone():
    assert falls(window(7, 70), window(14, 1400))[0].share == Decimal("0.9")


def test_the_page_of_the_day(client):
    plan = make_plan()
    now = timezone.now()
    make_collaboration(plan, make_creator("brass"), state="invited", at=now - 9 * DAY)
    sign_in(client, plan.owner)
    response = client.get(reverse("my_day"))
    assert "@brass" in response.text
    assert "1 late" in response.text
    admin = make_user("admin")
    sign_in(client, admin)
    assert "@brass" in client.get(reverse("my_day")).text
    assert "Nothing waits for you" in client.get(reverse("my_day"), {"whose": "mine"}).text
