from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Collaboration
from tests.factories import make_creator, make_shop, make_user, sign_in
from tests.plans import make_campaign, make_collaboration, make_creators, make_plan, make_product, seat_all

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = "collaboration_list"


@pytest.fixture
def plan():
    return make_plan()


@pytest.fixture
def seller(client, plan):
    sign_in(client, plan.owner)
    return plan.owner


def handles(response):
    return [row.creator.handle for row in response.context["listing"].rows]


def seated(plan, *names, state="seated", days=0):
    at = timezone.now() - days * DAY
    return [make_collaboration(plan, make_creator(name), state=state, at=at) for name in names]


def test_the_list_shows_open_ones_most_urgent_first(client, seller, plan):
    seated(plan, "brass", state="closed", days=9)
    seated(plan, "tin", state="invited", days=1)
    seated(plan, "oak", state="invited", days=9)
    response = client.get(reverse(LIST))
    assert handles(response) == ["oak", "tin"]
    assert "No reply, 2 days late" in response.text
    assert [(one.state, one.number, one.overdue) for one in response.context["scopes"]] == [
        ("open", 2, 1), ("ended", 1, 0), ("all", 3, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "all"}, {"brass", "tin", "oak"}),
        ({"state": "ended"}, {"brass"}),
        ({"state": "invited"}, {"oak"}),
        ({"due": "overdue"}, {"oak"}),
        ({"due": "week"}, {"oak", "tin"}),
        ({"q": "@TI"}, {"tin"}),
        ({"state": "nonsense"}, {"tin", "oak"}),
    ],
)
def test_filters(client, seller, plan, query, found):
    seated(plan, "brass", state="closed")
    seated(plan, "tin", state="content_due", days=8)
    seated(plan, "oak", state="invited", days=9)
    assert set(handles(client.get(reverse(LIST), query))) == found


def test_filters_by_what_it_belongs_to(client, seller, plan):
    campaign = make_campaign(plan.shop, plan.owner)
    other = make_plan(plan.shop, plan.owner, campaign=campaign)
    seated(plan, "brass")
    seated(other, "tin")
    assert handles(client.get(reverse(LIST), {"plan": plan.pk})) == ["brass"]
    assert handles(client.get(reverse(LIST), {"campaign": campaign.pk})) == ["tin"]
    assert len(handles(client.get(reverse(LIST), {"shop": plan.shop_id, "owner": plan.owner_id}))) == 2
    response = client.get(reverse(LIST), {"plan": 999999})
    assert response.context["chosen"].errors
    assert "could not be read" in response.text


@pytest.mark.parametrize("ordering", ["due", "-due", "stage", "-stage", "handle", "-handle", "added", "-added"])
def test_pages_are_read_to_the_end_and_back(client, seller, plan, ordering):
    now = timezone.now()
    seat_all(plan, make_creators(26), at=now)
    other = make_plan(plan.shop, plan.owner)
    for place in range(2):
        make_collaboration(other, state="invited", at=now - place * DAY)
    first = client.get(reverse(LIST), {"rows": 25, "ordering": ordering})
    page = first.context["listing"].page
    second = client.get(reverse(LIST), {"rows": 25, "ordering": ordering, "cursor": page.next_cursor})
    assert len(set(handles(first)) | set(handles(second))) == 28
    assert (second.context["listing"].page.start, second.context["listing"].page.next_cursor) == (26, None)
    back = second.context["listing"].page.previous_cursor
    again = client.get(reverse(LIST), {"rows": 25, "ordering": ordering, "cursor": back})
    assert handles(again) == handles(first)


@pytest.mark.parametrize(
    "cursor", ["nonsense", "WyJkdWUiXQ", "WyJkdWUiLDAsInRvZGF5IiwxLDFd", "WyJhZGRlZCIsMCwxLDEsMV0"]
)
def test_a_cursor_that_cannot_be_read_begins_again(client, seller, plan, cursor):
    seated(plan, "brass")
    response = client.get(reverse(LIST), {"cursor": cursor})
    assert "not known any more" in response.text


def test_the_list_is_scoped_to_the_shops_of_the_reader(client, seller, plan):
    make_collaboration()
    assert handles(client.get(reverse(LIST))) == []


def test_queries_do_not_grow_with_the_rows(client, seller, plan, django_assert_max_num_queries):
    seat_all(plan, make_creators(2))
    client.get(reverse(LIST))
    seat_all(make_plan(plan.shop, plan.owner), make_creators(28))
    for name in (LIST, "collaboration_board"):
        with django_assert_max_num_queries(15):
            client.get(reverse(name))


def test_a_fragment_is_the_list_alone(client, seller, plan):
    seated(plan, "brass")
    response = client.get(reverse(LIST), HTTP_HX_REQUEST="true")
    assert "<html" not in response.text
    assert "@brass" in response.text


def test_empty_states(client, seller):
    assert "No collaboration is open" in client.get(reverse(LIST)).text
    assert "passes all filters" in client.get(reverse(LIST), {"q": "nobody"}).text


def test_the_page_of_one_with_its_moves_and_its_history(client, seller, plan):
    collaboration = seated(plan, "brass", state="invited")[0]
    response = client.get(collaboration.get_absolute_url())
    detail = response.context["detail"]
    assert [to.value for to in detail.onward] == ["accepted"]
    assert [to.value for to in detail.aside] == ["declined", "expired", "dropped", "on_hold"]
    assert [move.to_state for move in detail.moves] == ["invited", "seated"]
    assert "Move @brass to" in response.text


def test_a_viewer_reads_the_page_without_buttons(client, plan):
    viewer = make_user("viewer")
    make_shop([viewer])
    plan.shop.members.add(viewer)
    sign_in(client, viewer)
    collaboration = seated(plan, "brass", state="invited")[0]
    response = client.get(collaboration.get_absolute_url())
    assert response.status_code == 200
    assert "Move @brass" not in response.text


def test_a_move_by_its_button(client, seller, plan):
    collaboration = seated(plan, "brass")[0]
    response = client.post(reverse("collaboration_move", args=[collaboration.pk]), {"to": "invited"})
    assert response.status_code == 302
    collaboration.refresh_from_db()
    assert collaboration.state == "invited"


def test_a_drop_without_a_reason_asks_for_it(client, seller, plan):
    collaboration = seated(plan, "brass")[0]
    url = reverse("collaboration_move", args=[collaboration.pk])
    assert "Dropped" in client.get(f"{url}?to=dropped").text
    response = client.post(url, {"to": "dropped"})
    assert response.status_code == 422
    assert "Say why." in response.text
    assert client.post(url, {"to": "dropped", "reason": "Sold out", "next": "/plans/"}).url == "/plans/"


def test_a_card_is_dragged(client, seller, plan):
    collaboration = seated(plan, "brass")[0]
    url = reverse("collaboration_move", args=[collaboration.pk])
    response = client.post(url, {"to": "invited"}, HTTP_HX_REQUEST="true")
    assert (response.status_code, "Invited" in response["HX-Trigger"]) == (204, True)
    refused = client.post(url, {"to": "published"}, HTTP_HX_REQUEST="true")
    assert (refused.status_code, "no way" in refused["HX-Trigger"]) == (409, True)


def test_many_are_moved_and_each_says_what_became_of_it(client, seller, plan):
    first, second = seated(plan, "brass")[0], seated(plan, "tin", state="invited")[0]
    url = reverse("collaboration_bulk_move")
    chosen = {"collaborations": [first.pk, second.pk]}
    page = client.get(url, chosen)
    assert "Accepted (1)" in page.text
    response = client.post(url, chosen | {"to": "accepted"})
    assert (response.context["moved"], response.context["refused"]) == (1, 1)
    assert "no way" in response.text
    assert client.post(url, chosen | {"to": ""}).status_code == 422
    response = client.post(url, {"collaborations": [first.pk], "to": "invited"})
    assert response.status_code == 302


def test_nothing_chosen_is_said(client, seller):
    response = client.get(reverse("collaboration_bulk_move"), {"collaborations": "x"})
    assert (response.status_code, "Choose at least one" in response.text) == (400, True)


def test_others_rows_are_never_moved(client, seller, plan):
    foreign = make_collaboration()
    url = reverse("collaboration_bulk_move")
    assert client.post(url, {"collaborations": [foreign.pk], "to": "invited"}).status_code == 400
    assert Collaboration.objects.get(pk=foreign.pk).state == "seated"


def test_the_export_holds_the_filtered_rows(client, seller, plan):
    seated(plan, "brass", state="invited")
    seated(plan, "tin")
    response = client.get(reverse("collaboration_export"), {"state": "invited", "format": "csv"})
    text = b"".join(response.streaming_content).decode()
    assert "brass" in text
    assert "tin" not in text
    assert client.get(reverse("collaboration_export"), {"format": "xlsx"}).status_code == 200


@pytest.mark.parametrize(("query", "text"), [({"q": "nobody"}, "to export"), ({"plan": 99999}, "could not be read")])
def test_exports_that_are_refused(client, seller, plan, query, text):
    seated(plan, "brass")
    response = client.get(reverse("collaboration_export"), query)
    assert (response.status_code, text in response.text) == (400, True)


def test_a_long_export_becomes_a_job(client, seller, plan, monkeypatch):
    seated(plan, "brass")
    monkeypatch.setattr("campaigns.views.collaborations.DIRECT_ROWS", 0)
    url = reverse("collaboration_export")
    assert "in the background" in client.get(url).text
    assert "/jobs/" in client.post(url).url


def test_the_board_shows_cards_by_state(client, seller, plan):
    seated(plan, "brass", state="invited", days=9)
    seated(plan, "tin", state="closed")
    columns = {one.state: one for one in client.get(reverse("collaboration_board")).context["columns"]}
    assert (columns["invited"].number, columns["invited"].overdue) == (1, 1)
    card = columns["invited"].cards[0]
    assert (card.creator.handle, card.targets) == ("brass", "accepted declined expired dropped on_hold")
    assert (columns["closed"].number, columns["closed"].cards) == (1, [])


def test_a_column_grows_when_asked(client, seller, plan):
    seat_all(plan, make_creators(24))
    board = reverse("collaboration_board")
    column = client.get(board).context["columns"][0]
    assert (len(column.cards), column.hidden, column.may_grow) == (20, 4, True)
    column = client.get(board, {"more": "seated"}).context["columns"][0]
    assert (len(column.cards), column.may_grow) == (24, False)


def test_the_calendar_shows_what_is_due_in_the_time_of_the_shop(client, seller, plan):
    plan.shop.time_zone = "Asia/Tokyo"
    plan.shop.save()
    moment = timezone.now().replace(year=2026, month=11, day=22, hour=20, minute=0)
    make_collaboration(plan, make_creator("brass"), state="invited", at=moment)
    url = reverse("collaboration_calendar")
    month = client.get(url, {"month": "2026-11", "shop": plan.shop_id}).context["month"]
    found = {day.day.isoformat(): day.number for week in month.weeks for day in week if day.number}
    assert (found, month.zone) == ({"2026-11-30": 1}, "Asia/Tokyo")
    month = client.get(url, {"month": "2026-11"}).context["month"]
    assert [day.day.day for week in month.weeks for day in week if day.number] == [29]
    assert client.get(url, {"month": "soon"}).status_code == 200


def test_the_matrix_cell_and_the_sections_of_a_page(client, seller, plan, monkeypatch):
    from campaigns.models import MatrixCell, TestMatrix
    from campaigns.selectors import details
    from campaigns.selectors.sections import Section

    campaign = make_campaign(plan.shop, plan.owner)
    matrix = TestMatrix.objects.create(
        campaign=campaign, name="Styles", created_by=plan.owner, created_at=timezone.now()
    )
    product = make_product(plan.shop, title="Lamp")
    cell = MatrixCell.objects.create(matrix=matrix, product=product, style="Unboxing", row=1, column=1)
    collaboration = seated(plan, "brass")[0]
    collaboration.seat.cell = cell
    collaboration.seat.save()
    section = Section("note", "Note", "components/note.html", lambda one, user, at: {"text": "Hello from a part"})
    hidden = Section("x", "X", "components/note.html", lambda one, user, at: {"text": "Secret"}, "user.manage")
    monkeypatch.setattr(details, "SECTIONS", (section, hidden))
    response = client.get(collaboration.get_absolute_url())
    assert "Hello from a part" in response.text
    assert "Secret" not in response.text
    assert "Lamp × Unboxing" in response.text
