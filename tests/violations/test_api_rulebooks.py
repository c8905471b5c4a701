import pytest

from tests.factories import make_user, sign_in
from tests.ledger import make_book
from violations.models import HealthBand, RuleBook
from violations.services.rulebooks import rulebooks_load

pytestmark = pytest.mark.django_db
BOOKS = "/api/v1/rulebooks/"


@pytest.fixture
def api(client):
    return sign_in(client, make_user("viewer"))


def test_list_says_which_books_are_in_force(api):
    make_book()
    make_book("other", publish=False)
    rows = api.get(BOOKS).json()["results"]
    assert {(row["code"], row["version"], row["state"], row["in_force"], row["market"]) for row in rows} == {
        ("house-2024", 1, "published", True, None),
        ("other", 1, "draft", False, None),
    }
    assert "rules" not in rows[0]


def test_detail_holds_rules_and_milestones(api):
    book = make_book()
    answer = api.get(f"{BOOKS}{book.pk}/").json()
    assert (answer["in_force"], len(answer["rules"]), len(answer["milestones"])) == (True, 18, 4)
    assert answer["milestones"][1] == {
        "threshold": 12,
        "features": ["live"],
        "days": 7,
        "blocks_seats": False,
        "text_en": "",
        "text_zh": "",
    }
    fraud = next(rule for rule in answer["rules"] if rule["code"] == "fraud")
    assert (fraud["points"], fraud["strike"], fraud["severity"]) == (6, True, "extreme")


def test_detail_of_a_rating_holds_its_bands(api):
    book = make_book("chr-2026", publish=False, is_computed=False)
    HealthBand.objects.create(book=book, floor=200, label_en="Healthy", label_zh="健康", colour="ok")
    answer = api.get(f"{BOOKS}{book.pk}/").json()
    assert answer["bands"] == [{"floor": 200, "label_en": "Healthy", "label_zh": "健康", "colour": "ok"}]


def test_what_ships_is_read_in_both_languages(api, django_assert_max_num_queries):
    book = next(one for one in rulebooks_load(at=make_book("other").created_at) if one.code == "house-2024")
    with django_assert_max_num_queries(8):
        rules = api.get(f"{BOOKS}{book.pk}/").json()["rules"]
    assert all(rule["title_en"] and rule["title_zh"] and rule["text_zh"] for rule in rules)


def test_nothing_is_written(api):
    book = make_book(publish=False)
    for answer in (api.post(BOOKS, {}), api.delete(f"{BOOKS}{book.pk}/"), api.patch(f"{BOOKS}{book.pk}/", {})):
        assert answer.status_code == 405
    assert RuleBook.objects.count() == 1


def test_an_unknown_book_is_not_found(api):
    answer = api.get(f"{BOOKS}{10**12}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
