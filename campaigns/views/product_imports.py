"""Pages of product lists in files: upload, the columns, progress and result."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.products import ACCEPT, ColumnsForm, ProductUploadForm
from campaigns.models import ProductImport
from campaigns.selectors.product_lists import Preview, preview_of, progress_of, refused_of, refused_sheet, result_of
from campaigns.services import product_imports as services
from campaigns.views.products import product_crumbs
from core.errors import DomainError
from core.exports import table_response
from core.forms import add_refusal
from core.http import render_page, require
from core.uploads.handlers import upload_is_too_large


def _source(request: UserRequest, pk: int) -> ProductImport:
    found = ProductImport.objects.visible_to(request.user).select_related("file", "job", "shop", "created_by")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PRODUCT_EDIT)
def product_import(request: UserRequest) -> HttpResponse:
    """Choose a file; its columns are shown next, and nothing is written before."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProductUploadForm(data, files, user=request.user)
    if upload_is_too_large(request):
        form.add_error("file", _("The file has more than 200 MB. Split it or save it as CSV."))
    if form.is_valid():
        upload, shop = form.cleaned_data["file"], form.cleaned_data["shop"]
        try:
            source = services.product_import_create(shop=shop, upload=upload, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error("file", str(error.message))
        else:
            return redirect("product_import_columns", pk=source.pk)
    context = {"form": form, "accept": ACCEPT, "crumbs": product_crumbs()}
    return render(request, "campaigns/product_import.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PRODUCT_EDIT)
def product_import_columns(request: UserRequest, pk: int) -> HttpResponse:
    """The first rows under their columns; each can be read as something else, then the import starts."""
    source = _source(request, pk)
    if source.job_id:
        return redirect(source)
    preview = preview_of(source)
    form = ColumnsForm(request.POST or None, source=source, preview=preview)
    if form.is_valid():
        try:
            services.product_import_configure(source=source, columns=form.columns())
            if request.POST.get("action") == "start":
                services.product_import_start(source=source, by=request.user)
                return redirect(source)
        except DomainError as error:
            add_refusal(form, error)
        else:
            preview = preview_of(source)
            form = ColumnsForm(source=source, preview=preview)
    return _columns_page(request, source, form, preview)


def _columns_page(request: UserRequest, source: ProductImport, form: ColumnsForm, preview: Preview) -> HttpResponse:
    columns = [
        {"header": header, "field": form[f"column_{place}"], "is_read": bool(name)}
        for place, header, name in preview.columns
    ]
    context = {"source": source, "form": form, "preview": preview, "columns": columns, "crumbs": product_crumbs()}
    status = 422 if form.errors else 200
    return render_page(request, "campaigns/product_import_columns.html", context, partial="preview", status=status)


@require_safe
@require(Permission.PLAN_VIEW)
def product_import_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Progress while the job runs, then what became of the rows; htmx asks for this part alone every second."""
    source = _source(request, pk)
    if source.job is None and request.user.can(Permission.PRODUCT_EDIT):
        return redirect("product_import_columns", pk=source.pk)
    context: dict[str, Any] = {
        "source": source,
        "job": source.job,
        "result": result_of(source),
        "progress": progress_of(source),
        "refused": refused_of(source) if source.job and not source.job.is_open else [],
        "may_edit": request.user.can(Permission.PRODUCT_EDIT),
        "crumbs": product_crumbs(),
    }
    return render_page(request, "campaigns/product_import_detail.html", context, partial="result")


@require_POST
@require(Permission.PRODUCT_EDIT)
def product_import_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Stop after the rows that are being written."""
    source = _source(request, pk)
    services.product_import_cancel(source=source, by=request.user)
    return redirect(source)


@require_safe
@require(Permission.PRODUCT_EDIT)
def product_import_refused(request: UserRequest, pk: int) -> HttpResponseBase:
    """The refused rows as a workbook with the reasons beside them."""
    return table_response(refused_sheet(_source(request, pk)), "xlsx")
