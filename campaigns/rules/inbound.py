"""Reading mails that come in, and the token in the address to which creators answer. Source: RFC 5322, RFC 3834."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from html import unescape

TOKEN_DIGITS = 24
MAIL_ID_MAX = 200
TEXT_MAX = 50_000
ATTACHMENTS_MAX = 20
_TOKEN = re.compile(rf"\+([0-9]+-[0-9a-f]{{{TOKEN_DIGITS}}})@", re.IGNORECASE)
_MAIL_ID = re.compile(r"<[^<>\s]{1,900}>")
_BLOCK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^>]*>", re.IGNORECASE)
_SILENT = re.compile(r"<(style|script|head|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_MACHINES = {"mailer-daemon", "postmaster"}
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To")


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes


@dataclass(frozen=True)
class InboundMail:
    """A mail as it came in. `references` are Message-IDs, the nearest first; `tokens` those of its recipients."""

    mail_id: str
    sender: str
    subject: str
    text: str
    sent_at: datetime | None
    is_automatic: bool
    references: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


def mail_read(raw: bytes) -> InboundMail | None:
    """What a mail says; None for what is no mail: no sender or nothing in it."""
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        sender = _addresses(mail, "From")
        text, files = _text(mail), _attachments(mail)
    except (LookupError, ValueError, AttributeError, TypeError):
        return None
    if not sender or not (text or files):
        return None
    ids = _MAIL_ID.findall(_header(mail, "Message-ID"))
    before = _MAIL_ID.findall(_header(mail, "In-Reply-To"))
    before += reversed(_MAIL_ID.findall(_header(mail, "References")))
    addressed = " ".join(f"{one} " for name in _RECIPIENTS for one in _addresses(mail, name))
    return InboundMail(
        mail_id=stored_mail_id(ids[0]) if ids else f"<{hashlib.sha256(raw).hexdigest()}@unnamed>",
        sender=sender[0].lower(),
        subject=" ".join(_header(mail, "Subject").split())[:200],
        text=text[:TEXT_MAX],
        sent_at=_date(mail),
        is_automatic=_is_automatic(mail, sender[0].lower()),
        references=[stored_mail_id(one) for one in dict.fromkeys(before)],
        tokens=[one.lower() for one in _TOKEN.findall(addressed)],
        attachments=files,
    )


def stored_mail_id(mail_id: str) -> str:
    """A Message-ID as it is stored: a very long one by its SHA-256."""
    return mail_id if len(mail_id) <= MAIL_ID_MAX else f"<{hashlib.sha256(mail_id.encode()).hexdigest()}@long>"


def reply_token(conversation_id: int, secret: str) -> str:
    """The token of a conversation: its key and a mark that only we can make. Lower case, as some servers make it."""
    return f"{conversation_id}-{_mark(conversation_id, secret)}"


def token_reads(token: str, secret: str) -> int | None:
    """The key of the conversation that a token names; None when it is not ours."""
    key, _dash, mark = token.partition("-")
    # A key that no column can hold names nothing.
    if not key.isdecimal() or len(key) > 18:
        return None
    return int(key) if hmac.compare_digest(mark.encode(), _mark(int(key), secret).encode()) else None


def reply_address(inbound: str, token: str) -> str:
    """reply@desk.example becomes reply+<token>@desk.example; "" where no address takes mails in."""
    name, at, host = inbound.strip().rpartition("@")
    return f"{name}+{token}@{host}" if at and name and host else ""


def _mark(conversation_id: int, secret: str) -> str:
    key = hashlib.sha256(f"campaigns.inbound:{secret}".encode()).digest()
    return hmac.new(key, str(conversation_id).encode(), hashlib.sha256).hexdigest()[:TOKEN_DIGITS]


def _header(mail: EmailMessage, name: str) -> str:
    return " ".join(str(one) for one in mail.get_all(name, []))


def _addresses(mail: EmailMessage, name: str) -> list[str]:
    return [address for _label, address in getaddresses([str(one) for one in mail.get_all(name, [])]) if "@" in address]


def _date(mail: EmailMessage) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_header(mail, "Date"))
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_automatic(mail: EmailMessage, sender: str) -> bool:
    """An answer of a machine (out of office, a bounce) is nobody's reply."""
    auto = _header(mail, "Auto-Submitted").strip().lower()
    bounced = mail.get_content_type() == "multipart/report" or sender.partition("@")[0] in _MACHINES
    precedence = _header(mail, "Precedence").strip().lower()
    return bool(auto and auto != "no") or bounced or precedence in {"bulk", "junk", "auto_reply"}


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    content = str(body.get_content())
    if body.get_content_type() == "text/html":
        content = unescape(_TAG.sub("", _BLOCK.sub("\n", _SILENT.sub("", content))))
    # PostgreSQL holds no NUL in a text.
    return content.replace("\x00", "").replace("\r\n", "\n").strip()


def _attachments(mail: EmailMessage) -> list[Attachment]:
    found = []
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            found.append(Attachment((part.get_filename() or "attachment")[-200:], content))
    return found[:ATTACHMENTS_MAX]
