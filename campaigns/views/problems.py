"""Pages of problems: the list, a new one, and what is done about one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.models import Shop
from accounts.states import Permission
from campaigns.filters.problems import problem_filter
from campaigns.forms.problems import FilesForm, OutcomeForm, ProblemEditForm, ProblemForm, ReopenForm, StepForm
from campaigns.models import Problem, ProblemStep
from campaigns.selectors.problems import handed_count, problem_files_shown, problem_row, problem_rows, problems_shown
from campaigns.selectors.problems import step_text as words_of
from campaigns.services import problems as services
from campaigns.services.collaborations import moves_open_to
from campaigns.states.collaborations import CollaborationState
from campaigns.views.agreements import collaboration_of
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.models import StoredFile
from core.ui import format_number
from core.uploads.handlers import upload_is_too_large
from core.uploads.storage import file_open
from violations.services.evidence import evidence_store

ROWS = 50
DUE_AFTER = timedelta(days=3)


def _own(request: UserRequest, pk: int) -> Problem:
    """A problem that the person may work on."""
    return get_object_or_404(problems_shown(request.user).of_shops_of(request.user), pk=pk)  # type: ignore[attr-defined]


@require_safe
@require(Permission.PLAN_VIEW)
def problem_list(request: UserRequest) -> HttpResponse:
    """Problems of the user's shops, the first due first; for ops those that were handed over."""
    today = timezone.localdate()
    filtered = problem_filter(request.GET, user=request.user, today=today)
    page = Paginator(filtered.qs.order_by("due_on", "pk"), ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    context = {
        "filter": filtered,
        "form": filtered.form,
        "is_handed": bool(filtered.data.get("handed")),
        "page": page,
        "rows": problem_rows(page.object_list, today=today),  # type: ignore[arg-type]
        "handed": handed_count(request.user),
        "may_log": request.user.can(Permission.VIOLATION_LOG),
        "range_text": _("%(start)s–%(end)s of %(total)s") % {name: format_number(one) for name, one in places.items()},
    }
    return render_page(request, "campaigns/problem_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.COLLABORATION_EDIT)
def problem_create(request: UserRequest, pk: int) -> HttpResponse:
    """Raise a problem on a collaboration."""
    collaboration = collaboration_of(request, pk)
    owners = services.owners_of(collaboration.shop)
    now = timezone.now()
    initial = {"owner": collaboration.owner_id, "due_on": timezone.localdate() + DUE_AFTER}
    form = ProblemForm(*_posted(request), owners=owners, initial=initial, is_too_large=upload_is_too_large(request))
    if form.is_valid():
        try:
            values = form.cleaned_data | {"evidence": _stored(request, form.cleaned_data["evidence"])}
            problem = services.problem_raise(collaboration=collaboration, by=request.user, at=now, **values)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Problem raised."))
            return redirect(problem)
    context = {
        "title": _("Raise a problem"),
        "subtitle": str(collaboration),
        "crumbs": [
            (_("Problems"), reverse("problem_list")),
            (str(collaboration), collaboration.get_absolute_url()),
        ],
        "form": form,
        "submit": _("Raise the problem"),
        "cancel_url": collaboration.get_absolute_url(),
        "intro": _("Each kind brings its own next steps; more can be added."),
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)


@require_safe
@require(Permission.PLAN_VIEW)
def problem_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A problem: what happened, what is done about it, how it ended."""
    return _page(request, get_object_or_404(problems_shown(request.user), pk=pk))


def _page(request: UserRequest, problem: Problem, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """The page of a problem; `bound` are forms with what is wrong in them."""
    user, collaboration = request.user, problem.collaboration
    is_own = Shop.objects.visible_to(user).filter(pk=collaboration.shop_id).exists()
    may_work = is_own and user.can(Permission.COLLABORATION_EDIT)
    steps = [(step, words_of(step)) for step in problem.steps.select_related("done_by")]
    context = {
        "problem": problem,
        "collaboration": collaboration,
        "is_own": is_own,
        "row": problem_row(problem, today=timezone.localdate()),
        "steps": steps,
        "steps_done": sum(step.done_at is not None for step, _text in steps),
        "files": problem.files.select_related("file", "added_by"),
        "may_work": may_work and problem.state == "open",
        "may_reopen": may_work and problem.state == "resolved",
        "may_hand": may_work and problem.handed_at is None,
        "may_take_back": may_work and problem.handed_at is not None and problem.entry is None,
        "may_log": user.can(Permission.VIOLATION_LOG) and problem.handed_at is not None and problem.entry is None,
        "edit_form": ProblemEditForm(owners=services.owners_of(collaboration.shop), initial=_initial(problem)),
        "step_form": StepForm(),
        "files_form": FilesForm(),
        "outcome_form": OutcomeForm(**_offers(request, problem)),
        "reopen_form": ReopenForm(initial={"due_on": timezone.localdate() + DUE_AFTER}),
        "open_form": next(iter(bound), ""),
        **bound,
    }
    return render(request, "campaigns/problem_detail.html", context, status=status)


def _initial(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in ("summary", "details", "due_on")} | {"owner": problem.owner_id}


def _offers(request: UserRequest, problem: Problem) -> dict[str, Any]:
    """What ending the problem may bring with it: a drop, and an amount in the plan's currency."""
    collaboration = problem.collaboration
    may_pay = collaboration.accepted_at is not None and request.user.can(Permission.SETTLEMENT_EDIT)
    return {
        "may_drop": CollaborationState.DROPPED in moves_open_to(collaboration),
        "currency": collaboration.plan.currency if may_pay else "",
    }


@require_POST
@require(Permission.COLLABORATION_EDIT)
def problem_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Say it better, give it to somebody else or another day."""
    problem = _own(request, pk)
    form = ProblemEditForm(request.POST, owners=services.owners_of(problem.collaboration.shop))

    def edit(values: dict[str, Any]) -> str:
        services.problem_update(problem=problem, by=request.user, at=timezone.now(), **values)
        return _("Saved.")

    return _act(request, problem, "edit_form", form, edit)


@require_POST
@require(Permission.COLLABORATION_EDIT)
def problem_step_add(request: UserRequest, pk: int) -> HttpResponse:
    """One more step."""
    problem = _own(request, pk)

    def add(values: dict[str, Any]) -> str:
        services.problem_step_add(problem=problem, by=request.user, **values)
        return _("Step added.")

    return _act(request, problem, "step_form", StepForm(request.POST), add)


@require_POST
@require(Permission.COLLABORATION_EDIT)
def problem_step_tick(request: UserRequest, pk: int, step_pk: int) -> HttpResponse:
    """Tick a step off, or take the tick back."""
    problem = _own(request, pk)
    step = get_object_or_404(ProblemStep.objects.select_related("problem"), pk=step_pk, problem=problem)
    services.problem_step_tick(step=step, done=request.POST.get("done") == "yes", by=request.user, at=timezone.now())
    return redirect(problem)


@require_POST
@require(Permission.COLLABORATION_EDIT)
def problem_files_add(request: UserRequest, pk: int) -> HttpResponse:
    """More evidence."""
    problem = _own(request, pk)
    form = FilesForm(*_posted(request), is_too_large=upload_is_too_large(request))

    def add(values: dict[str, Any]) -> str:
        files = _stored(request, values["evidence"])
        services.problem_files_add(problem=problem, files=files, by=request.user, at=timezone.now())
        return _("Files added.")

    return _act(request, problem, "files_form", form, add)


@require_safe
@require(Permission.PLAN_VIEW)
def problem_file(request: UserRequest, pk: int) -> FileResponse:
    """A file of a problem, as an attachment."""
    file = get_object_or_404(problem_files_shown(request.user), pk=pk).file
    response = FileResponse(file_open(file), as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@require(Permission.COLLABORATION_EDIT)
def problem_resolve(request: UserRequest, pk: int) -> HttpResponse:
    """How it ended; with it, the collaboration may be dropped."""
    problem = _own(request, pk)
    form = OutcomeForm(request.POST, **_offers(request, problem))

    def resolve(values: dict[str, Any]) -> str:
        services.problem_resolve(problem=problem, by=request.user, at=timezone.now(), **values)
        return _("Ended, and the collaboration is dropped.") if values.get("drop") else _("Ended.")

    return _act(request, problem, "outcome_form", form, resolve)


@require_POST
@require(Permission.COLLABORATION_EDIT)
def problem_reopen(request: UserRequest, pk: int) -> HttpResponse:
    """It did not end after all."""
    problem = _own(request, pk)

    def reopen(values: dict[str, Any]) -> str:
        services.problem_reopen(problem=problem, by=request.user, at=timezone.now(), **values)
        return _("Open again.")

    return _act(request, problem, "reopen_form", ReopenForm(request.POST), reopen)


@require_POST
@require(Permission.COLLABORATION_EDIT)
def problem_hand(request: UserRequest, pk: int) -> HttpResponse:
    """Hand a breach to ops, or take it back with `back`."""
    problem = _own(request, pk)
    if request.POST.get("back"):
        services.problem_take_back(problem=problem, by=request.user)
        flash(request, _("Taken back: ops do not see it any more."))
    else:
        services.problem_hand(problem=problem, by=request.user, at=timezone.now())
        flash(request, _("Handed to ops with its files."))
    return redirect(problem)


def _act(
    request: UserRequest, problem: Problem, name: str, form: forms.Form, act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Do what the form asks and say so, or show the page again with what is wrong in the form."""
    if form.is_valid():
        try:
            flash(request, act(form.cleaned_data))
        except DomainError as error:
            if not error.fields:
                raise
            add_refusal(form, error)
        else:
            return redirect(problem)
    return _page(request, problem, status=422, **{name: form})


def _posted(request: UserRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _stored(request: UserRequest, uploads: list[Any]) -> list[StoredFile]:
    """The uploads as stored files; a problem that is then refused leaves them to the sweep."""
    return [evidence_store(upload=upload, by=request.user) for upload in uploads]
