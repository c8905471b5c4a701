"""The page on which one or many creators are written to: preview each, then send."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.http import UserRequest
from accounts.models import Shop
from accounts.states import Permission
from campaigns.forms.outreach import NAMED, OWN, PLAN, ComposeForm
from campaigns.models import Collaboration, TargetedPlan
from campaigns.rules.variables import FALLBACK
from campaigns.selectors.drafts import SEND_MAX, drafts_of, targets_of
from campaigns.selectors.limits import quota_of
from campaigns.selectors.outreach import Draft, Target, Text, names_of, texts_named
from campaigns.services.messages import Sending, drafts_send
from campaigns.states.collaborations import CollaborationState
from campaigns.states.outreach import Channel, TemplateStage
from core.errors import DomainError
from core.http import flash, render_page, require
from creators.models import Creator

RELATED = ("shop", "creator__market", "plan", "owner")


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.OUTREACH_SEND)
def message_compose(request: UserRequest) -> HttpResponse:
    """Write to the creators of collaborations (`collaborations`, or all seated of `plan`), or to `creator` for `shop`.

    Every creator's text is shown with what blocks it. What was sent leaves the page; what was refused stays with the
    reason, so that sending again sends nothing twice.
    """
    targets = _targets(request)
    names = names_of(targets[0].shop)
    is_posted = request.method == "POST"
    initial = _initial(targets, names) | {key: request.GET[key] for key in ("stage", "text") if key in request.GET}
    form = ComposeForm(request.POST if is_posted else None, texts=_texts(targets, names), initial=initial)
    wanted = _wanted(form, initial)
    now = timezone.now()
    if is_posted and form.is_valid() and request.POST.get("do") == "send":
        drafts = _chosen(request, targets, wanted, now)
        channel, stage = wanted["channel"], wanted["stage"]
        sending = drafts_send(drafts=drafts, channel=channel, stage=stage, by=request.user, at=now)
        if sending.messages and not sending.refused:
            flash(request, _said(sending, channel))
            return redirect(_onward(targets, sending))
        left = [one for one in targets if one.creator.pk in sending.refused] or targets
        return _page(request, form, left, wanted, sending=sending, at=now)
    return _page(request, form, targets, wanted, at=now)


def _targets(request: UserRequest) -> list[Target]:
    """Who is written to. Raises DomainError `nobody_chosen`, `several_shops`, `too_many_chosen`."""
    if "creator" in request.GET:
        return [_one(request)]
    visible = Collaboration.objects.visible_to(request.user).select_related(*RELATED)
    if "plan" in request.GET:
        plan = get_object_or_404(TargetedPlan.objects.visible_to(request.user), pk=_number(request.GET["plan"]))
        found = visible.filter(plan=plan, state=CollaborationState.SEATED)
    else:
        keys = [_number(key) for text in request.GET.getlist("collaborations") for key in text.split(",")]
        found = visible.filter(pk__in=keys)
    chosen = list(found.order_by("seat__slot", "pk")[: SEND_MAX + 1])
    if not chosen:
        raise DomainError("nobody_chosen", _("Nobody is left to write to here. Choose collaborations in their list."))
    if len({one.shop_id for one in chosen}) > 1:
        raise DomainError("several_shops", _("Write for one shop at a time: choose collaborations of one shop."))
    if len(chosen) > SEND_MAX:
        raise DomainError("too_many_chosen", _("Write to at most %(most)s creators at a time.") % {"most": SEND_MAX})
    return targets_of(chosen)


def _one(request: UserRequest) -> Target:
    shops = Shop.objects.visible_to(request.user).active()
    key = request.GET.get("shop")
    shop = get_object_or_404(shops, pk=_number(key)) if key else shops.order_by("name").first()
    if shop is None:
        raise DomainError("no_shop", _("You work for no shop yet. An admin can add you to one."))
    creators = Creator.objects.visible_to(request.user).select_related("market")
    creator = get_object_or_404(creators, pk=_number(request.GET["creator"]))
    own = Collaboration.objects.filter(shop=shop, creator=creator).open().select_related(*RELATED)
    return Target(shop, creator, own.order_by("-pk").first())


def _number(text: str) -> int:
    """A key of a query; one that cannot be read finds nothing."""
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _texts(targets: Sequence[Target], names: Sequence[tuple[str, str, list[str]]]) -> list[tuple[str, Any]]:
    """What can be written: templates by stage, the plan's invitation, one's own words."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, stage, languages in names:
        label = f"{name} ({', '.join(languages)})"
        groups.setdefault(str(TemplateStage(stage).label), []).append((f"{NAMED}{name}", label))
    has_plan = any(one.collaboration and one.collaboration.plan.message for one in targets)
    plan = [(PLAN, _("The invitation of the plan"))] if has_plan else []
    return [*plan, *groups.items(), (OWN, _("Your own text"))]


def _initial(targets: Sequence[Target], names: Sequence[tuple[str, str, list[str]]]) -> dict[str, str]:
    """What is offered first: an invitation for who is not invited yet, a reminder for the others."""
    states = {one.collaboration.state for one in targets if one.collaboration}
    is_first = states == {CollaborationState.SEATED}
    stage = TemplateStage.INVITATION if is_first or not states else TemplateStage.REMINDER
    fitting = next((name for name, of_stage, _languages in names if of_stage == stage), None)
    has_plan = is_first and any(one.collaboration and one.collaboration.plan.message for one in targets)
    text = f"{NAMED}{fitting}" if fitting else PLAN if has_plan else OWN
    return {"text": text, "stage": stage, "channel": Channel.MAIL, "subject": "", "body": ""}


def _wanted(form: ComposeForm, initial: dict[str, str]) -> dict[str, str]:
    """What the page is asked to show: the form's values, or those that are offered first."""
    return form.cleaned_data if form.is_bound and form.is_valid() else initial


def _drafts(request: UserRequest, targets: Sequence[Target], wanted: dict[str, str], at: datetime) -> list[Draft]:
    texts: list[Text] | None = None
    if wanted["text"] == OWN:
        texts = [Text(wanted["subject"], wanted["body"], FALLBACK)]
    elif wanted["text"] != PLAN:
        texts = texts_named(targets[0].shop, wanted["text"].removeprefix(NAMED)) if targets else []
    return drafts_of(targets, texts, channel=wanted["channel"], stage=wanted["stage"], user=request.user, at=at)


def _chosen(request: UserRequest, targets: Sequence[Target], wanted: dict[str, str], at: datetime) -> list[Draft]:
    """The drafts of the ticked creators, and of those whom a rule keeps from being ticked: they are told as blocked."""
    picked = set(request.POST.getlist("pick"))
    ticked = [one for one in targets if str(one.creator.pk) in picked]
    if not ticked:
        return []
    blocked = [one for one in _drafts(request, targets, wanted, at) if one.refusal is not None]
    others = [one for one in blocked if str(one.target.creator.pk) not in picked]
    return [*_drafts(request, ticked, wanted, at), *others]


def _page(
    request: UserRequest,
    form: ComposeForm,
    targets: Sequence[Target],
    wanted: dict[str, str],
    *,
    at: datetime,
    sending: Sending | None = None,
) -> HttpResponse:
    """The page with a draft for each target; after a send, with what happened and who is left."""
    has_text = wanted["text"] != OWN or bool(wanted["body"].strip())
    drafts = _drafts(request, targets, wanted, at) if has_text else []
    refused = sending.refused if sending else {}
    rows = [(draft, draft.refusal or refused.get(draft.target.creator.pk)) for draft in drafts]
    context = {
        "form": form,
        "action": _address(targets),
        "rows": rows,
        "targets": targets,
        "shop": targets[0].shop,
        "quota": quota_of(targets[0].shop, at=at),
        "is_own": wanted["text"] == OWN,
        "is_chat": wanted["channel"] == Channel.CHAT,
        "ready": sum(1 for _draft, refusal in rows if refusal is None),
        "told": _said(sending, wanted["channel"]) if sending else "",
        "back_url": _back(targets),
    }
    status = 422 if sending or form.errors else 200
    return render_page(request, "campaigns/message_compose.html", context, status=status)


def _said(sending: Sending, channel: str) -> str:
    """How many were sent and how many were not."""
    sent, blocked = len(sending.messages), len(sending.refused)
    if channel == Channel.MAIL:
        text = ngettext("%(count)s mail is on its way.", "%(count)s mails are on their way.", sent) % {"count": sent}
    else:
        text = ngettext("%(count)s marked as sent.", "%(count)s marked as sent.", sent) % {"count": sent}
    if not sent and not blocked:
        return _("Nobody was chosen: tick the creators to write to.")
    if not blocked:
        return text
    stopped = ngettext("%(count)s was not sent.", "%(count)s were not sent.", blocked) % {"count": blocked}
    return f"{text} {stopped}" if sent else stopped


def _address(targets: Sequence[Target]) -> str:
    """Where the form goes to: the same page for those who are left."""
    ids = [str(one.collaboration.pk) for one in targets if one.collaboration]
    if len(ids) == len(targets):
        query = {"collaborations": ",".join(ids)}
    else:
        query = {"creator": str(targets[0].creator.pk), "shop": str(targets[0].shop.pk)}
    return f"{reverse('message_compose')}?{urlencode(query)}"


def _onward(targets: Sequence[Target], sending: Sending) -> str:
    """After the last one was sent: to the conversation of one, else to the list."""
    if len(targets) == 1:
        return sending.messages[0].conversation.get_absolute_url()
    return _back(targets)


def _back(targets: Sequence[Target]) -> str:
    """The plan, where all are of one; else the conversations."""
    plans = {one.collaboration.plan for one in targets if one.collaboration}
    if len(plans) == 1 and all(one.collaboration for one in targets):
        return plans.pop().get_absolute_url()
    return reverse("conversation_list")
