"""Pages of batches: many violations or ratings from a file, or one violation for a selection."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.exports import table_response
from core.forms import add_refusal
from core.http import render_page, require
from core.uploads.handlers import upload_is_too_large
from creators.forms.shortlists import selected_ids
from creators.models import Creator
from violations.forms.batches import ACCEPT, BatchForm, SelectionForm
from violations.models import Batch
from violations.selectors.batches import SHOWN, batch_listing, failures_table
from violations.selectors.standings import book_in_force
from violations.services import batches as services
from violations.services.batches.checking import batch_title
from violations.states import BatchKind

NEEDED = {BatchKind.VIOLATIONS: Permission.VIOLATION_LOG, BatchKind.HEALTH: Permission.HEALTH_RECORD}
# The market of a book for all markets; a selection may span several.
ANY_MARKET = ""


def _batch(request: UserRequest, pk: int) -> Batch:
    found = Batch.objects.visible_to(request.user).select_related("file", "job", "shop", "created_by")
    batch = get_object_or_404(found, pk=pk)
    _check(request, BatchKind(batch.kind))
    return batch


def _check(request: UserRequest, kind: BatchKind) -> None:
    if not request.user.can(NEEDED[kind]):
        raise PermissionDenied(request.user.refusal(NEEDED[kind]))


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Violations"), reverse("violation_desk"))]


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.HEALTH_RECORD)
def batch_create(request: UserRequest) -> HttpResponse:
    """Choose a file; its rows are shown next, and nothing is written before."""
    health = (request.POST.get("kind") or request.GET.get("kind")) == BatchKind.HEALTH
    kind = BatchKind.HEALTH if health else BatchKind.VIOLATIONS
    _check(request, kind)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = BatchForm(data, files, user=request.user, initial={"kind": kind})
    if upload_is_too_large(request):
        form.add_error("file", _("The file has more than 200 MB. Split it or save it as CSV."))
    if form.is_valid():
        upload, shop = form.cleaned_data["file"], form.cleaned_data["shop"]
        try:
            return redirect(
                services.batch_create(kind=kind, upload=upload, shop=shop, by=request.user, at=timezone.now())
            )
        except DomainError as error:
            form.add_error("file", str(error.message))
    title = _("Ratings from a file") if kind == BatchKind.HEALTH else _("Violations from a file")
    context = {"form": form, "accept": ACCEPT, "kind": kind, "title": title, "crumbs": _crumbs()}
    return render(request, "violations/batch_create.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.VIOLATION_LOG)
def batch_select(request: UserRequest) -> HttpResponse:
    """One violation for the creators selected in the directory."""
    data = request.POST if request.method == "POST" else request.GET
    found = Creator.objects.visible_to(request.user).select_related("market").in_bulk(selected_ids(data))
    creators = [found[pk] for pk in selected_ids(data) if pk in found]
    markets = {creator.market_id for creator in creators}
    market = markets.pop() if len(markets) == 1 else ANY_MARKET
    now = timezone.now()
    form = SelectionForm(request.POST or None, user=request.user, book=book_in_force(market, at=now))
    if form.is_valid():
        try:
            batch = services.batch_select(creators=creators, by=request.user, at=now, **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            return redirect(batch)
    context = {"form": form, "creators": creators, "title": _("Log for a selection"), "crumbs": _crumbs()}
    return render(request, "violations/batch_select.html", context)


@require_safe
@require(Permission.HEALTH_RECORD)
def batch_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The rows and what is wrong with them; once started, how far it is and what became of them."""
    batch = _batch(request, pk)
    only_problems = "problems" in request.GET
    number = request.GET.get("page", "")
    page = int(number) if number.isdecimal() and 0 < int(number) < 1_000 else 1
    listing = batch_listing(batch, at=timezone.now(), only_problems=only_problems, page=page)
    shown = listing.counts.refused if only_problems else listing.counts.total
    context: dict[str, Any] = {
        "batch": batch,
        "title": batch_title(batch),
        "listing": listing,
        "only_problems": only_problems,
        "page": page,
        "next_page": page + 1 if page * SHOWN < shown else None,
        "previous_page": page - 1 if page > 1 else None,
        "crumbs": _crumbs(),
    }
    return render_page(request, "violations/batch_detail.html", context, partial="result")


@require_POST
@require(Permission.HEALTH_RECORD)
def batch_start(request: UserRequest, pk: int) -> HttpResponse:
    """Write the good rows."""
    batch = _batch(request, pk)
    services.batch_start(batch=batch, by=request.user, repeats_confirmed="repeats_confirmed" in request.POST)
    return redirect(batch)


@require_POST
@require(Permission.HEALTH_RECORD)
def batch_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Stop after the rows that are being written."""
    batch = _batch(request, pk)
    services.batch_cancel(batch=batch, by=request.user)
    return redirect(batch)


@require_safe
@require(Permission.HEALTH_RECORD)
def batch_failures(request: UserRequest, pk: int) -> HttpResponseBase:
    """The refused rows as a workbook, to be mended and uploaded again."""
    return table_response(failures_table(_batch(request, pk)), "xlsx")
