"""The desk of ops: what waits today, what is about to happen, and the ledger as a list with its exports."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.exports import DIRECT_ROWS, FORMATS, table_response
from core.http import is_htmx, moment_asked, render_page, require
from core.lists import ROWS_CHOICES, CursorError, rows_chosen
from core.ui import format_number
from creators.models import Creator
from violations.filters import EntryFilter, entry_chips, entry_filter
from violations.selectors.desk import queue_of, soon_of
from violations.selectors.listing import Listing, listing_of
from violations.selectors.trends import offenders_of, weekly_chart
from violations.services import exports as services

# What belongs to the page of the list, not to the choice of rows.
NOT_QUERY = ("format", "cursor", "rows")


@require_safe
@require(Permission.VIOLATION_VIEW)
def violation_desk(request: UserRequest) -> HttpResponse:
    """The desk; the address holds the filters and the page of the list. A fragment is the list alone."""
    now = timezone.now()
    entries = entry_filter(request.GET, user=request.user, at=now)
    listing, is_restarted = _listing(entries, request)
    context = {
        "place": "desk",
        "entries": entries,
        "chips": entry_chips(entries),
        "listing": listing,
        "is_restarted": is_restarted,
        "range_text": _range_text(listing),
        "rows": rows_chosen(request.GET),
        "rows_choices": ROWS_CHOICES,
        "export_query": _query(request.GET),
        "may_export": request.user.can(Permission.VIOLATION_EXPORT),
    }
    if not is_htmx(request):
        context |= {
            "queue": queue_of(request.user, at=now),
            "soon": soon_of(at=now),
            "offenders": offenders_of(at=now),
            "chart": weekly_chart(at=now),
        }
    return render_page(request, "violations/desk.html", context, partial="results")


def _listing(entries: EntryFilter, request: UserRequest) -> tuple[Listing, bool]:
    """The page asked for; the first one, and True, when its cursor cannot be read."""
    size = rows_chosen(request.GET)
    try:
        return listing_of(entries, size=size, cursor=request.GET.get("cursor", "")), False
    except CursorError:
        return listing_of(entries, size=size), True


def _range_text(listing: Listing) -> str:
    page = listing.page
    total = format_number(page.count.number) + ("+" if page.count.is_capped else "")
    places = {"start": format_number(page.start), "end": format_number(page.end), "total": total}
    return _("%(start)s–%(end)s of %(total)s") % places


def _query(data: QueryDict) -> str:
    query = data.copy()
    for name in NOT_QUERY:
        query.pop(name, None)
    return query.urlencode()


@require_http_methods(["GET", "POST"])
@require(Permission.VIOLATION_EXPORT)
def entry_export(request: UserRequest) -> HttpResponseBase:
    """The filtered ledger as CSV (also without `format`) or XLSX; more than can be waited for becomes a job."""
    now, query = timezone.now(), _query(request.GET)
    extract = services.entries_extract(query=query, file_format=_format(request), by=request.user, at=now)
    back = f"{reverse('violation_desk')}?{query}"
    if extract.count <= DIRECT_ROWS:
        return table_response(services.export_now(extract=extract, by=request.user), extract.file_format)
    if request.method == "POST":
        job = services.entries_export_start(extract=extract, by=request.user, at=now, back=back)
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
@require(Permission.VIOLATION_EXPORT)
def statement_export(request: UserRequest, pk: int) -> HttpResponseBase:
    """The statement of a creator as of `at`, or of now."""
    creator = get_object_or_404(Creator.objects.visible_to(request.user).select_related("market"), pk=pk)
    now = timezone.now()
    at = min(moment_asked(request) or now, now)
    extract = services.statement_extract(creator=creator, file_format=_format(request), by=request.user, at=at)
    return table_response(services.export_now(extract=extract, by=request.user), extract.file_format)


def _format(request: UserRequest) -> str:
    asked = request.GET.get("format", "")
    return asked if asked in FORMATS else "csv"
