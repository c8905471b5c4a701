"""Pages of the blacklist."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.ui import format_number
from core.uploads.handlers import upload_is_too_large
from core.uploads.storage import file_open
from creators.models import Creator
from violations.forms.blacklist import BlacklistForm, DecisionForm, KeepForm, RemovalForm
from violations.models import BlacklistEntry
from violations.selectors.blacklist import TABS, Tab, accounts_of, blacklist_of, changes_of, tab_counts
from violations.services import blacklist as services
from violations.services.evidence import evidence_store
from violations.states import BlacklistState

ROWS = 50


def _entry(request: UserRequest, pk: int) -> BlacklistEntry:
    related = ("creator__market", "shop", "proposed_by", "decided_by", "removed_by")
    return get_object_or_404(BlacklistEntry.objects.visible_to(request.user).select_related(*related), pk=pk)


def _entry_to_change(request: UserRequest, pk: int) -> BlacklistEntry:
    entry = _entry(request, pk)
    if not services.may_change(entry, request.user):
        raise PermissionDenied(request.user.refusal(Permission.BLACKLIST_DECIDE))
    return entry


def _crumbs(entry: BlacklistEntry | None = None) -> list[tuple[str, str]]:
    crumbs = [(_("Blacklist"), reverse("blacklist_list"))]
    return [*crumbs, (str(entry.creator), _address(entry))] if entry else crumbs


def _address(entry: BlacklistEntry) -> str:
    return reverse("blacklist_detail", args=[entry.pk])


@require_safe
@require(Permission.VIOLATION_VIEW)
def blacklist_list(request: UserRequest) -> HttpResponse:
    """The organisation's blacklist and those of the user's shops: in force, proposed, due for review, ended."""
    today = timezone.localdate()
    tab: Tab = next((tab for tab in TABS if tab == request.GET.get("tab")), TABS[0])
    handle = request.GET.get("q", "")
    page = Paginator(blacklist_of(request.user, tab=tab, handle=handle, on=today), ROWS).get_page(
        request.GET.get("page")
    )
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    texts = {name: format_number(number) for name, number in places.items()}
    context = {
        "page": page,
        "tab": tab,
        "tabs": _tabs(request, tab),
        "handle": handle,
        "today": today,
        "range_text": _("%(start)s–%(end)s of %(total)s") % texts,
    }
    return render_page(request, "violations/blacklist_list.html", context)


def _tabs(request: UserRequest, current: Tab) -> list[dict[str, Any]]:
    labels = {"active": _("In force"), "proposed": _("Proposed"), "due": _("Due for review"), "ended": _("Ended")}
    counts = tab_counts(request.user, on=timezone.localdate())
    address = reverse("blacklist_list")
    return [
        {"label": labels[tab], "url": f"{address}?tab={tab}", "current": tab == current, "count": counts[tab]}
        for tab in TABS
    ]


@require_safe
@require(Permission.VIOLATION_VIEW)
def blacklist_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One entry: why, for how long, what proves it, whom it covers, and who did what."""
    entry = _entry(request, pk)
    may_decide = request.user.can(Permission.BLACKLIST_DECIDE)
    is_active = entry.state == BlacklistState.ACTIVE
    context = {
        "entry": entry,
        "crumbs": _crumbs(),
        "today": timezone.localdate(),
        "is_active": is_active,
        "evidence": entry.evidence.select_related("file"),
        "accounts": accounts_of(entry.creator).exclude(pk=entry.creator_id).select_related("market"),
        "changes": changes_of(entry),
        "may_decide": may_decide and entry.state == BlacklistState.PROPOSED and entry.proposed_by != request.user,
        "waits_for_other": entry.state == BlacklistState.PROPOSED and entry.proposed_by == request.user,
        "may_change": is_active and services.may_change(entry, request.user),
    }
    return render(request, "violations/blacklist_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.BLACKLIST_PROPOSE)
def blacklist_create(request: UserRequest, pk: int) -> HttpResponse:
    """Propose a creator for the organisation's blacklist, or put it on a shop's own."""
    visible = Creator.objects.visible_to(request.user).select_related("market", "person")
    creator = get_object_or_404(visible, pk=pk)
    is_too_large = upload_is_too_large(request)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = BlacklistForm(data, files, user=request.user, is_too_large=is_too_large)
    if form.is_valid():
        try:
            entry = _create(request, creator, form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            proposed = _("Proposed. The entry counts when a second person confirms it.")
            flash(request, _("Blacklisted.") if entry.shop else proposed)
            return redirect(_address(entry))
    context = {
        "title": _("Blacklist %(creator)s") % {"creator": creator},
        "form": form,
        "submit": _("Put on the blacklist"),
        "cancel_url": creator.get_absolute_url(),
        "intro": _("A blacklisted creator takes no seat in a plan. Other accounts of the same person are covered too."),
        "crumbs": [(_("Creators"), reverse("creator_list")), (str(creator), creator.get_absolute_url())],
    }
    return render(request, "components/form_page.html", context)


def _create(request: UserRequest, creator: Creator, values: dict[str, Any]) -> BlacklistEntry:
    """Store the evidence; an entry that is then refused leaves it to the sweep."""
    evidence = [evidence_store(upload=upload, by=request.user) for upload in values["evidence"]]
    common: dict[str, Any] = {name: values[name] for name in ("reason", "until", "review_on")}
    common |= {"creator": creator, "by": request.user, "at": timezone.now(), "evidence": evidence}
    if values["shop"]:
        return services.blacklist_add(shop=values["shop"], **common)
    return services.blacklist_propose(**common)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.BLACKLIST_DECIDE)
def blacklist_decide(request: UserRequest, pk: int) -> HttpResponse:
    """A second person confirms or refuses a proposal."""
    entry = _entry(request, pk)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            services.blacklist_decide(entry=entry, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            is_confirmed = form.cleaned_data["confirm"]
            flash(request, _("Confirmed: the entry is in force.") if is_confirmed else _("Proposal refused."))
            return redirect(_address(entry))
    about = {"creator": entry.creator, "name": entry.proposed_by, "reason": entry.reason}
    context = {
        "title": _("Decide the proposal"),
        "intro": _("%(name)s proposes %(creator)s: %(reason)s") % about,
        "form": form,
        "submit": _("Save the decision"),
        "cancel_url": _address(entry),
        "crumbs": _crumbs(entry),
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.BLACKLIST_PROPOSE)
def blacklist_keep(request: UserRequest, pk: int) -> HttpResponse:
    """After a review the entry stays, until another day or without an end."""
    entry = _entry_to_change(request, pk)
    form = KeepForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.blacklist_keep(entry=entry, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("The entry stays in force."))
            return redirect(_address(entry))
    context = {
        "title": _("Keep on the blacklist"),
        "form": form,
        "submit": _("Keep"),
        "cancel_url": _address(entry),
        "crumbs": _crumbs(entry),
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.BLACKLIST_PROPOSE)
def blacklist_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Take the creator off the list."""
    entry = _entry_to_change(request, pk)
    form = RemovalForm(request.POST or None)
    if form.is_valid():
        try:
            services.blacklist_remove(entry=entry, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("%(creator)s is off this blacklist.") % {"creator": entry.creator})
            return redirect(_address(entry))
    context = {
        "title": _("Take off the blacklist"),
        "form": form,
        "submit": _("Take off"),
        "cancel_url": _address(entry),
        "crumbs": _crumbs(entry),
    }
    return render(request, "components/form_page.html", context)


@require_safe
@require(Permission.VIOLATION_VIEW)
def blacklist_evidence(request: UserRequest, pk: int, evidence_pk: int) -> FileResponse:
    """A file of an entry, as an attachment, for who sees the entry."""
    file = get_object_or_404(_entry(request, pk).evidence.select_related("file"), pk=evidence_pk).file
    response = FileResponse(file_open(file), as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
