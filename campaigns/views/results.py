"""Pages of files with results: choose, look, write."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.contents import ResultImportForm
from campaigns.models import ResultImport
from campaigns.selectors.result_imports import progress_of, refused_of
from campaigns.services import result_imports as services
from core.errors import DomainError
from core.http import render_page, require
from core.uploads.handlers import upload_is_too_large
from violations.forms.batches import ACCEPT


def _import(request: UserRequest, pk: int) -> ResultImport:
    found = ResultImport.objects.visible_to(request.user).select_related("file", "job", "shop", "created_by")
    return get_object_or_404(found, pk=pk)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Content"), reverse("content_list"))]


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.COLLABORATION_EDIT)
def result_import_create(request: UserRequest) -> HttpResponse:
    """Choose a file of results; what is wrong with its rows is shown next, and nothing is written before."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ResultImportForm(data, files, user=request.user)
    if upload_is_too_large(request):
        form.add_error("file", _("The file has more than 200 MB. Split it or save it as CSV."))
    if form.is_valid():
        try:
            return redirect(
                services.result_import_create(
                    upload=form.cleaned_data["file"], shop=form.cleaned_data["shop"], by=request.user, at=timezone.now()
                )
            )
        except DomainError as error:
            form.add_error("file", str(error.message))
    context = {"form": form, "accept": ACCEPT, "title": _("Results from a file"), "crumbs": _crumbs()}
    return render(request, "campaigns/result_import_create.html", context, status=422 if form.errors else 200)


@require_safe
@require(Permission.COLLABORATION_EDIT)
def result_import_detail(request: UserRequest, pk: int) -> HttpResponse:
    """What is wrong with the rows of a file; once started, how far it is and what was written."""
    result_import = _import(request, pk)
    refused = refused_of(result_import)
    context = {
        "result_import": result_import,
        "title": result_import.file.name,
        "refused": refused,
        "refused_rows": len({one.row for one in refused}),
        "progress": progress_of(result_import),
        "written": (result_import.job.result.get("written") or 0) if result_import.job else None,
        "crumbs": _crumbs(),
    }
    return render_page(request, "campaigns/result_import_detail.html", context, partial="result")


@require_POST
@require(Permission.COLLABORATION_EDIT)
def result_import_start(request: UserRequest, pk: int) -> HttpResponse:
    """Write the good rows."""
    result_import = _import(request, pk)
    services.result_import_start(result_import=result_import, by=request.user, at=timezone.now())
    return redirect(result_import)
