"""Pages of creators who do not want to be written to."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.outreach import UnwantedForm, UnwantedRemovalForm
from campaigns.models import DoNotContact
from campaigns.services import do_not_contact as services
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.ui import format_number
from creators.models import Creator
from creators.rules.handles import parse_handle

ROWS = 50


@require_safe
@require(Permission.PLAN_VIEW)
def do_not_contact_list(request: UserRequest) -> HttpResponse:
    """The organisation's entries and those of the user's shops: in force, or removed."""
    is_past = request.GET.get("tab") == "removed"
    related = ("creator__market", "shop", "added_by", "removed_by")
    visible = DoNotContact.objects.visible_to(request.user).select_related(*related)
    found = visible.filter(removed_at__isnull=not is_past)
    if handle := request.GET.get("q", "").strip().removeprefix("@").lower():
        found = found.filter(creator__handle__contains=handle.replace("\x00", ""))
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    context = {
        "page": page,
        "is_past": is_past,
        "handle": handle,
        "tabs": _tabs(is_past),
        "range_text": _("%(start)s–%(end)s of %(total)s") % {name: format_number(one) for name, one in places.items()},
        "may_edit": request.user.can(Permission.OUTREACH_SEND),
        "may_edit_all": request.user.can(Permission.OUTREACH_SETTINGS),
    }
    return render_page(request, "campaigns/unwanted_list.html", context)


def _tabs(is_past: bool) -> list[dict[str, Any]]:
    address = reverse("do_not_contact_list")
    return [
        {"label": _("In force"), "url": address, "current": not is_past},
        {"label": _("Removed"), "url": f"{address}?tab=removed", "current": is_past},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.OUTREACH_SEND)
def do_not_contact_create(request: UserRequest) -> HttpResponse:
    """Nobody writes to a creator any more; `creator` is the key of one that is chosen."""
    for_all = request.user.can(Permission.OUTREACH_SETTINGS)
    chosen = _chosen(request)
    initial = {"creator": chosen or "", "shop": request.GET.get("shop", "")}
    form = UnwantedForm(request.POST or None, user=request.user, for_all=for_all, initial=initial)
    if form.is_valid():
        try:
            values = form.cleaned_data
            creator = _creator(request, values["creator"], chosen)
            services.do_not_contact_add(
                creator=creator, shop=values["shop"], reason=values["reason"], by=request.user, at=timezone.now()
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Nobody writes to %(creator)s any more.") % {"creator": creator})
            return redirect("do_not_contact_list")
    context = {
        "title": _("Do not contact a creator"),
        "intro": _("The creator gets no message and no new seat, on any account of the same person."),
        "form": form,
        "submit": _("Add to the list"),
        "cancel_url": reverse("do_not_contact_list"),
        "crumbs": [(_("Do not contact"), reverse("do_not_contact_list"))],
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)


def _chosen(request: UserRequest) -> Creator | None:
    """The creator whose key is in the query."""
    key = request.GET.get("creator", "")
    if not key.isdecimal() or len(key) > 17:
        return None
    return Creator.objects.visible_to(request.user).filter(pk=key).first()


def _creator(request: UserRequest, text: str, chosen: Creator | None) -> Creator:
    """The creator of a handle or a link, of several markets the chosen one.

    Raises DomainError `handle_unknown`, `handle_ambiguous`.
    """
    handle, _problem = parse_handle(text)
    if chosen is not None and chosen.handle == handle:
        return chosen
    found = list(Creator.objects.visible_to(request.user).filter(handle=handle)[:2]) if handle else []
    if len(found) == 1:
        return found[0]
    if found:
        message = _("This handle is in several markets. Start from the creator's conversation instead.")
        raise DomainError("handle_ambiguous", message, fields={"creator": message})
    message = _("No creator of the directory has this handle.")
    raise DomainError("handle_unknown", message, fields={"creator": message})


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.OUTREACH_SEND)
def do_not_contact_remove(request: UserRequest, pk: int) -> HttpResponse:
    """The creator may be written to again."""
    visible = DoNotContact.objects.visible_to(request.user).in_force().select_related("creator", "shop")
    entry = get_object_or_404(visible, pk=pk)
    form = UnwantedRemovalForm(request.POST or None)
    if form.is_valid():
        try:
            services.do_not_contact_remove(
                entry=entry, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("%(creator)s may be written to again.") % {"creator": entry.creator})
            return redirect("do_not_contact_list")
    context = {
        "title": _("Write to %(creator)s again") % {"creator": entry.creator},
        "intro": _("On the list because: %(reason)s") % {"reason": entry.reason},
        "form": form,
        "submit": _("Remove from the list"),
        "cancel_url": reverse("do_not_contact_list"),
        "crumbs": [(_("Do not contact"), reverse("do_not_contact_list"))],
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)
