"""Exports of the directory and of shortlists as CSV and XLSX."""

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import UserRequest
from accounts.states import Permission
from core.exports import DIRECT_ROWS, FORMATS, table_response
from core.http import require
from core.ui import format_number
from creators.forms.shortlists import ExportForm, selected_ids
from creators.models import Shortlist
from creators.selectors.exports import Source, Wanted, export_source
from creators.services.exports import export_now, export_start

# What belongs to the export or to the page of the list, not to the choice of rows.
NOT_QUERY = (
    "format",
    "every",
    "contacts",
    "ids",
    "creators",
    "columns",
    "cursor",
    "rows",
    "page",
    "open",
    "next",
    "target",
)


@require_http_methods(["GET", "POST"])
@require(Permission.CREATOR_EXPORT)
def creator_export(request: UserRequest) -> HttpResponseBase:
    """The filtered directory, or the creators of `ids`; without `format` a page asks for it."""
    wanted = _wanted(request, None)
    return _answer(request, wanted, f"{reverse('creator_list')}?{wanted.query}")


@require_http_methods(["GET", "POST"])
@require(Permission.CREATOR_EXPORT)
def shortlist_export(request: UserRequest, pk: int) -> HttpResponseBase:
    """A shortlist with its notes, or the selected creators of it."""
    shortlist = get_object_or_404(Shortlist.objects.visible_to(request.user), pk=pk)
    return _answer(request, _wanted(request, shortlist.pk), shortlist.get_absolute_url())


def _wanted(request: UserRequest, shortlist_id: int | None) -> Wanted:
    data = request.GET
    columns = data.getlist("columns") or request.COOKIES.get("columns", "").split(".")
    return Wanted(
        file_format=data.get("format", ""),
        query=_query(data),
        ids=tuple(selected_ids(data)),
        shortlist_id=shortlist_id,
        columns=tuple(columns),
        every_column="every" in data,
        with_contacts="contacts" in data,
    )


def _query(data: QueryDict) -> str:
    query = data.copy()
    for name in NOT_QUERY:
        query.pop(name, None)
    return query.urlencode()


def _answer(request: UserRequest, wanted: Wanted, back: str) -> HttpResponseBase:
    """Few rows are sent at once; for more the person starts a job."""
    source = export_source(wanted, request.user)
    if wanted.file_format not in FORMATS:
        return _choices(request, source, back)
    if source.count <= DIRECT_ROWS:
        return table_response(export_now(wanted=wanted, source=source, by=request.user), wanted.file_format)
    if request.method == "POST":
        return redirect("job_detail", pk=export_start(wanted=wanted, source=source, by=request.user, back=back).pk)
    places = {"count": format_number(source.count), "most": format_number(DIRECT_ROWS)}
    context = {
        "title": _("Export: %(title)s") % {"title": source.title},
        "text": _(
            "%(count)s rows: more than %(most)s are written in the background. "
            "The file is kept for 7 days, for you and for admins."
        )
        % places,
        "submit": _("Prepare the file"),
        "cancel_url": back,
    }
    return render(request, "components/confirm_page.html", context)


def _choices(request: UserRequest, source: Source, back: str) -> HttpResponseBase:
    form = ExportForm()
    if not request.user.can(Permission.CONTACT_EXPORT):
        del form.fields["contacts"]
    context = {
        "form": form,
        "source": source,
        "is_long": source.count > DIRECT_ROWS,
        "kept": [(name, one) for name, values in request.GET.lists() for one in values if name not in form.fields],
        "back": back,
    }
    return render(request, "creators/export.html", context)
