from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend

from accounts.rules import secret_digest
from core.errors import DomainError
from tests.factories import make_creator, make_user
from tests.ledger import NOON
from tests.links import mailed_code, make_link
from violations.models import CreatorLink, LinkCode
from violations.selectors.links import digest_of, link_of, token_of
from violations.services.links import code_ask, code_check, code_send, link_create, link_revoke, review_ask

pytestmark = pytest.mark.django_db
HERE = "192.0.2.7"
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def made() -> tuple[CreatorLink, str]:
    return make_link(make_creator("brass_lantern"), at=NOON)


def refused(code: str, call, /, **arguments) -> DomainError:
    with pytest.raises(DomainError) as caught:
        call(**arguments)
    assert caught.value.code == code
    return caught.value


def enter(token: str, code: str, *, at=NOON, address: str = HERE) -> CreatorLink:
    return code_check(token=token, code=code, address=address, at=at)


def test_link_is_mailed_and_only_its_digest_is_kept(django_capture_on_commit_callbacks):
    ops = make_user("ops")

    with django_capture_on_commit_callbacks(execute=True):
        new = link_create(
            creator=make_creator("brass_lantern"),
            email=" brass@example.com ",
            language="zh",
            by=ops,
            at=NOON,
            address=lambda token: f"https://desk.example/c/{token}/",
        )

    secret = new.url.split("/")[-2].rpartition(".")[0]
    # 24 random bytes are 32 characters.
    assert len(secret) == 32
    assert new.link.digest == secret_digest(secret)
    assert (new.link.email, new.link.language, new.link.created_by) == ("brass@example.com", "zh-hans", ops)
    assert new.link.expires_at == NOON + 30 * DAY
    assert mail.outbox[0].to == ["brass@example.com"]
    assert new.url in mail.outbox[0].body


def test_link_of_another_language_is_english():
    link, _token = make_link(make_creator(), language="vi")

    assert link.language == "en"


def test_link_needs_an_address():
    refused("email_invalid", make_link, creator=make_creator(), email="brass")


def test_token_of_ours_is_found_and_one_letter_less_is_not(made):
    link, token = made

    assert link_of(token, at=NOON) == link
    assert digest_of(token[:-1]) is None


@pytest.mark.parametrize("token", ["", "x", "a.b", "a:b", "é.é", "." * 20])
def test_tampered_token_never_reaches_the_database(token, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert link_of(token, at=NOON) is None


def test_secret_that_we_signed_and_nobody_has_opens_nothing():
    assert link_of(token_of("guessed"), at=NOON) is None


def test_link_works_until_it_expires(made):
    link, token = made

    assert link_of(token, at=NOON + 30 * DAY - MINUTE) == link
    assert link_of(token, at=NOON + 30 * DAY) is None


def test_revoked_link_works_no_longer(made):
    link, token = made
    ops = make_user("ops")

    revoked = link_revoke(link=link, by=ops, at=NOON)

    assert (revoked.revoked_at, revoked.revoked_by) == (NOON, ops)
    assert link_of(token, at=NOON) is None


def test_revoking_names_who_did_it(made):
    from django.apps import apps

    link_revoke(link=made[0], by=(ops := make_user("ops")), at=NOON)

    event = apps.get_model("violations", "CreatorLinkEvent").objects.get(pgh_obj_id=made[0].pk)
    assert event.pgh_context.metadata["user"] == ops.pk


@pytest.mark.parametrize("days", [0, 30])
def test_link_that_is_closed_cannot_be_revoked(made, days):
    link, _token = made
    if not days:
        link_revoke(link=link, by=make_user("ops"), at=NOON)

    error = refused("link_closed", link_revoke, link=link, by=make_user("ops"), at=NOON + days * DAY)
    assert error.status == 409


def test_code_is_mailed_in_the_language_of_the_link_and_kept_as_a_digest():
    link, _token = make_link(make_creator("brass_lantern"), language="zh-hans", at=NOON)

    code = mailed_code(link, at=NOON)

    stored = LinkCode.objects.get()
    assert (len(stored.digest), code in stored.digest) == (64, False)
    assert stored.expires_at == NOON + 10 * MINUTE
    assert mail.outbox[-1].to == ["brass@example.com"]


def test_code_never_goes_to_a_dead_link(made):
    link, _token = made
    link_revoke(link=link, by=make_user("ops"), at=NOON)

    assert not code_send(digest=link.digest, at=NOON)
    assert not code_send(digest="0" * 64, at=NOON)
    assert (mail.outbox, LinkCode.objects.count()) == ([], 0)


def test_code_that_cannot_be_mailed_is_said(made, monkeypatch):
    def down(*arguments):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", down)

    assert not code_send(digest=made[0].digest, at=NOON)


def test_code_opens_its_link_once(made):
    link, token = made
    code = mailed_code(link, at=NOON)

    opened = enter(token, code, at=NOON + 9 * MINUTE)

    assert (opened, opened.last_opened_at) == (link, NOON + 9 * MINUTE)
    refused("code_wrong", enter, token=token, code=code, at=NOON + 9 * MINUTE)


def test_code_is_valid_for_ten_minutes(made):
    link, token = made
    code = mailed_code(link, at=NOON)

    refused("code_wrong", enter, token=token, code=code, at=NOON + 10 * MINUTE)


def test_right_code_after_five_wrong_ones_is_refused(made):
    link, token = made
    code = mailed_code(link, at=NOON)
    wrong = "000000" if code != "000000" else "000001"
    for _try in range(5):
        refused("code_wrong", enter, token=token, code=wrong)

    refused("code_wrong", enter, token=token, code=code)
    assert LinkCode.objects.get().tries == 5


def test_right_code_after_four_wrong_ones_opens(made):
    link, token = made
    code = mailed_code(link, at=NOON)
    for _try in range(4):
        refused("code_wrong", enter, token=token, code="")

    assert enter(token, code) == link


def test_only_the_newest_code_works(made):
    link, token = made
    first, second = mailed_code(link, at=NOON), mailed_code(link, at=NOON)

    if first != second:
        refused("code_wrong", enter, token=token, code=first)
    assert enter(token, second) == link


def test_code_of_one_link_does_not_open_another(made):
    other, other_token = make_link(make_creator("oat_kettle"), at=NOON)
    code = mailed_code(made[0], at=NOON)
    mailed_code(other, at=NOON)

    refused("code_wrong", enter, token=other_token, code=code)


def test_dead_and_living_links_are_refused_in_the_same_words(made):
    link, token = made
    mailed_code(link, at=NOON)
    texts = {str(refused("code_wrong", enter, token=one, code="12")) for one in (token, "tampered", token_of("guess"))}
    link_revoke(link=link, by=make_user("ops"), at=NOON)

    assert texts == {str(refused("code_wrong", enter, token=token, code="12"))}


def test_codes_are_asked_for_five_times_an_hour_whether_the_link_works_or_not(made):
    for token in (made[1], "tampered"):
        for number in range(5):
            code_ask(token=token, address=f"192.0.2.{number}")
        error = refused("too_many_codes", code_ask, token=token, address=HERE)
        assert error.status == 429


def test_one_address_asks_for_twenty_codes_an_hour():
    for number in range(20):
        code_ask(token=f"tampered-{number}", address=HERE)

    refused("too_many_codes", code_ask, token="another", address=HERE)
    code_ask(token="another", address="192.0.2.8")


def test_codes_are_tried_fifteen_times_an_hour(made):
    link, token = made
    for number in range(15):
        refused("code_wrong", enter, token=token, code="", address=f"192.0.2.{number}")

    error = refused("too_many_tries", enter, token=token, code=mailed_code(link, at=NOON))
    assert error.status == 429


def test_review_reaches_ops_and_admins_in_their_language(made):
    ops, admin = make_user("ops"), make_user("admin", language="zh-hans")
    make_user("seller")
    make_user("ops", is_active=False)
    readers = {ops.email, admin.email, made[0].created_by.email}

    told = review_ask(link=made[0], text=" Followers are wrong. ", address="https://desk.example/creators/1/")

    assert told == 3
    assert {one.to[0] for one in mail.outbox} == readers
    assert all("Followers are wrong." in one.body and "creators/1/" in one.body for one in mail.outbox)
    assert {tuple(one.reply_to) for one in mail.outbox} == {("brass@example.com",)}


def test_review_needs_words(made):
    refused("review_text_missing", review_ask, link=made[0], text=" ", address="x")


def test_review_is_asked_for_three_times_a_day(made):
    for _time in range(3):
        review_ask(link=made[0], text="Look.", address="x")

    error = refused("too_many_reviews", review_ask, link=made[0], text="Look.", address="x")
    assert error.status == 429


def test_review_that_reaches_nobody_is_said(made, monkeypatch):
    def down(*arguments):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", down)

    error = refused("review_unsent", review_ask, link=made[0], text="Look.", address="x")
    assert error.status == 503
