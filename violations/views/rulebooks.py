"""Pages of rule books: the list, a book with its changes and history, drafting and publishing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require
from core.ui import format_number
from violations.forms.rulebooks import DraftForm, ParametersForm, midnight_after
from violations.models import Milestone, RuleBook
from violations.selectors.rulebook_words import (
    ToldDifferences,
    history_of,
    milestone_words,
    moment_words,
    strike_words,
    told_differences,
)
from violations.selectors.rulebooks import (
    books_in_force,
    differences_between,
    draft_of,
    listed,
    look_of,
    parameters_of,
    rules_by_severity,
    version_before,
)
from violations.services import rulebooks as services
from violations.states import BookState

TABS = ("rules", "changes", "history")


def book_or_404(request: UserRequest, pk: int) -> RuleBook:
    """The book that the address names."""
    related = ("market", "created_by", "published_by")
    return get_object_or_404(RuleBook.objects.visible_to(request.user).select_related(*related), pk=pk)


def book_crumbs(book: RuleBook | None = None) -> list[tuple[str, str]]:
    """The way to the list, or to a book."""
    crumbs = [(_("Rules"), reverse("rulebook_list"))]
    return [*crumbs, (str(book), book.get_absolute_url())] if book else crumbs


@require_safe
@require(Permission.VIOLATION_VIEW)
def rulebook_list(request: UserRequest) -> HttpResponse:
    """Every version of every book, and which are in force now."""
    return render(request, "violations/rulebook_list.html", {"books": listed(request.user, at=timezone.now())})


@require_safe
@require(Permission.VIOLATION_VIEW)
def rulebook_detail(request: UserRequest, pk: int) -> HttpResponse:
    """What a book says, how it differs from the version before, and who did what to it."""
    book, now = book_or_404(request, pk), timezone.now()
    before = version_before(book)
    changes = told_differences(differences_between(before, book), is_computed=book.is_computed) if before else None
    tab = request.GET.get("tab")
    tab = tab if tab in TABS and (before or tab != "changes") else TABS[0]
    is_draft = book.state == BookState.DRAFT
    context = {
        "book": book,
        "before": before,
        "look": look_of(book, books_in_force(at=now), at=now),
        "crumbs": book_crumbs(),
        "tab": tab,
        "tabs": _tabs(book, tab, changes),
        "changes": changes,
        "history": history_of(book) if tab == "history" else [],
        "groups": rules_by_severity(book),
        "milestones": _milestones(book),
        "bands": book.bands.all(),
        "facts": _facts(book),
        "draft": None if is_draft else draft_of(book),
        "may_draft": request.user.can(Permission.RULEBOOK_DRAFT),
        "may_edit": is_draft and request.user.can(Permission.RULEBOOK_DRAFT),
        "may_publish": is_draft and request.user.can(Permission.RULEBOOK_PUBLISH),
    }
    return render(request, "violations/rulebook_detail.html", context)


def _tabs(book: RuleBook, current: str, changes: ToldDifferences | None) -> list[dict[str, Any]]:
    labels = {"rules": (_("Rules"), book.rules.count()), "history": (_("History"), None)}
    if changes is not None:
        labels["changes"] = (_("Changes"), changes.count)
    return [
        {"label": label, "count": count, "url": f"{book.get_absolute_url()}?tab={tab}", "current": tab == current}
        for tab in TABS
        if tab in labels
        for label, count in [labels[tab]]
    ]


def _milestones(book: RuleBook) -> list[tuple[Milestone, str]]:
    """The milestones in the order in which they are reached, each with what it does."""
    return [
        (
            one,
            one.text
            or milestone_words(
                features=one.features, days=one.days, blocks_seats=one.blocks_seats, is_computed=book.is_computed
            ),
        )
        for one in book.milestones.order_by("threshold" if book.is_computed else "-threshold")
    ]


def _facts(book: RuleBook) -> list[tuple[str, str]]:
    """The parameters of the book in words; of an imported rating those that the platform names."""
    rows = [(_("In force from"), moment_words(book.effective_from)), (_("Market"), _market(book))]
    repeats = _("the same rule %(count)s times in %(days)s days")
    repeats %= {"count": book.repeat_count, "days": book.repeat_days}
    if not book.is_computed:
        appeal = ngettext("%(days)s day after enforcement", "%(days)s days after enforcement", book.appeal_days)
        return [*rows, (_("Appeal"), appeal % {"days": book.appeal_days}), (_("Repeat offence"), repeats)]
    appeal = ngettext("%(days)s day after the notice", "%(days)s days after the notice", book.appeal_days)
    decision = ngettext("%(days)s working day", "%(days)s working days", book.decision_days)
    return [
        *rows,
        (_("Strikes"), strike_words(book)),
        (_("Appeal"), appeal % {"days": book.appeal_days}),
        (_("Time to decide"), decision % {"days": book.decision_days}),
        (_("Repeat offence"), repeats),
    ]


def _market(book: RuleBook) -> str:
    return str(book.market) if book.market else _("All markets")


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.RULEBOOK_DRAFT)
def rulebook_draft(request: UserRequest, pk: int) -> HttpResponse:
    """Copy a book into a draft of its next version."""
    book = book_or_404(request, pk)
    offers_markets = book.is_computed and book.market is None
    initial = {"effective_from": midnight_after(timezone.now())}
    form = DraftForm(request.POST or None, initial=initial, offers_markets=offers_markets)
    if form.is_valid():
        try:
            draft = services.rulebook_draft(book=book, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("%(book)s is a draft. Nothing changes until it is published.") % {"book": draft})
            return redirect(draft)
    context = {
        "title": _("New version of %(book)s") % {"book": book},
        "intro": _("Copies every rule and milestone into a draft. Entries keep the version that they were logged by."),
        "form": form,
        "submit": _("Create the draft"),
        "note": _times_note(),
        "cancel_url": book.get_absolute_url(),
        "crumbs": book_crumbs(book),
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.RULEBOOK_DRAFT)
def rulebook_edit(request: UserRequest, pk: int) -> HttpResponse:
    """The parameters of a draft."""
    book = book_or_404(request, pk)
    services.check_draft(book)
    form = ParametersForm(request.POST or None, parameters=parameters_of(book), is_computed=book.is_computed)
    if form.is_valid():
        try:
            services.rulebook_update(book=book, values=form.values(), by=request.user, at=timezone.now())
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved %(book)s.") % {"book": book})
            return redirect(book)
    context = {
        "title": _("Parameters of %(book)s") % {"book": book},
        "form": form,
        "submit": _("Save"),
        "note": _times_note(),
        "cancel_url": book.get_absolute_url(),
        "crumbs": book_crumbs(book),
    }
    return render(request, "components/form_page.html", context)


def _times_note() -> str:
    return _("Times in %(zone)s") % {"zone": timezone.get_current_timezone_name()}


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.RULEBOOK_PUBLISH)
def rulebook_publish(request: UserRequest, pk: int) -> HttpResponse:
    """Say what will happen and from when, then publish."""
    book = book_or_404(request, pk)
    services.check_draft(book)
    if request.method == "POST":
        services.rulebook_publish(book=book, by=request.user, at=timezone.now())
        flash(request, _("Published %(book)s.") % {"book": book})
        return redirect(book)
    before = version_before(book)
    changes = told_differences(differences_between(before, book), is_computed=book.is_computed) if before else None
    context = {
        "book": book,
        "before": before,
        "changes": changes,
        "effects": _effects(book, before),
        "crumbs": book_crumbs(book),
    }
    return render(request, "violations/rulebook_publish.html", context)


def _effects(book: RuleBook, before: RuleBook | None) -> list[str]:
    """What publishing brings about, in sentences."""
    start = {"instant": moment_words(book.effective_from), "market": book.market, "book": before}
    here = _("From %(instant)s on it applies to what happens in this market: %(market)s.")
    everywhere = _("From %(instant)s on it applies to what happens in all markets without a book of their own.")
    lines = [(here if book.market else everywhere) % start]
    if before:
        lines.append(_("Until then %(book)s applies; entries logged by it keep its rules and points.") % start)
    return [
        *lines,
        _("Its milestones apply to entries recorded from then on. Publishing itself withdraws and lifts nothing."),
        _("A published book never changes. A mistake is corrected by the next version."),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.RULEBOOK_DRAFT)
def rulebook_discard(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then delete the draft."""
    book = book_or_404(request, pk)
    services.check_draft(book)
    if request.method == "POST":
        services.rulebook_discard(book=book, by=request.user)
        flash(request, _("Discarded %(book)s.") % {"book": book})
        return redirect("rulebook_list")
    size = book.rules.count()
    text = ngettext(
        "The draft with its %(count)s rule is deleted. Published versions stay.",
        "The draft with its %(count)s rules is deleted. Published versions stay.",
        size,
    )
    context = {
        "title": _("Discard %(book)s") % {"book": book},
        "text": text % {"count": format_number(size)},
        "submit": _("Discard the draft"),
        "danger": True,
        "cancel_url": book.get_absolute_url(),
        "crumbs": book_crumbs(book),
    }
    return render(request, "components/confirm_page.html", context)
