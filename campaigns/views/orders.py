"""Pages of order lines and of reports that bring them."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.filters.settlements import order_line_filter
from campaigns.forms.settlements import ACCEPT, OrderImportForm
from campaigns.models import OrderImport
from campaigns.selectors.orders import Listing, failures_table, listing_of, preview_of, progress_of, refused_of
from campaigns.services import order_imports as services
from campaigns.views.settlements import range_text
from core.errors import DomainError
from core.exports import table_response
from core.http import render_page, require
from core.lists import ROWS_CHOICES, CursorError, rows_chosen
from core.uploads.handlers import upload_is_too_large

RECENT = 10


def _source(request: UserRequest, pk: int) -> OrderImport:
    found = OrderImport.objects.visible_to(request.user).select_related("shop", "file", "job", "created_by")
    return get_object_or_404(found, pk=pk)


@require_safe
@require(Permission.SETTLEMENT_VIEW)
def order_line_list(request: UserRequest) -> HttpResponse:
    """Order lines of the user's shops, those recorded last first."""
    lines = order_line_filter(request.GET, user=request.user)
    listing = _listing(lines.qs, request)
    context = {
        "lines": lines,
        "listing": listing,
        "range_text": range_text(listing.page),
        "rows": rows_chosen(request.GET),
        "rows_choices": ROWS_CHOICES,
        "is_filtered": bool(lines.values),
    }
    return render_page(request, "campaigns/order_line_list.html", context, partial="results")


def _listing(lines: Any, request: UserRequest) -> Listing:
    size = rows_chosen(request.GET)
    try:
        return listing_of(lines, size=size, cursor=request.GET.get("cursor", ""))
    except CursorError:
        return listing_of(lines, size=size)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SETTLEMENT_EDIT)
def order_import(request: UserRequest) -> HttpResponse:
    """Choose a report; how it is read is shown next, and nothing is written before."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = OrderImportForm(data, files, user=request.user)
    if upload_is_too_large(request):
        form.add_error("file", _("The file has more than 200 MB. Split it or save it as CSV."))
    if form.is_valid():
        upload, shop = form.cleaned_data["file"], form.cleaned_data["shop"]
        try:
            return redirect(
                services.order_import_create(shop=shop, upload=upload, by=request.user, at=timezone.now())
            )  # fmt: skip
        except DomainError as error:
            form.add_error("file", str(error.message))
    context = {
        "title": _("Import orders"),
        "form": form,
        "accept": ACCEPT,
        "recent": OrderImport.objects.visible_to(request.user).select_related("shop", "file", "job")[:RECENT],
        "crumbs": [(pgettext("orders", "Orders"), reverse("order_line_list"))],
    }
    return render(request, "campaigns/order_import.html", context, status=422 if form.errors else 200)


@require_safe
@require(Permission.SETTLEMENT_EDIT)
def order_import_detail(request: UserRequest, pk: int) -> HttpResponse:
    """How a report is read; once started, how far it is and which rows were refused."""
    source = _source(request, pk)
    context = {
        "source": source,
        "title": source.file.name,
        "preview": None if source.job else preview_of(source, at=timezone.now()),
        "progress": progress_of(source),
        "result": source.job.result if source.job else {},
        "refused": refused_of(source),
        "crumbs": [
            (pgettext("orders", "Orders"), reverse("order_line_list")),
            (_("Import orders"), reverse("order_import")),
        ],
    }
    return render_page(request, "campaigns/order_import_detail.html", context, partial="result")


@require_POST
@require(Permission.SETTLEMENT_EDIT)
def order_import_start(request: UserRequest, pk: int) -> HttpResponse:
    """Write the rows that can be read."""
    source = _source(request, pk)
    services.order_import_start(source=source, by=request.user)
    return redirect(source)


@require_POST
@require(Permission.SETTLEMENT_EDIT)
def order_import_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Stop after the rows that are being written."""
    source = _source(request, pk)
    services.order_import_cancel(source=source, by=request.user)
    return redirect(source)


@require_safe
@require(Permission.SETTLEMENT_EDIT)
def order_import_failures(request: UserRequest, pk: int) -> HttpResponseBase:
    """The refused rows as a workbook, to be mended and uploaded again."""
    return table_response(failures_table(_source(request, pk)), "xlsx")
