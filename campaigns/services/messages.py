"""Writing to creators: what is refused, what is counted, and what follows from a message."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import Collaboration, Conversation, Message, MessageTemplate
from campaigns.rules.variables import variables_in
from campaigns.selectors.outreach import Draft
from campaigns.selectors.seating import Refusal
from campaigns.services.collaborations import collaboration_hold, collaboration_move
from campaigns.services.conversations import check_member, files_take
from campaigns.services.deliveries import message_queue
from campaigns.services.quota import contact_take
from campaigns.services.reminders import reminder_renew
from campaigns.states.collaborations import CollaborationState
from campaigns.states.outreach import Channel, Direction, MessageState, TemplateStage
from campaigns.states.plans import PlanState
from core.errors import DomainError
from core.models import StoredFile
from creators.models import Creator
from creators.selectors.guards import Finding, marks_of

# The same text again within it is a second click, not a second message.
REPEATED_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Sending:
    """What became of drafts: messages, and why others were not sent, by the key of the creator."""

    messages: list[Message] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)


@transaction.atomic
def message_send(
    *,
    shop: Shop,
    creator: Creator,
    channel: str,
    body: str,
    by: User,
    at: datetime,
    subject: str = "",
    address: str = "",
    language: str = "",
    stage: str = TemplateStage.OTHER,
    template: MessageTemplate | None = None,
    collaboration: Collaboration | None = None,
    files: Sequence[StoredFile] = (),
) -> Message:
    """Write to a creator; `body` and `subject` have their variables filled.

    A mail waits for the task that sends it, once. A chat message is one that the person has pasted and sent. Both count
    at once against the quota and the messages before a reply, and make a reminder for the writer. An invitation moves
    its collaboration from the seat to `invited`.
    Raises DomainError `channel_unknown`, `body_missing`, `variable_left`, `address_missing`, `subject_missing`,
    `not_member` (403), `wrong_collaboration`, and (409) `shop_closed`, `already_invited`, `plan_not_running`,
    `creator_barred`, `message_repeated`, and what `contact_take` raises.
    """
    check_member(shop=shop, by=by)
    if not shop.is_active:
        raise DomainError("shop_closed", _("This shop is closed: nothing is sent for it."), status=409)
    address = address.strip() if channel == Channel.MAIL else ""
    _check_text(channel, subject.strip(), body.strip(), address)
    if collaboration is not None:
        collaboration = _collaboration_hold(collaboration, shop, creator)
    if stage == TemplateStage.INVITATION:
        _check_invitation(shop, creator, collaboration, by, at)
    conversation = contact_take(shop=shop, creator=creator, at=at)
    _check_not_repeated(conversation, body.strip(), at)
    is_mail = channel == Channel.MAIL
    message = Message.objects.create(
        conversation=conversation,
        collaboration=collaboration,
        template=template,
        direction=Direction.OUT,
        channel=channel,
        state=MessageState.WAITING if is_mail else MessageState.SENT,
        language=language[:10],
        subject=" ".join(subject.split())[:200] if is_mail else "",
        body=body.strip(),
        address=address,
        mail_id=f"<{uuid4().hex}@{_host()}>" if is_mail else "",
        by=by,
        created_at=at,
        at=None if is_mail else at,
    )
    files_take(message=message, files=files)
    reminder_renew(message=message, by=by, at=at)
    if collaboration is not None and _is_invitation(collaboration, stage):
        collaboration_move(collaboration=collaboration, to=CollaborationState.INVITED, by=by, at=at)
    if is_mail:
        transaction.on_commit(partial(message_queue, message_id=message.pk), robust=True)
    return message


def drafts_send(*, drafts: Sequence[Draft], channel: str, stage: str, by: User, at: datetime) -> Sending:
    """Send each draft in a transaction of its own; one that is refused stops none of the others."""
    sending = Sending()
    for draft in drafts:
        creator = draft.target.creator
        if draft.refusal is not None:
            sending.refused[creator.pk] = draft.refusal
            continue
        try:
            message = message_send(
                shop=draft.target.shop,
                creator=creator,
                collaboration=draft.target.collaboration,
                channel=channel,
                stage=stage,
                subject=draft.subject,
                body=draft.body,
                address=draft.address,
                language=draft.language,
                template=draft.template,
                by=by,
                at=at,
            )
        except DomainError as error:
            sending.refused[creator.pk] = Refusal(error.code, str(error.message))
        else:
            sending.messages.append(message)
    return sending


def invitation_refusal(
    *,
    shop: Shop,
    creator: Creator,
    collaboration: Collaboration | None,
    stage: str,
    marks: Sequence[Finding],
) -> Refusal | None:
    """Why an invitation is not sent: sent before, plan not running, creator barred since; None for other messages.

    `marks` are what the guards say of the creator.
    """
    if stage != TemplateStage.INVITATION:
        return None
    if collaboration is not None and collaboration.state != CollaborationState.SEATED:
        text = _("%(creator)s is “%(state)s” already. Send a reminder instead.")
        return Refusal("already_invited", text % {"creator": creator, "state": collaboration.look.label})
    if collaboration is not None and collaboration.plan.state != PlanState.RUNNING:
        text = _("The plan “%(plan)s” is not running. Start it, then invite.")
        return Refusal("plan_not_running", text % {"plan": collaboration.plan})
    reasons = [str(one.reason) for one in marks if one.blocks_seat and one.shop_id in {None, shop.pk}]
    return Refusal("creator_barred", " ".join(reasons)) if reasons else None


def _collaboration_hold(collaboration: Collaboration, shop: Shop, creator: Creator) -> Collaboration:
    held = collaboration_hold(collaboration=collaboration)
    if (held.shop_id, held.creator_id) != (shop.pk, creator.pk):
        raise DomainError("wrong_collaboration", _("This collaboration is another shop's or another creator's."))
    return held


def _check_invitation(
    shop: Shop, creator: Creator, collaboration: Collaboration | None, by: User, at: datetime
) -> None:
    marks = marks_of([creator.pk], by, at).get(creator.pk, [])
    stage = TemplateStage.INVITATION
    refusal = invitation_refusal(shop=shop, creator=creator, collaboration=collaboration, stage=stage, marks=marks)
    if refusal is not None:
        raise DomainError(refusal.code, refusal.message, status=409)


def _is_invitation(collaboration: Collaboration, stage: str) -> bool:
    return stage == TemplateStage.INVITATION and collaboration.state == CollaborationState.SEATED


def _check_text(channel: str, subject: str, body: str, address: str) -> None:
    if channel not in Channel.values:
        raise _refusal("channel_unknown", "channel", _("Choose a channel of the list."))
    if not body:
        raise _refusal("body_missing", "body", _("Write a text."))
    if left := variables_in(f"{subject} {body}"):
        text = _("Nothing fills {%(name)s} here: take it out, or write from a collaboration.") % {"name": left[0]}
        raise _refusal("variable_left", "body", text)
    if channel != Channel.MAIL:
        return
    if not subject:
        raise _refusal("subject_missing", "subject", _("Write a subject."))
    try:
        validate_email(address)
    except ValidationError as error:
        text = _("No e-mail address is known. Add one to the creator's contacts, or use TikTok chat.")
        raise _refusal("address_missing", "address", text) from error


def _check_not_repeated(conversation: Conversation, body: str, at: datetime) -> None:
    same = conversation.messages.filter(direction=Direction.OUT, body=body, created_at__gt=at - REPEATED_WITHIN)
    if same.exclude(state=MessageState.FAILED).exists():
        text = _("This text went to the creator a moment ago. Change it, or wait ten minutes to send it again.")
        raise DomainError("message_repeated", text, status=409)


def _host() -> str:
    """The host behind the address from which mails are sent."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _refusal(code: str, field: str, text: str) -> DomainError:
    return DomainError(code, text, fields={field: text})
