"""The page on which ops log the violation of a breach that a shop handed over."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.problems import BreachForm
from campaigns.models import Problem
from campaigns.selectors.problems import problems_shown
from campaigns.services.breaches import problem_log as log
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require
from violations.forms.entries import PreviewForm
from violations.models import LedgerEntry
from violations.selectors.drafts import Draft, draft_of
from violations.services.cases import Incident


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.VIOLATION_LOG)
def problem_log(request: UserRequest, pk: int) -> HttpResponse:
    """Log the violation; every button but that one shows the form again with what follows from it."""
    waiting = problems_shown(request.user).filter(handed_at__isnull=False)
    problem = get_object_or_404(waiting, pk=pk)
    if problem.entry is not None:
        return redirect(problem.entry)
    draft = _draft(request, problem)
    files = list(problem.files.select_related("file"))
    if request.method != "POST" or request.POST.get("action") != "log":
        form = BreachForm(initial=_written(request, problem), draft=draft, files=files)
        return _page(request, problem, form, draft)
    form = BreachForm(request.POST, draft=draft, files=files)
    if form.is_valid() and (entry := _logged(request, problem, form)):
        text = ngettext("Logged as %(case)s: %(points)s point.", "Logged as %(case)s: %(points)s points.", entry.points)
        flash(request, text % {"case": entry.case, "points": entry.points})
        return redirect(entry)
    return _page(request, problem, form, draft, status=422)


def _draft(request: UserRequest, problem: Problem) -> Draft:
    data = request.POST if request.method == "POST" else request.GET
    written = PreviewForm(data, user=request.user).written()
    known = {"creator": problem.collaboration.creator, "shop": problem.collaboration.shop, "creator_text": ""}
    return draft_of(user=request.user, at=timezone.now(), **written | known)


def _written(request: UserRequest, problem: Problem) -> dict[str, Any]:
    """The form as it was written, else what the problem says."""
    if request.method == "POST":
        return request.POST.dict() | {"evidence": request.POST.getlist("evidence")}
    internal = "\n\n".join(filter(None, (problem.summary, problem.details)))[:2_000]
    return {
        "effective_at": timezone.localtime(problem.raised_at),
        "internal_note": internal,
        "evidence": list(problem.files.values_list("pk", flat=True)),
    }


def _logged(request: UserRequest, problem: Problem, form: BreachForm) -> LedgerEntry | None:
    """The new entry; None when a rule refused it, which the form then says."""
    values = dict(form.cleaned_data)
    files = values.pop("evidence", [])
    incident = Incident(creator=problem.collaboration.creator, **values)
    try:
        return log(problem=problem, incident=incident, files=files, by=request.user, at=timezone.now())
    except DomainError as error:
        if error.code in ("not_handed", "logged_already"):
            raise
        add_refusal(form, error)
        return None


def _page(request: UserRequest, problem: Problem, form: BreachForm, draft: Draft, *, status: int = 200) -> HttpResponse:
    context = {
        "problem": problem,
        "form": form,
        "draft": draft,
        "crumbs": [
            (_("Problems"), f"{reverse('problem_list')}?handed=1"),
            (problem.summary, problem.get_absolute_url()),
        ],
    }
    return render_page(request, "campaigns/problem_log.html", context, status=status)
