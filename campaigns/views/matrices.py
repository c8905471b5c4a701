"""Pages of test matrices."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.campaigns import AssignForm, MatrixForm
from campaigns.models import TestMatrix
from campaigns.selectors.matrices import (
    MEASURES,
    WINDOWS,
    contents_to_assign,
    matrices_of,
    matrices_shown,
    matrix_view,
    seats_to_assign,
)
from campaigns.services import matrices as services
from campaigns.services.campaigns import check_active
from campaigns.services.matrix_pushes import cell_push
from campaigns.states.plans import CampaignState
from campaigns.views.campaigns import campaign_crumbs, campaign_or_404, campaign_tabs
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require
from core.ui import format_number


def _matrix(request: UserRequest, pk: int) -> TestMatrix:
    return get_object_or_404(matrices_shown(request.user), pk=pk)


def _crumbs(matrix: TestMatrix) -> list[tuple[str, str]]:
    campaign = matrix.campaign
    return [*campaign_crumbs(campaign), (_("Test matrices"), reverse("matrix_list", args=[campaign.pk]))]


@require_safe
@require(Permission.PLAN_VIEW)
def matrix_list(request: UserRequest, pk: int) -> HttpResponse:
    """The test matrices of a campaign."""
    campaign = campaign_or_404(request, pk)
    context = {
        "campaign": campaign,
        "crumbs": campaign_crumbs(),
        "tabs": campaign_tabs(campaign, "matrix_list"),
        "matrices": matrices_of(campaign).select_related("created_by"),
        "may_edit": request.user.can(Permission.PLAN_EDIT) and campaign.state == CampaignState.ACTIVE,
    }
    return render(request, "campaigns/matrix_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def matrix_create(request: UserRequest, pk: int) -> HttpResponse:
    """A new matrix: products by content styles."""
    campaign = campaign_or_404(request, pk)
    check_active(campaign)
    form = MatrixForm(request.POST or None, campaign=campaign)
    if form.is_valid():
        try:
            made = services.matrix_create(
                campaign=campaign, by=request.user, at=timezone.now(), **form.cleaned_data
            )  # fmt: skip
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("The matrix is made. Put seats into its cells."))
            return redirect(made)
    context = {
        "title": _("New test matrix"),
        "form": form,
        "submit": _("Make the matrix"),
        "cancel_url": reverse("matrix_list", args=[campaign.pk]),
        "crumbs": campaign_crumbs(campaign),
    }
    return render(request, "campaigns/matrix_form.html", context, status=422 if form.errors else 200)


@require_safe
@require(Permission.PLAN_VIEW)
def matrix_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The grid; `measure` and `window` say by what the cells are judged."""
    matrix = _matrix(request, pk)
    measure, window = request.GET.get("measure", ""), request.GET.get("window", "")
    view = matrix_view(
        matrix,
        measure=measure if measure in MEASURES else next(iter(MEASURES)),
        window=window if window in WINDOWS else next(iter(WINDOWS)),
        at=timezone.now(),
    )
    context = {
        "matrix": matrix,
        "crumbs": _crumbs(matrix),
        "view": view,
        "measures": MEASURES.items(),
        "windows": WINDOWS.items(),
        "measure_label": MEASURES[view.measure],
        "may_edit": _may_edit(request, matrix),
    }
    return render(request, "campaigns/matrix_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def matrix_assign(request: UserRequest, pk: int) -> HttpResponse:
    """Put seats, or with `what=contents` contents, into cells."""
    matrix = _matrix(request, pk)
    check_active(matrix.campaign)
    is_contents = request.GET.get("what") == "contents"
    rows: list[Any] = list(contents_to_assign(matrix) if is_contents else seats_to_assign(matrix))
    form = AssignForm(request.POST or None, matrix=matrix, keys=[row.pk for row in rows])
    address = f"{reverse('matrix_assign', args=[matrix.pk])}?what={'contents' if is_contents else 'seats'}"
    if form.is_valid():
        try:
            flash(request, _assign(matrix, form, is_contents=is_contents))
        except DomainError as error:
            add_refusal(form, error)
        else:
            return redirect(address)
    context = {
        "matrix": matrix,
        "crumbs": [*_crumbs(matrix), (matrix.name, matrix.get_absolute_url())],
        "tabs": _assign_tabs(matrix, is_contents),
        "rows": rows,
        "is_contents": is_contents,
        "form": form,
        "address": address,
        "chosen": form["chosen"].value() or [],
    }
    return render(request, "campaigns/matrix_assign.html", context, status=422 if form.errors else 200)


def _assign(matrix: TestMatrix, form: AssignForm, *, is_contents: bool) -> str:
    """Write the choice; returns what became of it in words."""
    cell, chosen = form.cleaned_data["cell"], form.cleaned_data["chosen"]
    if is_contents:
        number = services.contents_assign(matrix=matrix, cell=cell, content_ids=chosen)
        text = ngettext("%(count)s content moved.", "%(count)s contents moved.", number)
    else:
        number = services.seats_assign(matrix=matrix, cell=cell, seat_ids=chosen)
        text = ngettext("%(count)s seat moved.", "%(count)s seats moved.", number)
    return text % {"count": format_number(number)}


def _assign_tabs(matrix: TestMatrix, is_contents: bool) -> list[dict[str, Any]]:
    address = reverse("matrix_assign", args=[matrix.pk])
    return [
        {"label": _("Seats"), "url": f"{address}?what=seats", "current": not is_contents},
        {"label": _("Contents"), "url": f"{address}?what=contents", "current": is_contents},
    ]


@require_POST
@require(Permission.PLAN_EDIT)
def matrix_push(request: UserRequest, pk: int, cell_pk: int) -> HttpResponse:
    """Make a draft plan of a cell's product and style."""
    matrix = _matrix(request, pk)
    cell = get_object_or_404(matrix.cells.select_related("product", "matrix__campaign"), pk=cell_pk)
    plan = cell_push(cell=cell, by=request.user, at=timezone.now())
    flash(request, _("%(plan)s is a draft. Add creators, then start it.") % {"plan": plan})
    return redirect(plan)


def _may_edit(request: UserRequest, matrix: TestMatrix) -> bool:
    return request.user.can(Permission.PLAN_EDIT) and matrix.campaign.state == CampaignState.ACTIVE
