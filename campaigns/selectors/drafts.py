"""Previews of what is sent: one draft for each creator, with what blocks it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Collaboration
from campaigns.rules.variables import empty_variables, filled
from campaigns.selectors.limits import blocks_of
from campaigns.selectors.outreach import Draft, Target, Text, addresses_of, no_text, text_for, values_of
from campaigns.selectors.seating import Refusal
from campaigns.services.messages import invitation_refusal
from campaigns.states.outreach import Channel, TemplateStage
from creators.selectors.guards import Finding, marks_of

SEND_MAX = 100


def drafts_of(
    targets: Sequence[Target],
    texts: Sequence[Text] | None,
    *,
    channel: str,
    stage: str,
    user: User,
    at: datetime,
) -> list[Draft]:
    """What each target, all of one shop, would get. `texts` None: each gets the invitation of its plan."""
    if not targets:
        return []
    shop = targets[0].shop
    ids = [one.creator.pk for one in targets]
    addresses = addresses_of(shop, ids) if channel == Channel.MAIL else {}
    blocks = blocks_of(shop, ids, at=at)
    marks = marks_of(ids, user, at) if stage == TemplateStage.INVITATION else {}
    chosen = [text_for(target, _plan_texts(target) if texts is None else texts) for target in targets]
    filling = values_of(targets, [text.language if text else "" for text, _missed in chosen], user=user)
    found = []
    for target, (text, missed), values in zip(targets, chosen, filling, strict=True):
        refusal = blocks.get(target.creator.pk) or _refusal(target, stage, marks.get(target.creator.pk, []))
        address = addresses.get(target.creator.pk, "")
        if text is None:
            found.append(Draft(target, "", "", "", missed, address, None, refusal or no_text()))
            continue
        refusal = refusal or _empty(text, values) or _no_address(channel, address)
        subject, body = filled(text.subject, values), filled(text.body, values)
        found.append(Draft(target, subject, body, text.language, missed, address, text.template, refusal))
    return found


def targets_of(collaborations: Sequence[Collaboration]) -> list[Target]:
    """The creators of collaborations that were read with shop, creator and plan."""
    return [Target(one.shop, one.creator, one) for one in collaborations]


def _plan_texts(target: Target) -> list[Text]:
    """The invitation of the plan, in whatever language it is written: it counts as English, that everybody gets."""
    plan = target.collaboration.plan if target.collaboration else None
    if plan is None or not plan.message:
        return []
    subject = _("%(shop)s invites you: %(plan)s") % {"shop": target.shop, "plan": plan}
    own = Text(subject, plan.message, plan.message_language)
    return [own] if plan.message_language == "en" else [own, Text(subject, plan.message, "en")]


def _refusal(target: Target, stage: str, marks: Sequence[Finding]) -> Refusal | None:
    return invitation_refusal(
        shop=target.shop, creator=target.creator, collaboration=target.collaboration, stage=stage, marks=marks
    )


def _empty(text: Text, values: dict[str, str]) -> Refusal | None:
    empty = empty_variables(f"{text.subject} {text.body}", values)
    if not empty:
        return None
    message = _("Nothing fills {%(name)s} here: take it out, or write from a collaboration.")
    return Refusal("variable_left", message % {"name": empty[0]})


def _no_address(channel: str, address: str) -> Refusal | None:
    if channel != Channel.MAIL or address:
        return None
    text = _("No e-mail address is known. Add one to the creator's contacts, or use TikTok chat.")
    return Refusal("address_missing", text)
