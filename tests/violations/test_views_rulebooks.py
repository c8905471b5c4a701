from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_market, make_user, sign_in
from tests.ledger import make_book
from violations.models import RuleBook
from violations.services.rulebooks import rulebook_draft, rulebook_publish

pytestmark = pytest.mark.django_db
LATER = datetime(2099, 1, 1, tzinfo=UTC)
PARAMETERS = {
    "name_en": "House rules 2099",
    "name_zh": "2099 版合作规则",
    "effective_from": "2099-02-01T08:30",
    "strike_count": 3,
    "strike_days": 9,
    "strike_features": ["live"],
    "appeal_days": 45,
    "decision_days": 10,
    "repeat_count": 6,
    "repeat_days": 90,
}
RULE = {
    "code": "late_reply",
    "clause": "H-104",
    "severity": "minor",
    "points": 1,
    "title_en": "Late reply",
    "title_zh": "回复过晚",
    "text_en": "No reply within three days.",
    "text_zh": "三天内未回复。",
}


@pytest.fixture
def book():
    return make_book()


@pytest.fixture
def draft(book):
    return rulebook_draft(book=book, effective_from=LATER, by=make_user("ops"), at=timezone.now())


@pytest.fixture
def ops(client):
    return sign_in(client, make_user("ops"))


@pytest.fixture
def admin(client):
    return sign_in(client, make_user("admin"))


@pytest.fixture
def viewer(client):
    return sign_in(client, make_user("viewer"))


def address(name: str, *rows) -> str:
    return reverse(name, args=[row.pk for row in rows])


def text_of(response) -> str:
    return response.content.decode()


def test_list_names_every_version(viewer, draft):
    page = text_of(viewer.get(reverse("rulebook_list")))
    assert "house-2024 v1" in page
    assert "house-2024 v2" in page
    assert "In force" in page


def test_list_without_books_says_how_to_load_them(viewer):
    assert "load_rulebooks" in text_of(viewer.get(reverse("rulebook_list")))


def test_detail_shows_rules_milestones_and_parameters(viewer, book):
    page = text_of(viewer.get(book.get_absolute_url()))
    assert "Counterfeit goods" in page
    assert "LIVE withdrawn for 7 days." in page
    assert "3 at once: LIVE, Video, Showcase withdrawn for 7 days" in page
    assert address("rulebook_draft", book) not in page


def test_detail_of_a_draft_offers_editing_to_ops_and_publishing_to_admins(client, draft):
    wanted = {
        role: text_of(sign_in(client, make_user(role)).get(draft.get_absolute_url())) for role in ("ops", "admin")
    }
    assert address("rulebook_edit", draft) in wanted["ops"]
    assert address("rulebook_publish", draft) not in wanted["ops"]
    assert address("rulebook_publish", draft) in wanted["admin"]


def test_detail_of_the_book_leads_to_its_draft(ops, book, draft):
    assert draft.get_absolute_url() in text_of(ops.get(book.get_absolute_url()))


def test_changes_are_shown_against_the_version_before(ops, draft):
    spam = draft.rules.get(code="spam")
    ops.post(address("rule_edit", draft, spam), RULE | {"code": "spam", "points": 5})
    page = text_of(ops.get(draft.get_absolute_url(), {"tab": "changes"}))
    assert "Against house-2024 v1" in page
    assert "<del>4</del>" in page
    assert "<ins>5</ins>" in page


def test_a_first_version_has_no_changes(viewer, book):
    page = text_of(viewer.get(book.get_absolute_url(), {"tab": "changes"}))
    assert "Against" not in page
    assert "Counterfeit goods" in page


def test_history_names_the_person(ops, draft):
    ops.post(address("rulebook_edit", draft), PARAMETERS)
    page = text_of(ops.get(draft.get_absolute_url(), {"tab": "history"}))
    assert "Changed the parameters" in page
    assert "<del>30</del>" in page
    assert "Drafted from house-2024 v1" in page


def test_draft_is_created(ops, book):
    response = ops.post(address("rulebook_draft", book), {"effective_from": "2099-01-01T00:00"})
    draft = RuleBook.objects.get(version=2)
    assert response.url == draft.get_absolute_url()
    assert draft.effective_from == LATER


def test_draft_for_a_market(ops, book):
    make_market("VN")
    ops.post(address("rulebook_draft", book), {"effective_from": "2099-01-01T00:00", "market": "VN"})
    assert RuleBook.objects.get(market="VN").code == "house-2024-vn"


def test_second_draft_is_refused_with_the_reason(ops, book, draft):
    response = ops.post(address("rulebook_draft", book), {"effective_from": "2099-01-01T00:00"})
    assert "house-2024 v2 is a draft already" in text_of(response)


def test_draft_in_the_past_is_refused_under_its_field(ops, book):
    response = ops.post(address("rulebook_draft", book), {"effective_from": "2025-01-01T00:00"})
    assert response.context["form"].errors["effective_from"] == ["Choose an instant that is still to come."]


def test_parameters_are_saved(ops, draft):
    assert ops.post(address("rulebook_edit", draft), PARAMETERS).url == draft.get_absolute_url()
    draft.refresh_from_db()
    assert (draft.name_en, draft.appeal_days, draft.strike_days) == ("House rules 2099", 45, 9)
    assert draft.strike_features == ["live"]
    assert draft.effective_from == datetime(2099, 2, 1, 8, 30, tzinfo=UTC)


def test_parameters_of_a_rating_keep_its_strikes(ops):
    rating = make_book("chr-2026", publish=False, is_computed=False)
    page = text_of(ops.get(address("rulebook_edit", rating)))
    assert "strike_count" not in page
    ops.post(address("rulebook_edit", rating), PARAMETERS)
    rating.refresh_from_db()
    assert (rating.appeal_days, rating.strike_days) == (45, 7)


def test_a_published_book_cannot_be_edited(admin, book):
    for name in ("rulebook_edit", "rulebook_publish", "rulebook_discard", "rule_create", "milestone_create"):
        response = admin.post(address(name, book), PARAMETERS)
        assert response.status_code == 409
        assert "is published and never changes" in text_of(response)


def test_publish_says_what_will_happen(admin, draft):
    page = text_of(admin.get(address("rulebook_publish", draft)))
    assert "From 1 Jan 2099, 00:00 on it applies to what happens in all markets without a book of their own." in page
    assert "Until then house-2024 v1 applies" in page
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_publish_of_a_market_names_it(admin, book):
    market = make_market("VN")
    draft = rulebook_draft(book=book, effective_from=LATER, by=make_user("ops"), at=timezone.now(), market=market)
    assert "in this market: Vietnam." in text_of(admin.get(address("rulebook_publish", draft)))


def test_publish(admin, draft):
    assert admin.post(address("rulebook_publish", draft)).url == draft.get_absolute_url()
    draft.refresh_from_db()
    assert draft.state == "published"


def test_publish_is_refused_with_what_is_missing(admin, draft):
    draft.rules.filter(code="spam").update(text_zh="")
    response = admin.post(address("rulebook_publish", draft))
    assert response.status_code == 400
    assert "Write these in both languages before publishing: spam." in text_of(response)


def test_discard_asks_and_deletes(ops, draft):
    page = text_of(ops.get(address("rulebook_discard", draft)))
    assert "The draft with its 18 rules is deleted." in page
    assert ops.post(address("rulebook_discard", draft)).url == reverse("rulebook_list")
    assert not RuleBook.objects.filter(pk=draft.pk).exists()


def test_rule_is_added(ops, draft):
    assert ops.post(address("rule_create", draft), RULE).url == draft.get_absolute_url()
    rule = draft.rules.get(code="late_reply")
    assert (rule.clause, rule.points, rule.strike, rule.title_zh) == ("H-104", 1, False, "回复过晚")


def test_rule_with_a_code_in_use_is_refused_under_its_field(ops, draft):
    response = ops.post(address("rule_create", draft), RULE | {"code": "spam"})
    assert list(response.context["form"].errors) == ["code"]


def test_rule_is_edited_and_removed(ops, draft):
    spam = draft.rules.get(code="spam")
    assert 'value="spam"' in text_of(ops.get(address("rule_edit", draft, spam)))
    ops.post(address("rule_edit", draft, spam), RULE | {"code": "spam", "strike": "on", "severity": "extreme"})
    spam.refresh_from_db()
    assert (spam.severity, spam.strike, spam.title_en) == ("extreme", True, "Late reply")
    ops.post(address("rule_delete", draft, spam))
    assert not draft.rules.filter(code="spam").exists()


def test_rule_of_another_book_is_not_found(ops, book, draft):
    assert ops.get(address("rule_edit", draft, book.rules.first())).status_code == 404
    assert ops.post(address("milestone_delete", draft, book.milestones.first())).status_code == 404


def test_milestone_is_added_edited_and_removed(ops, draft):
    ops.post(address("milestone_create", draft), {"threshold": 15, "features": ["video"], "days": 3})
    milestone = draft.milestones.get(threshold=15)
    assert (milestone.features, milestone.days, milestone.blocks_seats) == (["video"], 3, False)
    ops.post(address("milestone_edit", draft, milestone), {"threshold": 15, "days": "", "blocks_seats": "on"})
    milestone.refresh_from_db()
    assert (milestone.features, milestone.days, milestone.blocks_seats) == ([], None, True)
    ops.post(address("milestone_delete", draft, milestone))
    assert not draft.milestones.filter(threshold=15).exists()


def test_milestone_refusal_stands_under_its_field(ops, draft):
    response = ops.post(address("milestone_create", draft), {"threshold": 15, "days": 3})
    assert list(response.context["form"].errors) == ["days"]


def test_a_later_version_is_shown_as_still_to_come(viewer, draft):
    rulebook_publish(book=draft, by=make_user("admin"), at=timezone.now())
    page = viewer.get(draft.get_absolute_url())
    assert str(page.context["look"].label) == "Published, still to come"


def test_rating_shows_its_milestones_from_the_top(viewer):
    rating = make_book("chr-2026", is_computed=False)
    page = viewer.get(rating.get_absolute_url())
    assert [one.threshold for one, _does in page.context["milestones"]] == [24, 18, 12, 6]
    assert "30 days after enforcement" in text_of(page)


def test_list_takes_few_queries(viewer, book, django_assert_max_num_queries):
    rulebook_draft(book=book, effective_from=LATER + timedelta(1), by=make_user("ops"), at=timezone.now())
    with django_assert_max_num_queries(9):
        viewer.get(reverse("rulebook_list"))


def test_a_rating_is_drafted_for_all_markets_only(ops):
    rating = make_book("chr-2026", is_computed=False)
    assert "market" not in ops.get(address("rulebook_draft", rating)).context["form"].fields


def test_parameters_that_are_refused_stay_in_the_form(ops, draft):
    response = ops.post(address("rulebook_edit", draft), PARAMETERS | {"effective_from": "2020-01-01T00:00"})
    assert list(response.context["form"].errors) == ["effective_from"]
    assert "House rules 2099" in text_of(response)


def test_milestone_that_cannot_be_read_is_shown_again(ops, draft):
    response = ops.post(address("milestone_create", draft), {"threshold": "many"})
    assert list(response.context["form"].errors) == ["threshold"]
