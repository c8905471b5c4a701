"""Mails of creators find their conversation; each is filed once."""

import io
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from campaigns.models import Conversation, Message
from campaigns.rules.inbound import mail_read, reply_address, reply_token, token_reads
from campaigns.services.inbound import mail_receive
from core.errors import DomainError
from creators.models import CreatorContact
from tests.campaigns.outreach import mail_to, make_seller
from tests.factories import make_creator
from tests.plans import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=3)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def make_mail(text="Yes, send me one.", *, html="", files=(), **headers) -> bytes:
    mail = EmailMessage()
    given = {
        "From": "Amy <amy@example.com>",
        "To": "reply@desk.example",
        "Subject": "Re: Barrier serum",
        "Message-ID": "<one@example.com>",
        "Date": "Sun, 22 Nov 2026 14:00:00 +0000",
    }
    for name, value in (given | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        if value:
            mail[name] = value
    mail.set_content(text)
    if html:
        mail.clear_content()
        mail.set_content(html, subtype="html")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(mail)


def make_sent(**options) -> Message:
    seller, shop = make_seller()
    return mail_to(shop, seller, **options)


def code_of(raw: bytes) -> str:
    with pytest.raises(DomainError) as error:
        mail_receive(raw=raw, at=LATER)
    return error.value.code


def test_an_answer_is_filed_into_its_conversation():
    sent = make_sent()
    filed = mail_receive(raw=make_mail(In_Reply_To=sent.mail_id), at=LATER)
    assert (filed.conversation_id, filed.direction, filed.by) == (sent.conversation_id, "in", None)
    assert (filed.body, filed.address, filed.subject) == ("Yes, send me one.", "amy@example.com", "Re: Barrier serum")
    assert filed.at == NOON + timedelta(hours=2)
    conversation = Conversation.objects.get()
    assert (conversation.unanswered, conversation.connected_at) == (0, filed.at)


def test_the_nearest_reference_counts():
    first, second = make_sent(), make_sent()
    raw = make_mail(References=f"{first.mail_id} {second.mail_id} <other@example.com>")
    assert mail_receive(raw=raw, at=LATER).conversation_id == second.conversation_id


def test_a_signed_token_names_the_conversation(settings):
    sent = make_sent()
    token = reply_token(sent.conversation_id, settings.SECRET_KEY)
    address = reply_address("reply@desk.example", token)
    assert mail_receive(raw=make_mail(To=address.upper()), at=LATER).conversation_id == sent.conversation_id


def test_a_forged_token_names_nothing():
    sent = make_sent()
    assert code_of(make_mail(To=f"reply+{sent.conversation_id}-{'0' * 24}@desk.example")) == "mail_unknown"
    assert token_reads("12", "secret") is None
    assert token_reads("9" * 30 + "-" + "0" * 24, "secret") is None
    assert token_reads(reply_token(7, "secret"), "another") is None
    assert token_reads(reply_token(7, "secret"), "secret") == 7


def test_a_sender_who_was_written_to_once_is_known():
    sent = make_sent(address="amy@example.com")
    assert mail_receive(raw=make_mail(From="AMY@example.com"), at=LATER).conversation_id == sent.conversation_id


def test_a_sender_among_the_contacts_is_known():
    sent = make_sent()
    conversation = sent.conversation
    CreatorContact.objects.create(
        creator=conversation.creator, shop=conversation.shop, kind="email", value="amy@example.com", added_at=NOON
    )
    assert mail_receive(raw=make_mail(), at=LATER).conversation_id == conversation.pk


def test_a_sender_of_several_conversations_is_not_guessed():
    make_sent(address="amy@example.com")
    make_sent(address="amy@example.com", creator=make_creator())
    assert code_of(make_mail()) == "mail_ambiguous"


def test_the_same_mail_is_filed_once():
    sent = make_sent()
    raw = make_mail(In_Reply_To=sent.mail_id)
    assert mail_receive(raw=raw, at=LATER) == mail_receive(raw=raw, at=LATER)
    unnamed = make_mail(In_Reply_To=sent.mail_id, Message_ID="")
    assert mail_receive(raw=unnamed, at=LATER) == mail_receive(raw=unnamed, at=LATER)
    assert Message.objects.filter(direction="in").count() == 2


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"From": "MAILER-DAEMON@example.com"}, {"Precedence": "bulk"}],
)
def test_answers_of_machines_are_not_filed(headers):
    sent = make_sent()
    assert code_of(make_mail(In_Reply_To=sent.mail_id, **headers)) == "mail_automatic"
    assert Conversation.objects.get().unanswered == 1


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00nothing", b"Subject: no sender\n\nHi"])
def test_what_is_no_mail_is_refused(raw):
    assert code_of(raw) == "mail_unreadable"


def test_attachments_are_checked_like_evidence():
    sent = make_sent()
    files = [("proof.png", PNG), ("virus.exe", b"MZ" + bytes(50))]
    filed = mail_receive(raw=make_mail(In_Reply_To=sent.mail_id, files=files), at=LATER)
    kept = filed.files.get().file
    assert (kept.name, kept.content_type, kept.expires_at) == ("proof.png", "image/png", None)
    assert "virus.exe" in filed.error


def test_html_becomes_text():
    html = "<style>p {color: red}</style><p>Yes &amp; <b>thanks</b><br>Amy</p><script>alert(1)</script>"
    mail = mail_read(make_mail(html=html))
    assert mail is not None
    assert mail.text == "Yes & thanks\nAmy"


def test_a_clock_ahead_and_a_very_long_id_do_no_harm():
    sent = make_sent()
    ahead = make_mail(In_Reply_To=sent.mail_id, Date="Sun, 22 Nov 2037 14:00:00 +0000")
    assert mail_receive(raw=ahead, at=LATER).at == LATER
    long_id = make_mail(In_Reply_To=sent.mail_id, Message_ID=f"<{'x' * 300}@example.com>", Date="never")
    assert len(mail_receive(raw=long_id, at=LATER).mail_id) <= 200


def test_no_address_takes_mails_in_by_default():
    assert reply_address("", "1-abc") == ""


# --- The command


def run(monkeypatch, raw: bytes) -> tuple[int, str]:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    out = io.StringIO()
    try:
        call_command("receive_mail", stdout=out, stderr=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_files_and_says_where(monkeypatch):
    sent = make_sent(at=timezone.now())
    code, text = run(monkeypatch, make_mail(In_Reply_To=sent.mail_id))
    assert (code, f"conversation {sent.conversation_id}" in text) == (0, True)


def test_the_command_answers_in_exit_codes_of_mail_servers(monkeypatch):
    assert run(monkeypatch, make_mail()) == (67, "No conversation fits: nothing was sent to amy@example.com.\n")
    assert run(monkeypatch, b"")[0] == 65
    assert run(monkeypatch, make_mail(Auto_Submitted="auto-replied"))[0] == 0
    monkeypatch.setattr("campaigns.management.commands.receive_mail.MAX_BYTES", 10)
    assert run(monkeypatch, make_mail()) == (65, "The mail is larger than 60 MB.\n")
