from datetime import timedelta

import pytest

from core.errors import DomainError
from tests.factories import make_creator, make_shop, make_user
from tests.ledger import NOON, log, log_all, make_book
from violations.models import RuleBook
from violations.rules.plots import step_plot
from violations.selectors.consequences import Consequence
from violations.selectors.drafts import draft_of
from violations.selectors.preview import violation_preview
from violations.selectors.standings import standing_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HISTORIES = [
    [],
    ["late_content"],
    ["fraud"],
    ["spam", "spam"],
    ["spam", "spam", "medical_claim"],
    ["fraud", "fraud", "fraud", "medical_claim"],
]


@pytest.mark.parametrize("history", HISTORIES, ids=len)
@pytest.mark.parametrize("rule", ["late_content", "medical_claim", "spam", "fraud"])
def test_what_is_said_is_what_happens(history, rule):
    make_book()
    creator, at = make_creator(), NOON + DAY
    log_all(creator, history)

    said = violation_preview(creator=creator, rule_code=rule, effective_at=NOON + 2 * DAY / 3, at=at)
    entry = log(creator, rule, at=at, effective_at=NOON + 2 * DAY / 3)

    after = standing_of(creator.pk, at=at)
    assert (said.after.balance, said.after.strikes) == (after.balance, after.strikes)
    assert dict(said.after.withdrawn) == dict(after.withdrawn)
    assert [(row.feature, row.cause, row.ends_at) for row in said.fired] == [
        (row.feature, row.cause, row.ends_at) for row in after.withdrawals if row.event == entry.pk
    ]
    assert said.expires_at == entry.expires_at


def test_the_next_threshold_and_its_distance():
    make_book()
    creator = make_creator()
    log(creator, "fraud")

    said = violation_preview(creator=creator, rule_code="medical_claim", effective_at=NOON, at=NOON + DAY)

    assert (said.before.balance, said.added, said.after.balance) == (6, 3, 9)
    assert (said.next_threshold.balance, said.points_away) == (12, 3)
    assert said.meter == {"before": 40, "added": 20, "end": 60, "mark": 80}


def test_warnings_and_withdrawals_are_told_apart():
    make_book()
    creator = make_creator()
    log(creator, "late_content")

    said = violation_preview(creator=creator, rule_code="fraud", effective_at=NOON, at=NOON + DAY)

    assert [(str(line.label), line.is_withdrawal) for line in said.fired_lines] == [("Written warning at 6", False)]


def test_each_feature_is_named_once_with_its_latest_end():
    make_book()
    creator = make_creator()
    log_all(creator, ["spam", "spam"])

    said = violation_preview(creator=creator, rule_code="spam", effective_at=NOON, at=NOON + DAY)

    assert said.strike_out
    ends = {str(line.label): line.ends_at for line in said.fired_lines if line.is_withdrawal}
    assert ends == dict.fromkeys(["LIVE", "Video", "Showcase"], NOON + 8 * DAY)


def test_an_entry_that_is_expired_adds_nothing():
    make_book()

    said = violation_preview(creator=make_creator(), rule_code="fraud", effective_at=NOON - 90 * DAY, at=NOON)

    assert said.is_expired
    assert (said.added, said.fired) == (0, ())


def test_same_incident_and_possible_repeat_are_named():
    make_book()
    creator = make_creator()
    link = "https://www.tiktok.com/@brass/video/7123456789"
    first = log(creator, "spam", content_link=link)
    common = {"creator": creator, "rule_code": "spam", "effective_at": NOON, "at": NOON + DAY}

    assert violation_preview(**common, content_link=f"{link}?lang=en").same == first
    assert violation_preview(**common).repeat == first


def test_the_time_to_appeal_is_that_of_the_market():
    make_book()
    creator = make_creator()
    creator.market.time_zone = "America/Los_Angeles"
    creator.market.save()

    said = violation_preview(creator=creator, rule_code="spam", effective_at=NOON, at=NOON)

    assert said.appeal_until.isoformat() == "2026-12-22T23:59:00-08:00"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"rule_code": "no_such_rule"}, "rule_unknown"),
        ({"content_link": "not a link"}, "link_invalid"),
        ({"effective_at": NOON + DAY}, "effective_in_future"),
        ({"effective_at": NOON - 4000 * DAY}, "book_missing"),
    ],
)
def test_what_cannot_be_logged_has_no_preview(options, code):
    make_book()
    common = {"creator": make_creator(), "rule_code": "spam", "effective_at": NOON, "at": NOON}

    with pytest.raises(DomainError) as refused:
        violation_preview(**common | options)

    assert refused.value.code == code


PLANS = Consequence(
    lines=lambda creator, features, at: [f"2 plans of @{creator.handle}: {', '.join(sorted(features))}"],
    apply=lambda creator, features, by, at: None,
)


def test_higher_apps_say_what_a_withdrawal_touches(settings):
    settings.CONSEQUENCES = f"{__name__}.CONSEQUENCES"
    make_book()
    creator = make_creator("brass")
    log_all(creator, ["fraud", "medical_claim"])
    common = {"creator": creator, "effective_at": NOON, "at": NOON + DAY}

    assert violation_preview(rule_code="medical_claim", **common).touched == ["2 plans of @brass: live"]
    assert violation_preview(rule_code="late_content", **common).touched == []


CONSEQUENCES = (f"{__name__}.PLANS",)


def test_the_plot_falls_when_points_expire():
    plot = step_plot([(NOON, 9), (NOON + 20 * DAY, 7), (NOON + 90 * DAY, 0)], threshold=12)

    assert [(mark.balance, mark.has_label) for mark in plot.marks] == [(9, True), (7, True), (0, True)]
    assert plot.path == "M22.0 42.5 H85.1 V57.5 H305.9 V110.0 H340"
    assert plot.threshold_y == 20.0


def test_a_draft_finds_creator_rule_and_address():
    user = make_user("ops")
    shop = make_shop([user])
    make_book()
    creator = make_creator("brass_lantern", language="zh-Hans")
    creator.contacts.create(shop=shop, kind="email", value="brass@example.com", added_at=NOON)

    draft = draft_of(user=user, at=NOON, creator_text="@Brass_Lantern", rule_code="spam", shop=shop)

    assert draft.creator.creator == creator
    assert (draft.rule.code, draft.preview.added) == ("spam", 4)
    assert (draft.address, draft.language) == ("brass@example.com", "zh-hans")
    assert [one.value for one in draft.severities] == ["minor", "moderate", "major", "critical", "extreme"]


def test_a_draft_keeps_contacts_of_other_shops_back():
    make_book()
    creator, shop = make_creator(), make_shop()
    creator.contacts.create(shop=shop, kind="email", value="brass@example.com", added_at=NOON)

    assert draft_of(user=make_user("ops"), at=NOON, creator=creator, shop=shop).address == ""


def test_a_handle_of_two_markets_is_a_choice():
    make_book()
    make_creator("brass", market="US"), make_creator("brass", market="GB")

    draft = draft_of(user=make_user("ops"), at=NOON, creator_text="brass")

    assert draft.creator is None
    assert {found.creator.market_id for found in draft.matches} == {"US", "GB"}


def test_a_draft_names_the_rules_of_that_time():
    make_book()
    newer = RuleBook.objects.create(
        code="house-2024", version=2, name_en="House rules", created_at=NOON, effective_from=NOON - DAY
    )
    newer.state, newer.published_at = "published", NOON
    newer.save()
    user = make_user("ops")

    now = draft_of(user=user, at=NOON, creator=make_creator(), rule_code="spam")
    before = draft_of(user=user, at=NOON, creator=make_creator(), rule_code="spam", effective_at=NOON - 2 * DAY)

    assert (now.book, now.preview) == (newer, None)
    assert "has no such rule" in now.refusal
    assert before.preview.added == 4
