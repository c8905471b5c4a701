from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from core.errors import DomainError
from tests.factories import make_creator, make_file, make_user
from tests.ledger import NOON, log, make_book
from violations.models import Notice
from violations.services.notices import notice_confirm, notice_give, notice_resend, notice_send, notices_wake
from violations.states import NoticeState

pytestmark = pytest.mark.django_db


def make_entry(**facts):
    make_book()
    return log(make_creator("brass_lantern", **facts), "spam", note="The post of 22 November.")


def make_mail(entry, **options):
    options = {"channel": "mail", "address": "lantern@example.com", "by": make_user("ops"), "at": NOON} | options
    return notice_give(entry=entry, **options)


class Broken(EmailBackend):
    """A server that fails as it is told."""

    error: Exception = OSError()

    def send_messages(self, messages):
        raise self.error


@pytest.fixture
def broken(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    return Broken


def cut_off(notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.SENDING)


LATER = timezone.now() + timedelta(minutes=30)


def test_a_mail_waits_and_then_says_everything():
    notice = make_mail(make_entry())
    assert (notice.state, notice.given_at) == (NoticeState.WAITING, None)

    assert notice_send(notice_id=notice.pk, at=NOON)

    notice.refresh_from_db()
    assert (notice.state, notice.given_at) == (NoticeState.SENT, NOON)
    assert mail.outbox[0].to == ["lantern@example.com"]
    assert mail.outbox[0].reply_to == [notice.created_by.email]
    for part in ("@brass_lantern", "4 points", "balance is now 4", "strike", "The post of 22 November.", "30 days"):
        assert part in mail.outbox[0].body
    assert "22 Dec, 23:59" in mail.outbox[0].body
    assert notice.body == mail.outbox[0].body


def test_a_chinese_mail_is_chinese():
    notice = make_mail(make_entry(), language="zh-Hans-CN")

    notice_send(notice_id=notice.pk, at=NOON)

    assert notice.language == "zh-hans"
    assert "规则 spam" in mail.outbox[0].body


def test_another_language_falls_back_to_english():
    assert make_mail(make_entry(), language="vi").language == "en"


def test_a_mail_goes_out_once():
    notice = make_mail(make_entry())
    assert notice_send(notice_id=notice.pk, at=NOON)

    assert not notice_send(notice_id=notice.pk, at=NOON)

    assert len(mail.outbox) == 1


def test_a_mail_cut_off_while_sending_is_not_sent_again():
    notice = make_mail(make_entry())
    cut_off(notice)

    assert not notice_send(notice_id=notice.pk, at=NOON)

    assert mail.outbox == []
    assert notices_wake() == 0


def test_waiting_mails_are_asked_for():
    make_mail(make_entry())
    assert notices_wake() == 1


def test_a_refused_mail_failed_and_says_why(broken):
    broken.error = SMTPRecipientsRefused({"lantern@example.com": (550, b"no such mailbox")})
    notice = make_mail(make_entry())

    assert not notice_send(notice_id=notice.pk, at=NOON)

    notice.refresh_from_db()
    assert notice.state == NoticeState.FAILED
    assert "no such mailbox" in notice.error


def test_a_silent_server_leaves_it_unsure(broken):
    broken.error = TimeoutError("timed out")
    notice = make_mail(make_entry())

    notice_send(notice_id=notice.pk, at=NOON)

    notice.refresh_from_db()
    assert notice.state == NoticeState.SENDING


def test_an_unsure_mail_is_confirmed_and_opens_the_window():
    notice = make_mail(make_entry())
    cut_off(notice)

    confirmed = notice_confirm(notice=notice, by=make_user("ops"), at=LATER)

    assert (confirmed.state, confirmed.given_at) == (NoticeState.SENT, LATER)


@pytest.mark.parametrize("state", [NoticeState.SENDING, NoticeState.FAILED])
def test_an_unsure_or_failed_mail_is_sent_again(state):
    notice = make_mail(make_entry())
    Notice.objects.filter(pk=notice.pk).update(state=state, error="no such mailbox")

    again = notice_resend(notice=notice, by=make_user("ops"), at=LATER)

    assert (again.state, again.error) == (NoticeState.WAITING, "")
    assert notice_send(notice_id=notice.pk, at=LATER)


@pytest.mark.parametrize("act", [notice_confirm, notice_resend])
def test_a_mail_that_is_going_out_just_now_is_left_alone(act):
    notice = make_mail(make_entry())
    cut_off(notice)

    with pytest.raises(DomainError) as refused:
        act(notice=notice, by=make_user("ops"), at=timezone.now())

    assert refused.value.code == "notice_not_unsure"


def test_a_second_mail_waits_for_the_first():
    entry = make_entry()
    make_mail(entry)

    with pytest.raises(DomainError) as refused:
        make_mail(entry)

    assert refused.value.code == "notice_waiting"


def test_what_was_handed_over_counts_from_then():
    entry, by = make_entry(), make_user("ops")
    proof = make_file(by)
    proof.expires_at = NOON
    proof.save()

    notice = make_mail(entry, channel="handed_over", address="", given_at=NOON, proof=proof)

    assert (notice.state, notice.given_at) == (NoticeState.SENT, NOON)
    proof.refresh_from_db()
    assert proof.expires_at is None


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"channel": "pigeon"}, "channel_unknown"),
        ({"address": " "}, "address_missing"),
        ({"channel": "handed_over", "given_at": NOON}, "proof_missing"),
        ({"channel": "handed_over", "given_at": NOON + HOUR, "proof": True}, "given_in_future"),
        ({"channel": "handed_over", "given_at": None, "proof": True}, "given_in_future"),
        ({"channel": "handed_over", "given_at": NOON - HOUR, "proof": True}, "given_before_entry"),
    ],
)
def test_notices_that_are_refused(options, code):
    entry = make_entry()
    if options.get("proof"):
        options = options | {"proof": make_file(make_user("ops"))}

    with pytest.raises(DomainError) as refused:
        make_mail(entry, **options)

    assert refused.value.code == code


def test_only_violations_have_notices():
    from violations.services.ledger import reversal_append

    entry = make_entry()
    reversal = reversal_append(entry=entry, kind="own_mistake", reason="Wrong post.", by=make_user("ops"), at=NOON)

    with pytest.raises(DomainError) as refused:
        make_mail(reversal)

    assert refused.value.code == "not_a_violation"
