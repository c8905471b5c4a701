"""Pages of appeals."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission, RoleCode
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.models import StoredFile
from core.ui import format_number
from core.uploads.handlers import upload_is_too_large
from core.uploads.storage import file_open
from violations.forms.appeals import (
    AnswerForm,
    AppealFilterForm,
    AppealForm,
    AssignForm,
    DecisionForm,
    QuestionForm,
    WithdrawalForm,
)
from violations.models import Appeal, LedgerEntry
from violations.querysets import evidence_visible_to
from violations.selectors.appeals import (
    appeal_evidence_shown,
    appeal_until,
    appeals_narrowed,
    appeals_shown,
    closed_newest,
    counts_of,
    reviewers_of,
    rows_of,
    steps_of,
)
from violations.selectors.effects import effect_of
from violations.selectors.outcomes import outcome_tables, rule_titles
from violations.services import appeals as services
from violations.services.evidence import evidence_store
from violations.states import AppealState

ROWS = 50


def _appeal(request: UserRequest, pk: int) -> Appeal:
    return get_object_or_404(appeals_shown(request.user), pk=pk)


def _tabs(current: str, open_count: int) -> list[dict[str, Any]]:
    address = reverse("appeal_list")
    return [
        {"label": pgettext("appeals", "To decide"), "url": address, "current": current == "open", "count": open_count},
        {"label": _("Closed appeals"), "url": f"{address}?tab=closed", "current": current == "closed"},
        {"label": _("Outcomes"), "url": reverse("appeal_outcomes"), "current": current == "outcomes"},
    ]


@require_safe
@require(Permission.VIOLATION_VIEW)
def appeal_list(request: UserRequest) -> HttpResponse:
    """Open appeals, least time left first, or the closed ones; market, rule and "only mine" narrow them."""
    now, tab = timezone.now(), "closed" if request.GET.get("tab") == "closed" else "open"
    form = AppealFilterForm(request.GET, rules=list(rule_titles().items()))
    wanted = form.cleaned_data if form.is_valid() else {}
    found = appeals_narrowed(
        appeals_shown(request.user),
        market=wanted["market"].pk if wanted.get("market") else "",
        rule_code=wanted.get("rule", ""),
        reviewer=request.user if wanted.get("mine") else None,
    )
    found = closed_newest(found) if tab == "closed" else found.open().by_time_left()
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    counts = counts_of(request.user, at=now)
    context = {
        "tab": tab,
        "tabs": _tabs(tab, counts["open"]),
        "counts": counts,
        "form": form,
        "only_mine": bool(wanted.get("mine")),
        "is_filtered": any(wanted.values()),
        "page": page,
        "rows": rows_of(page, user=request.user, at=now),
        "may_decide": request.user.can(Permission.APPEAL_DECIDE),
        "range_text": _("%(start)s–%(end)s of %(total)s") % {name: format_number(one) for name, one in places.items()},
    }
    return render_page(request, "violations/appeal_list.html", context)


@require_safe
@require(Permission.VIOLATION_VIEW)
def appeal_outcomes(request: UserRequest) -> HttpResponse:
    """The rate of overturned entries for each rule, logger and market."""
    tabs = _tabs("outcomes", counts_of(request.user, at=timezone.now())["open"])
    context = {"tabs": tabs, "tables": outcome_tables(request.user)}
    return render(request, "violations/appeal_outcomes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.APPEAL_FILE)
def appeal_create(request: UserRequest, pk: int) -> HttpResponse:
    """File an appeal against an entry for the creator."""
    related = ("creator__market", "rule__book", "judged_by", "shop", "recorded_by", "details")
    visible = LedgerEntry.objects.visible_to(request.user).violations()
    entry = get_object_or_404(visible.select_related(*related), pk=pk)
    now = timezone.now()
    form = AppealForm(*_posted(request), is_too_large=upload_is_too_large(request))
    if form.is_valid():
        try:
            files = _stored(request, form.cleaned_data["evidence"])
            appeal = services.appeal_file(
                entry=entry, statement=form.cleaned_data["statement"], evidence=files, by=request.user, at=now
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Appeal against %(case)s filed.") % {"case": entry.case})
            return redirect(appeal)
    context = {
        "entry": entry,
        "form": form,
        "until": appeal_until(entry),
        "refusal": services.appeal_refusal(entry=entry, at=now),
        "earlier": entry.appeals.all(),
    }
    return render(request, "violations/appeal_create.html", context, status=422 if form.errors else 200)


@require_safe
@require(Permission.VIOLATION_VIEW)
def appeal_detail(request: UserRequest, pk: int) -> HttpResponse:
    """An appeal: what is said, what proves it, the entry beside it, and what overturning does."""
    return _page(request, _appeal(request, pk))


def _page(request: UserRequest, appeal: Appeal, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """The page of an appeal; `bound` are forms with what is wrong in them."""
    now, user, entry = timezone.now(), request.user, appeal.entry
    decides = appeal.is_open and user.can(Permission.APPEAL_DECIDE)
    refusal = _reviewer_refusal(request, appeal) if decides else ""
    may_open = appeal_evidence_shown(user).filter(appeal=appeal).exists()
    context = {
        "appeal": appeal,
        "entry": entry,
        "crumbs": [(_("Appeals"), reverse("appeal_list"))],
        "row": rows_of([appeal], user=user, at=now)[0],
        "until": appeal_until(entry),
        "effect": effect_of(entry, at=now),
        "reversal": entry.reversals.first(),
        "files": appeal.evidence.select_related("file", "added_by"),
        "may_open": may_open,
        "entry_files": entry.evidence.select_related("file"),
        "may_open_entry": evidence_visible_to(entry.evidence.all(), user).exists(),
        "steps": steps_of(appeal, with_addresses=user.can(Permission.APPEAL_DECIDE)),
        "others": entry.appeals.exclude(pk=appeal.pk),
        "refusal": refusal,
        "may_decide": decides and not refusal,
        "may_claim": decides and not refusal and appeal.assigned_to is None,
        "may_assign": decides,
        "may_ask": decides and not refusal and appeal.state != AppealState.EVIDENCE_ASKED,
        "may_answer": appeal.state == AppealState.EVIDENCE_ASKED and user.can(Permission.APPEAL_FILE),
        "may_withdraw": appeal.is_open and _may_withdraw(request, appeal),
        "decision_form": DecisionForm(),
        "question_form": QuestionForm(),
        "answer_form": AnswerForm(),
        "withdrawal_form": WithdrawalForm(),
        "assign_form": AssignForm(reviewers=reviewers_of(appeal, at=now), initial={"reviewer": appeal.assigned_to}),
        "open_form": next(iter(bound), ""),
        **bound,
    }
    return render(request, "violations/appeal_detail.html", context, status=status)


def _reviewer_refusal(request: UserRequest, appeal: Appeal) -> str:
    """Why this person does not decide this appeal, "" when they may."""
    try:
        services.reviewer_check(appeal=appeal, reviewer=request.user, at=timezone.now())
    except DomainError as error:
        return str(error)
    return ""


def _may_withdraw(request: UserRequest, appeal: Appeal) -> bool:
    is_admin = request.user.role == RoleCode.ADMIN
    return request.user.can(Permission.APPEAL_FILE) and (is_admin or appeal.filed_by == request.user)


@require_POST
@require(Permission.APPEAL_DECIDE)
def appeal_claim(request: UserRequest, pk: int) -> HttpResponse:
    """Take the appeal under review oneself."""
    appeal = _appeal(request, pk)
    services.appeal_claim(appeal=appeal, by=request.user, at=timezone.now())
    flash(request, _("%(case)s is yours to decide.") % {"case": appeal.entry.case})
    return redirect(appeal)


@require_POST
@require(Permission.APPEAL_DECIDE)
def appeal_assign(request: UserRequest, pk: int) -> HttpResponse:
    """Give the appeal to a reviewer."""
    appeal = _appeal(request, pk)
    form = AssignForm(request.POST, reviewers=reviewers_of(appeal, at=timezone.now()))

    def assign(values: dict[str, Any]) -> str:
        services.appeal_assign(appeal=appeal, by=request.user, at=timezone.now(), **values)
        return _("Assigned to %(name)s.") % {"name": values["reviewer"]}

    return _act(request, appeal, "assign_form", form, assign)


@require_POST
@require(Permission.APPEAL_DECIDE)
def appeal_ask(request: UserRequest, pk: int) -> HttpResponse:
    """Ask the creator for evidence."""
    appeal = _appeal(request, pk)

    def ask(values: dict[str, Any]) -> str:
        services.appeal_ask(appeal=appeal, by=request.user, at=timezone.now(), **values)
        return _("Asked. The time to decide runs on.")

    return _act(request, appeal, "question_form", QuestionForm(request.POST), ask)


@require_POST
@require(Permission.APPEAL_FILE)
def appeal_answer(request: UserRequest, pk: int) -> HttpResponse:
    """Answer what was asked, for the creator."""
    appeal = _appeal(request, pk)
    form = AnswerForm(*_posted(request), is_too_large=upload_is_too_large(request))

    def answer(values: dict[str, Any]) -> str:
        files = _stored(request, values["evidence"])
        services.appeal_answer(
            appeal=appeal, statement=values["statement"], evidence=files, by=request.user, at=timezone.now()
        )
        return _("Answered. The appeal is under review again.")

    return _act(request, appeal, "answer_form", form, answer)


@require_POST
@require(Permission.APPEAL_DECIDE)
def appeal_decide(request: UserRequest, pk: int) -> HttpResponse:
    """Uphold or overturn the entry."""
    appeal = _appeal(request, pk)

    def decide(values: dict[str, Any]) -> str:
        services.appeal_decide(appeal=appeal, by=request.user, at=timezone.now(), **values)
        return _decided_text(appeal.entry, is_overturned=values["overturn"])

    return _act(request, appeal, "decision_form", DecisionForm(request.POST), decide)


def _decided_text(entry: LedgerEntry, *, is_overturned: bool) -> str:
    if not is_overturned:
        return _("%(case)s upheld.") % {"case": entry.case}
    effect = effect_of(entry, at=timezone.now())
    names = {"case": entry.case, "before": effect.before.balance, "after": effect.after.balance}
    return _("%(case)s overturned: the balance goes from %(before)s to %(after)s.") % names


@require_POST
@require(Permission.APPEAL_FILE)
def appeal_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Take the appeal back."""
    appeal = _appeal(request, pk)

    def withdraw(values: dict[str, Any]) -> str:
        services.appeal_withdraw(appeal=appeal, by=request.user, at=timezone.now(), **values)
        return _("Appeal withdrawn.")

    return _act(request, appeal, "withdrawal_form", WithdrawalForm(request.POST), withdraw)


def _act(
    request: UserRequest, appeal: Appeal, name: str, form: forms.Form, act: Callable[[dict[str, Any]], str]
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
            return redirect(appeal)
    return _page(request, appeal, status=422, **{name: form})


@require_safe
@require(Permission.VIOLATION_VIEW)
def appeal_evidence(request: UserRequest, pk: int) -> FileResponse:
    """A file of an appeal, as an attachment, for deciders, ops, the filer and the entry's shop."""
    file = get_object_or_404(appeal_evidence_shown(request.user).select_related("file"), pk=pk).file
    response = FileResponse(file_open(file), as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _posted(request: UserRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _stored(request: UserRequest, uploads: list[Any]) -> list[StoredFile]:
    """The uploads as stored files; an appeal that is then refused leaves them to the sweep."""
    return [evidence_store(upload=upload, by=request.user) for upload in uploads]
