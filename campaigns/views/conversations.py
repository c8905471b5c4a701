"""Pages of conversations with creators."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.models import Shop
from accounts.states import Permission
from campaigns.filters.conversations import ConversationFilter
from campaigns.forms.outreach import EscalationForm, MessageForm, ReminderForm, ReplyForm
from campaigns.models import Collaboration, Conversation, Message
from campaigns.models.outreach import BEFORE_REPLY
from campaigns.rules.variables import filled, language_code
from campaigns.selectors.conversations import (
    conversations_shown,
    files_shown,
    lines_of,
    narrowed,
    reminders_shown,
    rows_of,
    tab_counts,
)
from campaigns.selectors.limits import blocks_of
from campaigns.selectors.outreach import Target, addresses_of, values_of
from campaigns.services import conversations, deliveries, messages, reminders
from campaigns.states.outreach import Channel
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.ui import format_number
from core.uploads.handlers import upload_is_too_large
from core.uploads.storage import file_open
from creators.models import Creator
from violations.services.evidence import evidence_store

ROWS = 50
# When in the morning a reminder of a day is due.
MORNING = time(9)


def _conversation(request: UserRequest, pk: int) -> Conversation:
    return get_object_or_404(conversations_shown(request.user), pk=pk)


def _message(request: UserRequest, pk: int) -> Message:
    related = ("conversation__shop", "conversation__creator")
    return get_object_or_404(Message.objects.visible_to(request.user).select_related(*related), pk=pk)


@require_safe
@require(Permission.PLAN_VIEW)
def conversation_list(request: UserRequest) -> HttpResponse:
    """Conversations of the user's shops: all, to answer, waiting, reminders due, mails in trouble."""
    now, tab = timezone.now(), request.GET.get("tab", "")
    chosen = ConversationFilter(request.GET, conversations_shown(request.user), user=request.user, at=now)
    found = chosen.qs
    counts = tab_counts(found, at=now)
    page = Paginator(narrowed(found, tab, at=now), ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    context = {
        "form": chosen.form,
        "is_filtered": bool(chosen.values),
        "tab": tab if tab in counts else "all",
        "tabs": _tabs(request, tab if tab in counts else "all", counts),
        "page": page,
        "rows": rows_of(list(page), at=now),
        "range_text": _("%(start)s–%(end)s of %(total)s") % {name: format_number(one) for name, one in places.items()},
    }
    return render_page(request, "campaigns/conversation_list.html", context)


def _tabs(request: UserRequest, current: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {
        "all": _("All"),
        "answer": _("To answer"),
        "waiting": _("Waiting for a reply"),
        "due": _("Reminders due"),
        "trouble": _("Not sent"),
    }
    query = request.GET.copy()
    query.pop("page", None)
    found = []
    for tab, label in labels.items():
        query["tab"] = tab
        url = f"{request.path}?{query.urlencode()}"
        found.append({"label": label, "url": url, "current": tab == current, "count": counts[tab]})
    return found


@require_POST
@require(Permission.OUTREACH_SEND)
def conversation_open(request: UserRequest) -> HttpResponse:
    """To the conversation with a creator who may have written first; begun where there is none yet."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user).active(), pk=_number(request, "shop"))
    creator = get_object_or_404(Creator.objects.visible_to(request.user), pk=_number(request, "creator"))
    return redirect(conversations.conversation_open(shop=shop, creator=creator, by=request.user))


def _number(request: UserRequest, name: str) -> int:
    """A posted key; one that cannot be read finds nothing."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@require_safe
@require(Permission.PLAN_VIEW)
def conversation_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One conversation: what was written, what limits the next message, reminders."""
    return _page(request, _conversation(request, pk))


def _page(request: UserRequest, found: Conversation, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """The page of a conversation; `bound` are forms with what is wrong in them."""
    now, user = timezone.now(), request.user
    address = addresses_of(found.shop, [found.creator_id]).get(found.creator_id, "")
    open_reminders = found.reminders.filter(done_at__isnull=True).select_related("for_user")
    context = {
        "conversation": found,
        "crumbs": [(_("Conversations"), reverse("conversation_list"))],
        "lines": lines_of(found, at=now),
        "limit": blocks_of(found.shop, [found.creator_id], at=now).get(found.creator_id),
        "most": BEFORE_REPLY,
        "now": now,
        "reminders": open_reminders,
        "collaborations": _collaborations(found),
        "may_send": user.can(Permission.OUTREACH_SEND) and found.shop.is_active,
        "message_form": MessageForm(initial={"address": address, "channel": Channel.MAIL if address else Channel.CHAT}),
        "reply_form": ReplyForm(initial={"received_at": timezone.localtime(now)}),
        "reminder_form": ReminderForm(),
        "escalation_form": EscalationForm(),
        "open_form": next(iter(bound), ""),
        **bound,
    }
    return render_page(request, "campaigns/conversation_detail.html", context, status=status)


def _collaborations(found: Conversation) -> list[Collaboration]:
    own = Collaboration.objects.filter(shop=found.shop, creator=found.creator)
    return list(own.select_related("plan").order_by("-pk")[:20])


def _act(
    request: UserRequest,
    found: Conversation,
    name: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """Do what the form asks for; what is refused stands in the form on the same page."""
    if form.is_valid():
        try:
            text = act(form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, text)
            return redirect(found)
    return _page(request, found, status=422, **{name: form})


@require_POST
@require(Permission.OUTREACH_SEND)
def message_create(request: UserRequest, pk: int) -> HttpResponse:
    """Write to the creator of a conversation; variables are filled from the newest open collaboration."""
    found, now = _conversation(request, pk), timezone.now()
    form = MessageForm(request.POST, request.FILES, is_too_large=upload_is_too_large(request))

    def send(values: dict[str, Any]) -> str:
        newest = next((one for one in _collaborations(found) if not one.is_over), None)
        target = Target(found.shop, found.creator, newest)
        fill = values_of([target], [language_code(found.creator.language)], user=request.user)[0]
        files = [evidence_store(upload=upload, by=request.user) for upload in values.pop("evidence")]
        values |= {name: filled(values[name], fill) for name in ("subject", "body")}
        messages.message_send(
            shop=found.shop, creator=found.creator, collaboration=newest, files=files,
            by=request.user, at=now, **values,
        )  # fmt: skip
        return _("The mail is on its way.") if values["channel"] == Channel.MAIL else _("Marked as sent.")

    return _act(request, found, "message_form", form, send)


@require_POST
@require(Permission.OUTREACH_SEND)
def reply_log(request: UserRequest, pk: int) -> HttpResponse:
    """File what the creator wrote in TikTok or elsewhere."""
    found = _conversation(request, pk)
    form = ReplyForm(request.POST, request.FILES, is_too_large=upload_is_too_large(request))

    def log(values: dict[str, Any]) -> str:
        files = [evidence_store(upload=upload, by=request.user) for upload in values.pop("evidence")]
        conversations.reply_log(conversation=found, files=files, by=request.user, at=timezone.now(), **values)
        return _("Reply filed. The creator counts as connected.")

    return _act(request, found, "reply_form", form, log)


@require_POST
@require(Permission.OUTREACH_SEND)
def reminder_create(request: UserRequest, pk: int) -> HttpResponse:
    """Remind oneself of a conversation on a day."""
    found = _conversation(request, pk)
    form = ReminderForm(request.POST)

    def remind(values: dict[str, Any]) -> str:
        due_at = timezone.make_aware(datetime.combine(values["due_on"], MORNING))
        reminders.reminder_add(
            conversation=found, due_at=due_at, note=values["note"], by=request.user, at=timezone.now()
        )
        return _("You will be reminded.")

    return _act(request, found, "reminder_form", form, remind)


@require_POST
@require(Permission.OUTREACH_SEND)
def conversation_escalate(request: UserRequest, pk: int) -> HttpResponse:
    """Ask the account managers of the shop to step in."""
    found = _conversation(request, pk)

    def escalate(values: dict[str, Any]) -> str:
        reminders.conversation_escalate(conversation=found, by=request.user, at=timezone.now(), **values)
        return _("The account managers of the shop are told by mail.")

    return _act(request, found, "escalation_form", EscalationForm(request.POST), escalate)


@require_POST
@require(Permission.OUTREACH_SEND)
def reminder_finish(request: UserRequest, pk: int) -> HttpResponse:
    """The reminder is done."""
    reminder = get_object_or_404(reminders_shown(request.user), pk=pk)
    reminders.reminder_finish(reminder=reminder, by=request.user, at=timezone.now())
    flash(request, _("Reminder done."))
    return redirect(reminder.conversation)


@require_POST
@require(Permission.OUTREACH_SEND)
def message_confirm(request: UserRequest, pk: int) -> HttpResponse:
    """The mail that was cut off is in the mailbox of sent ones."""
    message = _message(request, pk)
    deliveries.message_confirm(message=message, by=request.user, at=timezone.now())
    flash(request, _("Noted: the mail was sent."))
    return redirect(message.conversation)


@require_POST
@require(Permission.OUTREACH_SEND)
def message_resend(request: UserRequest, pk: int) -> HttpResponse:
    """Send a mail again that did not go out."""
    message = _message(request, pk)
    deliveries.message_resend(message=message, by=request.user, at=timezone.now())
    flash(request, _("The mail is on its way again."))
    return redirect(message.conversation)


@require_safe
@require(Permission.PLAN_VIEW)
def message_file(request: UserRequest, pk: int) -> FileResponse:
    """A file of a message, as an attachment; a browser that opens it anyway runs nothing in it."""
    file = get_object_or_404(files_shown(request.user), pk=pk).file
    response = FileResponse(file_open(file), as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
