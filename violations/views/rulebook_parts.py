"""Pages of a draft's rules and milestones."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require
from violations.forms.rulebooks import MilestoneForm, RuleForm
from violations.models import Milestone, Rule, RuleBook
from violations.selectors.rulebooks import milestone_values, rule_values
from violations.services import rulebooks as services
from violations.views.rulebooks import book_crumbs, book_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.RULEBOOK_DRAFT)
def rule_create(request: UserRequest, pk: int) -> HttpResponse:
    """Add a rule to a draft."""
    return _rule_page(request, book_or_404(request, pk), None, _("New rule"))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.RULEBOOK_DRAFT)
def rule_edit(request: UserRequest, pk: int, rule_pk: int) -> HttpResponse:
    """Change a rule of a draft."""
    book = book_or_404(request, pk)
    rule = get_object_or_404(book.rules, pk=rule_pk)
    return _rule_page(request, book, rule, _("Edit the rule %(title)s") % {"title": rule.title})


def _rule_page(request: UserRequest, book: RuleBook, rule: Rule | None, title: str) -> HttpResponse:
    services.check_draft(book)
    form = RuleForm(request.POST or None, rule=rule_values(rule) if rule else None)
    if form.is_valid():
        try:
            saved = services.rule_save(book=book, values=form.values(), by=request.user, rule=rule)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved the rule %(title)s.") % {"title": saved.title})
            return redirect(book)
    context = {
        "title": title,
        "form": form,
        "submit": _("Save the rule"),
        "note": _("Both languages are needed before the book is published."),
        "cancel_url": book.get_absolute_url(),
        "crumbs": book_crumbs(book),
    }
    return render(request, "components/form_page.html", context)


@require_POST
@require(Permission.RULEBOOK_DRAFT)
def rule_delete(request: UserRequest, pk: int, rule_pk: int) -> HttpResponse:
    """Take a rule out of a draft."""
    book = book_or_404(request, pk)
    rule = get_object_or_404(book.rules.select_related("book"), pk=rule_pk)
    services.rule_delete(rule=rule, by=request.user)
    flash(request, _("Removed the rule %(title)s.") % {"title": rule.title})
    return redirect(book)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.RULEBOOK_DRAFT)
def milestone_create(request: UserRequest, pk: int) -> HttpResponse:
    """Add a milestone to a draft."""
    return _milestone_page(request, book_or_404(request, pk), None, _("New milestone"))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.RULEBOOK_DRAFT)
def milestone_edit(request: UserRequest, pk: int, milestone_pk: int) -> HttpResponse:
    """Change a milestone of a draft."""
    book = book_or_404(request, pk)
    milestone = get_object_or_404(book.milestones, pk=milestone_pk)
    title = _("Edit the milestone at %(threshold)s") % {"threshold": milestone.threshold}
    return _milestone_page(request, book, milestone, title)


def _milestone_page(request: UserRequest, book: RuleBook, milestone: Milestone | None, title: str) -> HttpResponse:
    services.check_draft(book)
    form = MilestoneForm(request.POST or None, milestone=milestone_values(milestone) if milestone else None)
    if form.is_valid():
        try:
            saved = services.milestone_save(book=book, values=form.values(), by=request.user, milestone=milestone)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved the milestone at %(threshold)s.") % {"threshold": saved.threshold})
            return redirect(book)
    context = {
        "title": title,
        "form": form,
        "submit": _("Save the milestone"),
        "cancel_url": book.get_absolute_url(),
        "crumbs": book_crumbs(book),
    }
    return render(request, "components/form_page.html", context)


@require_POST
@require(Permission.RULEBOOK_DRAFT)
def milestone_delete(request: UserRequest, pk: int, milestone_pk: int) -> HttpResponse:
    """Take a milestone out of a draft."""
    book = book_or_404(request, pk)
    milestone = get_object_or_404(book.milestones.select_related("book"), pk=milestone_pk)
    services.milestone_delete(milestone=milestone, by=request.user)
    flash(request, _("Removed the milestone at %(threshold)s.") % {"threshold": milestone.threshold})
    return redirect(book)
