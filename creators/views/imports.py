"""Pages of imports: upload, how the list is read, progress and result, conflicts, undo."""

from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, is_htmx, render_page, require
from core.ui import format_number
from core.uploads.handlers import upload_is_too_large
from creators.forms.imports import ACCEPT, ConflictForm, ImportSettingsForm, ImportUploadForm
from creators.models import Import
from creators.selectors.imports import (
    REASONS,
    conflicts_of,
    failed_rows,
    import_look,
    notices_of,
    repeats_of,
    standing_of,
    undo_plan,
)
from creators.services import imports as services
from creators.states import ConflictState, ImportState

ROWS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _import(request: UserRequest, pk: int) -> Import:
    related = ("file", "shop", "market", "job", "undo_job", "created_by", "undone_by")
    return get_object_or_404(Import.objects.visible_to(request.user).select_related(*related), pk=pk)


@require_safe
@require(Permission.IMPORT_VIEW)
def import_list(request: UserRequest) -> HttpResponse:
    """Every list that was uploaded, the newest first."""
    related = ("file", "shop", "job", "undo_job", "created_by")
    imports = Import.objects.visible_to(request.user).select_related(*related)
    page = Paginator(imports, ROWS).get_page(request.GET.get("page"))
    rows = [{"import": row, "look": import_look(row)} for row in page]
    context = {
        "page": page,
        "rows": rows,
        "may_run": request.user.can(Permission.IMPORT_RUN),
        "may_undo": request.user.can(Permission.IMPORT_UNDO),
    }
    return render(request, "imports/import_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.IMPORT_RUN)
def import_create(request: UserRequest) -> HttpResponse:
    """Choose a file; what is in it is shown next."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportUploadForm(data, files, user=request.user, is_too_large=upload_is_too_large(request))
    if form.is_valid():
        shop = form.cleaned_data["shop"]
        try:
            draft = services.import_upload(upload=form.cleaned_data["file"], by=request.user, shop=shop)
        except DomainError as error:
            form.add_error("file", str(error.message))
        else:
            return redirect("import_preview", pk=draft.pk)
    context = {"form": form, "accept": ACCEPT, "crumbs": [(_("Imports"), reverse("import_list"))]}
    return render(request, "imports/import_create.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.IMPORT_RUN)
def import_preview(request: UserRequest, pk: int) -> HttpResponse:
    """The first rows under their columns; each column and the defaults can be changed, then the import starts."""
    draft = _import(request, pk)
    if draft.job_id:
        return redirect(draft)
    preview = services.import_preview(draft)
    form = ImportSettingsForm(request.POST or None, source_import=draft, sheets=preview.sheets)
    if form.is_valid():
        try:
            return _preview_act(request, draft, form, preview.sheets)
        except DomainError as error:
            add_refusal(form, error)
    return _preview_page(request, draft, form, preview)


def _preview_act(request: UserRequest, draft: Import, form: ImportSettingsForm, sheets: list[str]) -> HttpResponse:
    """What the pressed button asks for, after the settings are kept."""
    sheet = draft.sheet
    draft = services.import_configure(source_import=draft, by=request.user, **form.configuration())
    action = request.POST.get("action")
    if action == "start":
        services.import_start(source_import=draft, by=request.user)
        return redirect(draft)
    if action == "save":
        saved = services.mapping_save(source_import=draft, name=form.cleaned_data["mapping_name"], by=request.user)
        flash(request, _("Saved. The mapping %(name)s is proposed for files with the same headers.") % {"name": saved})
    if not is_htmx(request):
        return redirect("import_preview", pk=draft.pk)
    if draft.sheet != sheet:
        # Another sheet brings other columns and maybe another day: the whole page is new.
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    preview = services.import_preview(draft)
    return _preview_page(request, draft, ImportSettingsForm(source_import=draft, sheets=sheets), preview)


def _preview_page(
    request: UserRequest, draft: Import, form: ImportSettingsForm, preview: services.Preview
) -> HttpResponse:
    columns = [
        {"column": column, "field": form.column_field(column["index"]), "reason": REASONS.get(column.get("reason", ""))}
        for column in preview.columns
    ]
    rows = [
        {
            "number": row.number,
            "cells": [(cell, row.problems.get(index, "")) for index, cell in enumerate(row.cells)],
            "problem": row.problems.get(-1, ""),
        }
        for row in preview.rows
    ]
    context = {
        "import": draft,
        "form": form,
        "columns": columns,
        "rows": rows,
        "problem_count": sum(bool(row.problems) for row in preview.rows),
        "read_count": sum(bool(column["field"]) for column in preview.columns),
        "crumbs": [(_("Imports"), reverse("import_list"))],
    }
    return render_page(request, "imports/import_preview.html", context, partial="preview")


@require_safe
@require(Permission.IMPORT_VIEW)
def import_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Progress while the import runs, then its result; htmx asks for this part alone every second."""
    source_import = _import(request, pk)
    standing = standing_of(source_import)
    if standing.state == ImportState.DRAFT and request.user.can(Permission.IMPORT_RUN):
        return redirect("import_preview", pk=pk)
    context: dict[str, Any] = {
        "import": source_import,
        "standing": standing,
        "crumbs": [(_("Imports"), reverse("import_list"))],
        "may_run": request.user.can(Permission.IMPORT_RUN),
        "may_undo": request.user.can(Permission.IMPORT_UNDO),
        "may_resolve": request.user.can(Permission.CONFLICT_RESOLVE),
    }
    if standing.has_result:
        context |= {
            "failures": failed_rows(source_import),
            "conflicts": conflicts_of(source_import)[:ROWS],
            "repeats": repeats_of(source_import),
            "notices": notices_of(source_import),
        }
    return render_page(request, "imports/import_detail.html", context, partial="result")


@require_POST
@require(Permission.IMPORT_RUN)
def import_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Ask the running job to stop; what it wrote is taken back."""
    source_import = _import(request, pk)
    services.import_cancel(source_import=source_import, by=request.user)
    return redirect(source_import)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.IMPORT_UNDO)
def import_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Say what undoing takes back, then do it."""
    source_import = _import(request, pk)
    if request.method == "POST":
        services.import_undo(source_import=source_import, by=request.user)
        return redirect(source_import)
    plan = undo_plan(source_import)
    values = ngettext("%(count)s row of values goes.", "%(count)s rows of values go.", plan.values)
    creators = ngettext(
        "The creator that only this list brought goes too, unless somebody uses it.",
        "Of the %(count)s creators that only this list brought, those that nobody uses go too.",
        plan.creators,
    )
    sentences = [values % {"count": format_number(plan.values)}]
    if plan.creators:
        sentences.append(creators % {"count": format_number(plan.creators)})
    sentences.append(_("Later imports and corrections by people stay."))
    context = {
        "title": _("Undo this import"),
        "text": " ".join(sentences),
        "submit": _("Undo the import"),
        "danger": True,
        "cancel_url": source_import.get_absolute_url(),
        "crumbs": [(_("Imports"), reverse("import_list")), (source_import.file.name, source_import.get_absolute_url())],
    }
    return render(request, "components/confirm_page.html", context)


@require_safe
@require(Permission.IMPORT_VIEW)
def import_failures(request: UserRequest, pk: int) -> HttpResponse:
    """The refused rows as a workbook with the reasons beside them, to be mended and uploaded again."""
    source_import = _import(request, pk)
    workbook = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - closed, and so removed, with the response
    services.failures_workbook(source_import, Path(workbook.name))
    name = f"{PurePath(source_import.file.name).stem}-problems.xlsx"
    return FileResponse(workbook, as_attachment=True, filename=name, content_type=XLSX)  # type: ignore[return-value]


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CONFLICT_RESOLVE)
def conflict_resolve(request: UserRequest, pk: int, conflict_pk: int) -> HttpResponse:
    """A known handle came with another id: a person says what happened."""
    source_import = _import(request, pk)
    conflict = get_object_or_404(conflicts_of(source_import), pk=conflict_pk)
    form = ConflictForm(request.POST or None)
    if form.is_valid():
        decision, note = ConflictState(form.cleaned_data["decision"]), form.cleaned_data["note"]
        try:
            services.conflict_resolve(conflict=conflict, decision=decision, by=request.user, note=note)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Resolved: %(decision)s.") % {"decision": decision.label})
            return redirect(source_import)
    context = {
        "import": source_import,
        "conflict": conflict,
        "form": form,
        "crumbs": [(_("Imports"), reverse("import_list")), (source_import.file.name, source_import.get_absolute_url())],
    }
    return render(request, "imports/conflict_resolve.html", context)
