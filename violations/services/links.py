"""The link by which a creator sees own points without an account: made, opened by a mailed code, revoked."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pghistory
import structlog
from celery import current_app
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection, send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from accounts.models import User
from accounts.rules import secret_digest
from accounts.states import RoleCode
from core.errors import DomainError
from creators.models import Creator
from violations.models import CreatorLink, LinkCode
from violations.rules.codes import CODES, code_clean, code_text
from violations.rules.languages import mail_language
from violations.selectors.links import digest_of, link_of, token_of
from violations.services.limits import attempt_count

VALID_FOR = timedelta(days=30)
CODE_VALID_FOR = timedelta(minutes=10)
CODE_TRIES = 5
# 192 bits.
SECRET_BYTES = 24
HOUR, DAY = 3600, 86400
# An hour: for one link, and from one address, behind which an agency may sit.
CODES_A_LINK, CODES_AN_ADDRESS = 5, 20
TRIES_A_LINK, TRIES_AN_ADDRESS = 15, 60
REVIEWS_A_DAY = 3
TASK = "violations.tasks.link_code_task"

log = structlog.get_logger()


@dataclass(frozen=True)
class NewLink:
    """A link with its address, which is shown once; only a digest of the secret in it is stored."""

    link: CreatorLink
    url: str


@transaction.atomic
def link_create(
    *, creator: Creator, email: str, language: str, by: User, at: datetime, address: Callable[[str], str]
) -> NewLink:
    """A link to the creator's own page, valid for 30 days, mailed in English or Chinese.

    `address` gives the whole address for a token. Raises `email_invalid`.
    """
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        text = _("Write the creator's e-mail address, such as name@example.com.")
        raise DomainError("email_invalid", text, fields={"email": text}) from error
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = CreatorLink.objects.create(
        creator=creator,
        digest=secret_digest(secret),
        email=email,
        language=mail_language(language),
        created_by=by,
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    url = address(token_of(secret))
    # Robust: the address is on the sender's screen too, a mail server that is down must not hide it.
    transaction.on_commit(partial(_link_mail, link, url), robust=True)
    return NewLink(link, url)


@transaction.atomic
def link_revoke(*, link: CreatorLink, by: User, at: datetime) -> CreatorLink:
    """The link stops working at once, also where it is open. Raises `link_closed` when it was revoked or expired."""
    held = CreatorLink.objects.select_for_update().get(pk=link.pk)
    if held.revoked_at or held.expires_at <= at:
        raise DomainError("link_closed", _("This link was revoked or expired before."), status=409)
    held.revoked_at, held.revoked_by = at, by
    with pghistory.context(user=by.pk):
        held.save(update_fields=["revoked_at", "revoked_by"])
    return held


def code_ask(*, token: str, address: str) -> None:
    """Have a code mailed to whom the link belongs, if it is one that works.

    The worker finds out whether it is: the answer and its time tell nobody. `address` is the network address of who
    asks. Raises `too_many_codes`.
    """
    if not _allowed("codes", token, address, CODES_A_LINK, CODES_AN_ADDRESS):
        raise DomainError("too_many_codes", _("Too many codes were asked for. Try again in an hour."), status=429)
    digest = digest_of(token)
    if digest is None:
        return
    try:
        current_app.send_task(TASK, [digest], retry=False, expires=CODE_VALID_FOR.total_seconds())
    except BrokerError as error:
        log.warning("link_code_not_queued", error=str(error))


def code_send(*, digest: str, at: datetime) -> bool:
    """Mail a new code to the address of the link; a dead link gets none. True when a mail went out."""
    link = CreatorLink.objects.usable(at=at).filter(digest=digest).select_related("creator").first()
    if link is None:
        return False
    code = code_text(secrets.randbelow(CODES))
    LinkCode.objects.create(link=link, digest=_code_digest(link, code), sent_at=at, expires_at=at + CODE_VALID_FOR)
    with translation.override(link.language):
        subject = _("Your code for Creator Desk")
        text = render_to_string("violations/mail/link_code.txt", {"code": code, "creator": link.creator})
    try:
        send_mail(subject, text, None, [link.email])
    except OSError as error:
        log.warning("link_code_failed", link=link.pk, error=str(error))
        return False
    return True


def code_check(*, token: str, code: str, address: str, at: datetime) -> CreatorLink:
    """The link that the newest code opens; a code works once, for ten minutes, and survives five tries.

    Whatever is wrong, with the code or the link, the answer is the same. Raises `too_many_tries`, `code_wrong`.
    """
    if not _allowed("tries", token, address, TRIES_A_LINK, TRIES_AN_ADDRESS):
        raise DomainError("too_many_tries", _("Too many codes were tried. Try again in an hour."), status=429)
    link = link_of(token, at=at)
    if link is None or not _code_use(link, code_clean(code), at):
        text = _("This code does not open the page. Use the code of the newest mail, or ask for another one.")
        raise DomainError("code_wrong", text, fields={"code": text})
    return link


def review_ask(*, link: CreatorLink, text: str, address: str) -> int:
    """Ask ops and admins for a person's review, by mail; returns how many were told.

    `address` is where they find the creator. Raises `review_text_missing`, `too_many_reviews`, `review_unsent`.
    """
    text = text.strip()
    if not text:
        problem = _("Write what a person should look at.")
        raise DomainError("review_text_missing", problem, fields={"text": problem})
    if not attempt_count(key=f"reviews:{link.creator_id}", most=REVIEWS_A_DAY, seconds=DAY):
        raise DomainError(
            "too_many_reviews", _("A review was asked for 3 times today. Try again tomorrow."), status=429
        )
    readers = list(User.objects.active().filter(role__in=[RoleCode.OPS, RoleCode.ADMIN]))
    mails = [_review_mail(reader, link, text, address) for reader in readers]
    try:
        sent = get_connection().send_messages(mails) or 0
    except OSError as error:
        log.warning("review_unsent", creator=link.creator_id, error=str(error))
        sent = 0
    if not sent:
        problem = _("The message could not be sent. Try again later, or answer the mail with the link.")
        raise DomainError("review_unsent", problem, status=503)
    log.info("review_asked", creator=link.creator_id, link=link.pk, told=sent)
    return sent


def _allowed(what: str, token: str, address: str, most_a_link: int, most_an_address: int) -> bool:
    """Count an attempt for the address and the link, whether there is such a link or not."""
    of_address = attempt_count(key=f"{what}:from:{address}", most=most_an_address, seconds=HOUR)
    return of_address and attempt_count(key=f"{what}:link:{secret_digest(token)}", most=most_a_link, seconds=HOUR)


@transaction.atomic
def _code_use(link: CreatorLink, code: str, at: datetime) -> bool:
    """Whether the code is the link's newest one; counts the try, and a right code is used up."""
    newest = link.codes.select_for_update().first()
    if newest is None or newest.used_at or newest.expires_at <= at or newest.tries >= CODE_TRIES:
        return False
    newest.tries += 1
    is_right = constant_time_compare(newest.digest, _code_digest(link, code))
    if is_right:
        newest.used_at = link.last_opened_at = at
        link.save(update_fields=["last_opened_at"])
    newest.save(update_fields=["tries", "used_at"])
    return is_right


def _code_digest(link: CreatorLink, code: str) -> str:
    """Keyed, because a million codes are soon tried against a stored digest."""
    return salted_hmac("violations.link_code", f"{link.pk}:{code}", algorithm="sha256").hexdigest()


def _link_mail(link: CreatorLink, url: str) -> None:
    with translation.override(link.language):
        subject = _("Your points and appeals, @%(handle)s") % {"handle": link.creator.handle}
        text = render_to_string("violations/mail/creator_link.txt", {"link": link, "url": url, "days": VALID_FOR.days})
    send_mail(subject, text, None, [link.email])


def _review_mail(reader: User, link: CreatorLink, text: str, address: str) -> EmailMessage:
    with translation.override(reader.language):
        subject = _("@%(handle)s asks for a person's review") % {"handle": link.creator.handle}
        context = {"link": link, "text": text, "address": address}
        body = render_to_string("violations/mail/review_asked.txt", context)
    return EmailMessage(subject, body, None, [reader.email], reply_to=[link.email])
