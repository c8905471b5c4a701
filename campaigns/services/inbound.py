"""Mails of creators that come in: filed into the conversation that they answer."""

from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.models import Conversation, Message
from campaigns.rules.inbound import InboundMail, mail_read, token_reads
from campaigns.services.conversations import reply_file
from campaigns.states.outreach import Channel, Direction
from core.errors import DomainError
from core.models import StoredFile
from creators.models import CreatorContact
from violations.services.evidence import evidence_store_all

RELATED = ("shop", "creator")


def mail_receive(*, raw: bytes, at: datetime) -> Message:
    """File one mail (RFC 822) into its conversation; the same one again is returned as it was filed.

    The conversation is that of the message it answers (In-Reply-To, References), else of the token in an address that
    it went to, else the only one with its sender. Attachments are checked like evidence; what is not kept is said
    beside the message. Raises DomainError `mail_unreadable`, `mail_automatic`, `mail_unknown`, `mail_ambiguous`.
    """
    mail = mail_read(raw)
    if mail is None:
        raise DomainError("mail_unreadable", _("This is no mail, or one without a sender or a text."))
    filed = Message.objects.filter(mail_id=mail.mail_id).first()
    if filed is not None:
        return filed
    if mail.is_automatic:
        raise DomainError("mail_automatic", _("An automatic answer is not filed."))
    conversation = _conversation_of(mail)
    files, problems = _stored(mail)
    message = Message(
        channel=Channel.MAIL,
        subject=mail.subject,
        body=mail.text,
        address=mail.sender[:254],
        mail_id=mail.mail_id,
        created_at=at,
        error=" ".join(problems)[:500],
    )
    # A clock of another machine may be ahead.
    received_at = min(mail.sent_at or at, at)
    try:
        with transaction.atomic():
            return reply_file(conversation=conversation, message=message, received_at=received_at, files=files)
    except IntegrityError:
        # The same mail was filed meanwhile.
        return Message.objects.get(mail_id=mail.mail_id)


def _conversation_of(mail: InboundMail) -> Conversation:
    answered = Message.objects.filter(mail_id__in=mail.references).select_related(
        *(f"conversation__{one}" for one in RELATED)
    )
    by_id = {one.mail_id: one.conversation for one in answered}
    for reference in mail.references:
        if reference in by_id:
            return by_id[reference]
    keys = [key for one in mail.tokens if (key := token_reads(one, settings.SECRET_KEY)) is not None]
    named = Conversation.objects.filter(pk__in=keys).select_related(*RELATED).first() if keys else None
    return named or _of_sender(mail.sender)


def _of_sender(sender: str) -> Conversation:
    """The only conversation in which the address was written to, or whose shop has it among the creator's contacts."""
    written = Message.objects.filter(direction=Direction.OUT, address__iexact=sender)
    found = set(written.values_list("conversation", flat=True))
    contacts = CreatorContact.objects.filter(kind=CreatorContact.Kind.EMAIL, value__iexact=sender)
    for shop_id, creator_id in contacts.values_list("shop", "creator"):
        found |= set(Conversation.objects.filter(shop=shop_id, creator=creator_id).values_list("pk", flat=True))
    if not found:
        text = _("No conversation fits: nothing was sent to %(sender)s.") % {"sender": sender}
        raise DomainError("mail_unknown", text, status=404)
    if len(found) > 1:
        text = _("%(sender)s belongs to several conversations. Log the reply by hand.") % {"sender": sender}
        raise DomainError("mail_ambiguous", text, status=409)
    return Conversation.objects.select_related(*RELATED).get(pk=found.pop())


def _stored(mail: InboundMail) -> tuple[list[StoredFile], list[str]]:
    uploads = [SimpleUploadedFile(one.name, one.content) for one in mail.attachments]
    return evidence_store_all(uploads=uploads, by=None)
