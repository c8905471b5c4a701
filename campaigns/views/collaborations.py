"""Pages of collaborations: the list with its export, one collaboration, and moves."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.filters.collaborations import CollaborationFilter, collaboration_filter
from campaigns.forms.collaborations import BulkMoveForm, MoveForm, chosen_ids
from campaigns.models import Collaboration
from campaigns.selectors.details import collaborations_shown, detail_of, sections_for
from campaigns.selectors.listing import Listing, chips_of, listing_of, scope_counts
from campaigns.services import collaboration_exports as exports
from campaigns.services.bulk_moves import Outcome, collaborations_move
from campaigns.services.collaborations import collaboration_move as move
from core.errors import DomainError
from core.exports import DIRECT_ROWS, FORMATS, table_response
from core.forms import add_refusal
from core.http import flash, is_htmx, render_page, require, toast
from core.lists import ROWS_CHOICES, CursorError, rows_chosen
from core.ui import format_number

# What belongs to the page of the list, not to the choice of rows.
NOT_QUERY = ("format", "cursor", "rows", "columns")
# What stays in the address when the filters change.
KEPT = ("state", "ordering", "rows", "columns")
# Columns that can be left out.
COLUMNS: dict[str, Any] = {
    "tier": gettext_lazy("Tier · score"),
    "plan": gettext_lazy("Plan"),
    "stage": gettext_lazy("In stage"),
    "sample": gettext_lazy("Sample"),
    "works": gettext_lazy("Works"),
    "gmv": gettext_lazy("GMV net"),
    "owner": gettext_lazy("Owner"),
}


@require_safe
@require(Permission.PLAN_VIEW)
def collaboration_list(request: UserRequest) -> HttpResponse:
    """Collaborations of the user's shops; the address holds filters, state, order and page. A fragment is the list."""
    chosen = collaboration_filter(request.GET, user=request.user, at=timezone.now())
    listing, is_restarted = _listing(chosen, request)
    counts = listing.counts
    shown = [key for key in request.GET.getlist("columns") if key in COLUMNS] or [*COLUMNS]
    hidden = [key for key in COLUMNS if key not in shown]
    context = {
        "place": "list",
        "chosen": chosen,
        "chips": chips_of(chosen),
        "listing": listing,
        "rows": listing.rows,
        "scopes": scope_counts(counts),
        "stages": [one for one in counts.values() if one.number or one.state == chosen.scope],
        "is_restarted": is_restarted,
        "range_text": _range_text(listing),
        "rows_chosen": rows_chosen(request.GET),
        "rows_choices": ROWS_CHOICES,
        "query": _query(request.GET),
        "choosable": [{"key": key, "label": label, "shown": key not in hidden} for key, label in COLUMNS.items()],
        "hidden": hidden,
        "kept": _kept(request.GET, *KEPT),
        "kept_columns": _kept(request.GET, *chosen.filters, "ordering", "rows"),
        "may_edit": request.user.can(Permission.COLLABORATION_EDIT),
        "may_export": request.user.can(Permission.CAMPAIGN_EXPORT),
    }
    return render_page(request, "campaigns/collaboration_list.html", context, partial="results")


def _listing(chosen: CollaborationFilter, request: UserRequest) -> tuple[Listing, bool]:
    """The page asked for; the first one, and True, when its cursor cannot be read."""
    size = rows_chosen(request.GET)
    try:
        return listing_of(chosen, size=size, cursor=request.GET.get("cursor", "")), False
    except CursorError:
        return listing_of(chosen, size=size), True


def _range_text(listing: Listing) -> str:
    page = listing.page
    total = format_number(page.count.number)
    places = {"start": format_number(page.start), "end": format_number(page.end), "total": total}
    return _("%(start)s–%(end)s of %(total)s") % places


def _kept(data: QueryDict, *names: str) -> list[tuple[str, str]]:
    return [(name, value) for name in names for value in data.getlist(name) if value]


def _query(data: QueryDict) -> str:
    query = data.copy()
    for name in NOT_QUERY:
        query.pop(name, None)
    return query.urlencode()


@require_http_methods(["GET", "POST"])
@require(Permission.CAMPAIGN_EXPORT)
def collaboration_export(request: UserRequest) -> HttpResponseBase:
    """The filtered list as CSV (also without `format`) or XLSX; more than can be waited for becomes a job."""
    now, query = timezone.now(), _query(request.GET)
    asked = request.GET.get("format", "")
    file_format = asked if asked in FORMATS else "csv"
    extract = exports.collaborations_extract(query=query, file_format=file_format, by=request.user, at=now)
    back = f"{reverse('collaboration_list')}?{query}"
    if extract.count <= DIRECT_ROWS:
        return table_response(exports.export_now(extract=extract, by=request.user), extract.file_format)
    if request.method == "POST":
        job = exports.collaborations_export_start(extract=extract, by=request.user, at=now, back=back)
        return redirect("job_detail", pk=job.pk)
    places = {"count": format_number(extract.count), "most": format_number(DIRECT_ROWS)}
    text = _(
        "%(count)s rows: more than %(most)s are written in the background. "
        "The file is kept for 7 days, for you and for admins."
    )
    context: dict[str, Any] = {
        "title": _("Export: %(title)s") % {"title": extract.title},
        "text": text % places,
        "submit": _("Prepare the file"),
        "cancel_url": back,
    }
    return render(request, "components/confirm_page.html", context)


@require_safe
@require(Permission.PLAN_VIEW)
def collaboration_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One collaboration: where it stands, what can be done with it, its parts and its history."""
    collaboration, now = _collaboration(request, pk), timezone.now()
    context = {
        "detail": detail_of(collaboration, request.user, now),
        "collaboration": collaboration,
        "crumbs": _crumbs(),
        "sections": _sections(request, collaboration),
        "may_edit": request.user.can(Permission.COLLABORATION_EDIT),
        "may_write": request.user.can(Permission.OUTREACH_SEND),
    }
    return render_page(request, "campaigns/collaboration_detail.html", context)


def _collaboration(request: UserRequest, pk: int) -> Collaboration:
    return get_object_or_404(collaborations_shown(request.user), pk=pk)


def _crumbs(collaboration: Collaboration | None = None) -> list[tuple[str, str]]:
    crumbs = [(_("Collaborations"), reverse("collaboration_list"))]
    return [*crumbs, (str(collaboration), collaboration.get_absolute_url())] if collaboration else crumbs


def _sections(request: UserRequest, collaboration: Collaboration) -> list[dict[str, Any]]:
    """Each part with a context of its own, so that none disturbs another."""
    now, parts = timezone.now(), []
    for section in sections_for(request.user):
        context = {"collaboration": collaboration} | section.context(collaboration, request.user, now)
        html = render_to_string(section.template, context, request=request)
        parts.append({"key": section.key, "label": section.label, "html": html})
    return parts


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.COLLABORATION_EDIT)
def collaboration_move(request: UserRequest, pk: int) -> HttpResponse:
    """Move a collaboration; asks for the state and the reason. Dragged cards post here and stay on their page."""
    collaboration = _collaboration(request, pk)
    if is_htmx(request):
        return _dragged(request, collaboration)
    initial = {"to": request.GET.get("to", "")}
    form = MoveForm(request.POST or None, collaboration=collaboration, initial=initial)
    if form.is_valid():
        try:
            moved = move(collaboration=collaboration, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _moved_text(moved))
            return redirect(_next(request, collaboration.get_absolute_url()))
    context = {
        "title": _("Move %(creator)s") % {"creator": collaboration.creator},
        "subtitle": _("%(plan)s · now “%(state)s”") % {"plan": collaboration.plan, "state": collaboration.look.label},
        "form": form,
        "submit": _("Move"),
        "cancel_url": _next(request, collaboration.get_absolute_url()),
        "crumbs": _crumbs(collaboration),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    status = 422 if form.errors else 200
    return render_page(request, "campaigns/collaboration_move.html", context, status=status)


def _dragged(request: UserRequest, collaboration: Collaboration) -> HttpResponse:
    reason, to = request.POST.get("reason", ""), request.POST.get("to", "")
    moved = move(collaboration=collaboration, to=to, by=request.user, at=timezone.now(), reason=reason)
    return toast(HttpResponse(status=204), _moved_text(moved))


def _moved_text(moved: Collaboration) -> str:
    return _("%(creator)s: %(state)s.") % {"creator": moved.creator, "state": moved.look.label}


def _next(request: UserRequest, otherwise: str) -> str:
    """Where the person came from, if that is a page of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()) else otherwise


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.COLLABORATION_EDIT)
def collaboration_bulk_move(request: UserRequest) -> HttpResponse:
    """Move the picked collaborations; says of each what became of it."""
    data = request.POST if request.method == "POST" else request.GET
    found = list(collaborations_shown(request.user).filter(pk__in=chosen_ids(data)).order_by("pk"))
    form = BulkMoveForm(request.POST or None, collaborations=found)
    back = _next(request, reverse("collaboration_list"))
    outcomes: list[Outcome] = []
    if not found or form.is_valid():
        values = form.cleaned_data if found else {"to": "", "reason": ""}
        outcomes = collaborations_move(collaborations=found, by=request.user, at=timezone.now(), **values)
        if not any(outcome.refusal for outcome in outcomes):
            text = ngettext("%(count)s moved to “%(state)s”.", "%(count)s moved to “%(state)s”.", len(outcomes))
            state = outcomes[0].collaboration.look.label
            flash(request, text % {"count": format_number(len(outcomes)), "state": state})
            return redirect(back)
    context = {
        "title": _("Move collaborations"),
        "crumbs": _crumbs(),
        "form": form,
        "found": found,
        "outcomes": outcomes,
        "moved": sum(not outcome.refusal for outcome in outcomes),
        "refused": sum(bool(outcome.refusal) for outcome in outcomes),
        "next": back,
    }
    return render_page(request, "campaigns/collaboration_bulk.html", context, status=422 if form.errors else 200)
