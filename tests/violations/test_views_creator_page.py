from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import StoredFile
from tests.factories import make_creator, make_shop, make_user
from tests.ledger import log, make_appeal, make_book
from tests.links import mailed_code, make_link, open_page
from violations.models import Appeal, Notice
from violations.selectors.links import token_of
from violations.services.appeals import appeal_ask
from violations.services.links import link_revoke

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 32


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def creator():
    make_book()
    return make_creator("brass_lantern", nickname="Brass Lantern")


@pytest.fixture
def made(creator):
    return make_link(creator)


@pytest.fixture
def token(client, made) -> str:
    """The token of a link that the client has opened."""
    link, token = made
    open_page(client, link, token)
    return token


def address(name: str, token: str, *arguments) -> str:
    return reverse(name, args=[token, *arguments])


def neutral(html: str, token: str) -> str:
    """The page without what differs by itself: the address, and the mark against forged forms."""
    lines = (line for line in html.splitlines() if "csrfmiddlewaretoken" not in line)
    return "\n".join(lines).replace(token, "TOKEN")


def recent(**options):
    """An entry's time, so that its window is open."""
    at = timezone.now() - timedelta(hours=1)
    return {"at": at, **options}


def dead_tokens(creator) -> list[str]:
    """Revoked, expired, guessed, tampered."""
    now = timezone.now()
    revoked, revoked_token = make_link(creator)
    link_revoke(link=revoked, by=make_user("ops"), at=now)
    _expired, expired_token = make_link(creator, at=now - timedelta(days=30))
    return [revoked_token, expired_token, token_of("guessed"), revoked_token[:-2], "tampered"]


def test_every_dead_link_shows_the_door_of_a_living_one(client, made, creator):
    _link, token = made
    living = client.get(address("creator_page", token))

    for dead in dead_tokens(creator):
        response = client.get(address("creator_page", dead))
        assert (response.status_code, response.headers.keys()) == (living.status_code, living.headers.keys())
        assert neutral(response.text, dead) == neutral(living.text, token)


def test_asking_for_a_code_looks_the_same_for_every_link(client, made, creator):
    for token in [made[1], *dead_tokens(creator)]:
        response = client.post(address("creator_code_send", token))
        assert (response.status_code, response.url) == (302, address("creator_code_enter", token))


def test_wrong_code_looks_the_same_for_every_link(client, made, creator):
    link, token = made
    mailed_code(link)
    living = client.post(address("creator_code_enter", token), {"code": "12"})

    for dead in dead_tokens(creator):
        response = client.post(address("creator_code_enter", dead), {"code": "12"})
        assert response.status_code == living.status_code == 200
        assert neutral(response.text, dead) == neutral(living.text, token)


def test_opening_a_link_sends_no_code(client, made):
    client.get(address("creator_page", made[1]))
    assert client.get(address("creator_code_send", made[1])).status_code == 405

    assert mail.outbox == []


@pytest.mark.parametrize("name", ["creator_page", "creator_code_enter"])
def test_nothing_keeps_or_indexes_the_pages(client, made, name):
    response = client.get(address(name, made[1]))

    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex' in response.text


def test_open_page_is_kept_nowhere_either(client, token):
    response = client.get(address("creator_page", token))

    assert "no-store" in response["Cache-Control"]
    assert "@brass_lantern" in response.text


def test_code_opens_the_page_in_a_fresh_session(client, made):
    link, token = made
    client.get(address("creator_page", token))
    session = client.session
    session["kept"] = "yes"
    session.save()
    client.cookies["sessionid"] = before = session.session_key

    open_page(client, link, token)

    assert client.cookies["sessionid"].value != before
    assert client.session["kept"] == "yes"


def test_code_asked_for_too_often_is_429_in_neutral_words(client, made):
    texts = []
    for token in (made[1], "tampered"):
        for _time in range(5):
            assert client.post(address("creator_code_send", token)).status_code == 302
        response = client.post(address("creator_code_send", token))
        assert response.status_code == 429
        texts.append(neutral(response.text, token))

    assert texts[0] == texts[1]
    assert "Try again in an hour" in texts[0]


def test_codes_tried_too_often_are_429(client, made):
    link, token = made
    enter = address("creator_code_enter", token)
    for _time in range(15):
        assert client.post(enter, {"code": "12"}).status_code == 200

    assert client.post(enter, {"code": mailed_code(link)}).status_code == 429


def test_limits_count_by_the_address_that_the_proxy_saw(client, settings):
    settings.BEHIND_TLS = True
    headers = {"secure": True, "REMOTE_ADDR": "10.0.0.1"}
    for number in range(20):
        send = address("creator_code_send", f"t{number}")
        client.post(send, headers={"x-forwarded-for": f"198.51.100.{number}, 192.0.2.7"}, **headers)

    last = address("creator_code_send", "last")
    assert client.post(last, headers={"x-forwarded-for": "1.1.1.1, 192.0.2.7"}, **headers).status_code == 429
    assert client.post(last, headers={"x-forwarded-for": "192.0.2.8"}, **headers).status_code == 302


def test_one_opened_link_opens_no_other(client, token):
    stranger, strangers_token = make_link(make_creator("oat_kettle"))
    _other, other_token = make_link(make_creator("tin_fox"))
    entry = log(stranger.creator)

    for one in (strangers_token, other_token):
        assert "oat_kettle" not in client.get(address("creator_page", one)).text
        assert "Send me a code" in client.get(address("creator_page", one)).text
    assert client.get(address("creator_page_appeal", strangers_token, entry.pk)).status_code == 302


def test_another_browser_sees_the_door(client, token):
    assert "Send me a code" in Client().get(address("creator_page", token)).text


def test_page_closes_after_twelve_hours_and_by_hand(client, token, made):
    session = client.session
    session["creator_links"] = {str(made[0].pk): timezone.now().isoformat()}
    session.save()
    assert "Send me a code" in client.get(address("creator_page", token)).text

    open_page(client, made[0], token)
    assert "@brass_lantern" in client.get(address("creator_page", token)).text
    client.post(address("creator_page_close", token))
    assert "Send me a code" in client.get(address("creator_page", token)).text


def test_revoking_closes_an_open_page(client, token, made):
    link_revoke(link=made[0], by=make_user("ops"), at=timezone.now())

    assert "brass_lantern" not in client.get(address("creator_page", token)).text


def test_page_says_what_counts_and_hides_what_is_internal(client, token, creator):
    logger, shop = make_user("ops", name="Petra Logger"), make_shop(name="Tin Lantern Home")
    make_shop(name="Oat Kettle Shop")
    log(
        creator, "spam", by=logger, shop=shop, note="Please label ads.", internal_note="Third time, watch.",
        content_link="https://shop.example/video/1", **recent(),
    )  # fmt: skip
    log(make_creator("oat_kettle"), "fraud", **recent())

    page = client.get(address("creator_page", token)).text

    for shown in ("<b>4</b>", "Please label ads.", "https://shop.example/video/1", "Tin Lantern Home", "computed"):
        assert shown in page
    for hidden in ("Third time", "Petra Logger", logger.email, "Oat Kettle", "oat_kettle", "Fraud"):
        assert hidden not in page


def test_times_are_those_of_the_market(client, made, creator):
    creator.market.time_zone = "America/New_York"
    creator.market.save()
    link, token = made
    entry = log(creator, **recent())
    open_page(client, link, token)

    page = client.get(address("creator_page", token)).text

    assert "America/New_York" in page
    local = timezone.localtime(entry.effective_at, timezone=timezone.zoneinfo.ZoneInfo("America/New_York"))
    assert f"{local:%H:%M}" in page


def test_page_is_in_the_language_of_the_link_until_another_is_chosen(client, creator):
    link, token = make_link(creator, language="zh-hans")
    log(creator, "spam", **recent())
    open_page(client, link, token)

    response = client.get(address("creator_page", token))
    assert (response["Content-Language"], "规则 spam" in response.text) == ("zh-hans", True)

    response = client.get(address("creator_page", token) + "?language=en")
    assert (response["Content-Language"], "No spam." in response.text) == ("en", True)
    assert client.get(address("creator_page", token))["Content-Language"] == "en"


def test_door_speaks_the_language_that_the_mail_names(client):
    response = client.get(address("creator_page", "tampered") + "?language=zh-hans")

    assert (response["Content-Language"], '<html lang="zh-hans"' in response.text) == ("zh-hans", True)
    assert client.get(address("creator_page", "x") + "?language=xx")["Content-Language"] == "zh-hans"


def test_creator_appeals_with_a_file(client, token, made, creator):
    entry = log(creator, "spam", **recent())
    appeal_address = address("creator_page_appeal", token, entry.pk)
    assert "Why is this entry wrong?" in client.get(appeal_address).text
    upload = SimpleUploadedFile("label.png", PNG, content_type="image/png")

    response = client.post(appeal_address, {"statement": "The label was on.", "evidence": upload})

    assert response.url == address("creator_page", token)
    appeal = Appeal.objects.get()
    assert (appeal.entry, appeal.filed_through, appeal.filed_by) == (entry, made[0], None)
    assert [one.file.name for one in appeal.evidence.all()] == ["label.png"]
    page = client.get(address("creator_page", token)).text
    assert "The label was on." in page
    assert "label.png" in page


def test_appeal_needs_words_and_files_that_prove(client, token, creator):
    entry = log(creator, "spam", **recent())
    appeal_address = address("creator_page_appeal", token, entry.pk)
    text = SimpleUploadedFile("label.txt", b"label", content_type="text/plain")

    assert client.post(appeal_address, {"statement": ""}).status_code == 422
    assert client.post(appeal_address, {"statement": "Look.", "evidence": text}).status_code == 422
    many = [SimpleUploadedFile(f"{number}.png", PNG) for number in range(6)]
    response = client.post(appeal_address, {"statement": "Look.", "evidence": many})
    assert (response.status_code, "at most 5 files" in response.text) == (422, True)
    assert Appeal.objects.count() == 0


def test_closed_window_says_so_and_stores_no_file(client, token, creator):
    entry = log(creator, "spam", at=timezone.now() - timedelta(days=40))
    given = {"created_at": entry.recorded_at, "given_at": entry.recorded_at}
    ops = make_user("ops")
    Notice.objects.create(entry=entry, channel="mail", state="sent", language="en", created_by=ops, **given)
    upload = SimpleUploadedFile("label.png", PNG, content_type="image/png")

    response = client.post(
        address("creator_page_appeal", token, entry.pk), {"statement": "The label was on.", "evidence": upload}
    )

    assert "The time to appeal ended" in response.text
    assert (Appeal.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_entries_and_appeals_of_others_do_not_exist(client, token):
    theirs = log(make_creator("oat_kettle"), "spam", **recent())
    appeal = make_appeal(theirs, state="evidence_asked")

    for method in (client.get, client.post):
        assert method(address("creator_page_appeal", token, theirs.pk)).status_code == 404
        assert method(address("creator_page_answer", token, appeal.pk)).status_code == 404
        assert method(address("creator_page_withdraw", token, appeal.pk)).status_code == 404


def test_creator_answers_what_is_asked(client, token, creator):
    appeal = make_appeal(log(creator, "spam", **recent()))
    answer = address("creator_page_answer", token, appeal.pk)
    assert client.get(answer).status_code == 404
    appeal_ask(appeal=appeal, question="Which label?", by=make_user("ops"), at=timezone.now())
    assert "Which label?" in client.get(address("creator_page", token)).text
    assert "Which label?" in client.get(answer).text

    assert client.post(answer, {"statement": ""}).status_code == 422
    assert client.post(answer, {"statement": "The red one."}).status_code == 302
    appeal.refresh_from_db()
    assert appeal.state == "under_review"
    assert appeal.steps.last().note == "The red one."


def test_creator_takes_an_own_appeal_back_after_a_question(client, token, creator):
    appeal = make_appeal(log(creator, "spam", **recent()))
    withdraw = address("creator_page_withdraw", token, appeal.pk)
    assert withdraw in client.get(address("creator_page", token)).text
    assert "nobody decides" in client.get(withdraw).text

    assert client.post(withdraw).status_code == 302
    appeal.refresh_from_db()
    assert appeal.state == "withdrawn"
    assert client.post(withdraw).status_code == 404


def test_appeal_that_staff_filed_is_not_the_creators_to_take_back(client, token, creator):
    appeal = make_appeal(log(creator, "spam", **recent()), filed_by=make_user("seller"))
    withdraw = address("creator_page_withdraw", token, appeal.pk)

    assert withdraw not in client.get(address("creator_page", token)).text
    assert client.post(withdraw).status_code == 404


def test_second_appeal_says_that_it_needs_new_evidence(client, token, creator):
    entry = log(creator, "spam", **recent())
    make_appeal(entry, state="withdrawn")
    appeal_address = address("creator_page_appeal", token, entry.pk)

    assert "needs new evidence" in client.get(appeal_address).text
    response = client.post(appeal_address, {"statement": "Once more."})
    assert (response.status_code, Appeal.objects.count()) == (422, 1)


def test_creator_asks_for_a_person(client, token, made, creator):
    review = address("creator_page_review", token)
    assert made[0].email in client.get(review).text
    assert client.post(review, {"text": ""}).status_code == 422
    mail.outbox.clear()

    assert client.post(review, {"text": "Followers are wrong."}).status_code == 302

    (sent,) = mail.outbox
    assert sent.to == [made[0].created_by.email]
    assert f"http://testserver{creator.get_absolute_url()}" in sent.body


def test_forms_are_guarded_against_forgery(made):
    response = Client(enforce_csrf_checks=True).post(address("creator_code_send", made[1]))

    assert response.status_code == 403
