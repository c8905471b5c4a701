"""The page of one case and what is done on it; measures and lifts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require
from core.uploads.handlers import upload_is_too_large
from creators.models import Creator
from violations.forms.blacklist import TOO_LARGE
from violations.forms.entries import LiftForm, MeasureForm, NoticeForm, ReasonForm, RequestDecisionForm, notice_wish
from violations.models import LedgerEntry, Notice, ReversalRequest
from violations.selectors.cases import RELATED, case_of
from violations.selectors.notices import address_of
from violations.services.appeals import appeal_refusal
from violations.services.evidence import evidence_store
from violations.services.ledger import details_erase, measure_take, restriction_lift
from violations.services.notices import notice_confirm as confirm
from violations.services.notices import notice_resend as resend
from violations.services.notices import notice_wish_give
from violations.services.reversals import reversal_decide as decide
from violations.services.reversals import reversal_propose as propose

Act = Callable[[dict[str, Any]], HttpResponse]


def _entry(request: UserRequest, pk: int) -> LedgerEntry:
    return get_object_or_404(LedgerEntry.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


@require_safe
@require(Permission.VIOLATION_VIEW)
def entry_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A case: what happened, what follows, who was told, and its link in the chain."""
    entry, now, user = _entry(request, pk), timezone.now(), request.user
    case = case_of(entry, user, at=now)
    may_log = user.can(Permission.VIOLATION_LOG)
    request_open = case.open_request
    context = {
        "case": case,
        "entry": entry,
        "counts": case.counts(now),
        "may_log": may_log,
        "may_appeal": user.can(Permission.APPEAL_FILE) and appeal_refusal(entry=entry, at=now) is None,
        "may_propose": may_log and entry.kind == "violation" and case.reversal is None and request_open is None,
        "may_decide": may_log and request_open is not None and request_open.proposed_by_id != user.pk,
        "may_erase": user.can(Permission.VIOLATION_ERASE) and case.details.erased_at is None,
        "decision_form": RequestDecisionForm(),
        "crumbs": [(_("Violations"), reverse("violation_desk"))],
    }
    return render(request, "violations/entry_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.VIOLATION_LOG)
def notice_create(request: UserRequest, pk: int) -> HttpResponse:
    """Tell the creator of an entry, by mail or with a proof."""
    entry = _entry(request, pk)
    address = address_of(entry.creator, shop=entry.shop, user=request.user)
    form = NoticeForm(*_posted(request), initial={"channel": "mail", "address": address})

    def give(given: dict[str, Any]) -> HttpResponse:
        stored = _stored(request, given["proof"])
        wish = notice_wish(given, stored[0] if stored else None)
        notice_wish_give(entry=entry, wish=wish, by=request.user, at=timezone.now())
        flash(request, _("The notice is on its way.") if given["channel"] == "mail" else _("Notice recorded."))
        return redirect(entry)

    title = _("Tell the creator of %(case)s") % {"case": entry.case}
    return _form_page(request, form, give, title=title, submit=_("Give the notice"), entry=entry)


@require_POST
@require(Permission.VIOLATION_LOG)
def notice_confirm(request: UserRequest, pk: int) -> HttpResponse:
    """The unsure mail is in the mailbox."""
    notice = _notice(request, pk)
    confirm(notice=notice, by=request.user, at=timezone.now())
    flash(request, _("Marked as sent. The time to appeal runs from now."))
    return redirect(notice.entry)


@require_POST
@require(Permission.VIOLATION_LOG)
def notice_resend(request: UserRequest, pk: int) -> HttpResponse:
    """Send a mail again that failed or never left."""
    notice = _notice(request, pk)
    resend(notice=notice, by=request.user, at=timezone.now())
    flash(request, _("The notice is on its way."))
    return redirect(notice.entry)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.VIOLATION_LOG)
def reversal_propose(request: UserRequest, pk: int) -> HttpResponse:
    """Say what was wrong about an entry; a second person takes it back."""
    entry = _entry(request, pk)
    form = ReasonForm(request.POST or None)

    def ask(given: dict[str, Any]) -> HttpResponse:
        propose(entry=entry, by=request.user, at=timezone.now(), **given)
        flash(request, _("Proposed. A second person confirms the reversal."))
        return redirect(entry)

    title = _("Reverse %(case)s as our own mistake") % {"case": entry.case}
    return _form_page(request, form, ask, title=title, submit=_("Propose the reversal"), entry=entry)


@require_POST
@require(Permission.VIOLATION_LOG)
def reversal_decide(request: UserRequest, pk: int) -> HttpResponse:
    """Confirm or refuse a reversal that somebody else proposed."""
    entries = LedgerEntry.objects.visible_to(request.user)
    asked = get_object_or_404(ReversalRequest.objects.filter(entry__in=entries).select_related("entry"), pk=pk)
    is_confirmed = request.POST.get("decision") == "confirm"
    note = request.POST.get("note", "")[:2_000]
    decide(request=asked, confirm=is_confirmed, note=note, by=request.user, at=timezone.now())
    flash(request, _("Entry reversed.") if is_confirmed else _("Reversal refused."))
    return redirect(asked.entry)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.VIOLATION_ERASE)
def entry_erase(request: UserRequest, pk: int) -> HttpResponse:
    """Erase what an entry says in words and files; its numbers and hashes stay."""
    entry = _entry(request, pk)
    if request.method == "POST":
        details_erase(entry=entry, by=request.user, at=timezone.now())
        flash(request, _("Texts and files erased. The chain still verifies."))
        return redirect(entry)
    context = {
        "title": _("Erase the texts of %(case)s") % {"case": entry.case},
        "text": _(
            "Notes, content link, reason, notice texts and addresses, and evidence files go for good. "
            "Points, dates and hashes stay, and the chain still verifies."
        ),
        "submit": _("Erase texts and files"),
        "danger": True,
        "cancel_url": entry.get_absolute_url(),
        "crumbs": _crumbs(entry),
    }
    return render(request, "components/confirm_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.VIOLATION_LOG)
def measure_create(request: UserRequest) -> HttpResponse:
    """Take a measure beside the points against the creator of the address."""
    creator = _creator(request)
    form = MeasureForm(*_posted(request), user=request.user)

    def take(given: dict[str, Any]) -> HttpResponse:
        evidence = _stored(request, given.pop("evidence"))
        entry = measure_take(creator=creator, evidence=evidence, by=request.user, at=timezone.now(), **given)
        flash(request, _("Recorded as %(case)s.") % {"case": entry.case})
        return redirect(entry)

    title = _("Take a measure against @%(handle)s") % {"handle": creator.handle}
    return _form_page(request, form, take, title=title, submit=_("Record the measure"), creator=creator)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.RESTRICTION_LIFT)
def lift_create(request: UserRequest) -> HttpResponse:
    """Give features back to the creator of the address, before their time."""
    creator = _creator(request)
    form = LiftForm(*_posted(request))

    def lift(given: dict[str, Any]) -> HttpResponse:
        evidence = _stored(request, given.pop("evidence"))
        entry = restriction_lift(creator=creator, evidence=evidence, by=request.user, at=timezone.now(), **given)
        flash(request, _("Recorded as %(case)s.") % {"case": entry.case})
        return redirect(entry)

    title = _("Lift restrictions of @%(handle)s") % {"handle": creator.handle}
    return _form_page(request, form, lift, title=title, submit=_("Lift now"), creator=creator)


def _notice(request: UserRequest, pk: int) -> Notice:
    entries = LedgerEntry.objects.visible_to(request.user)
    return get_object_or_404(Notice.objects.filter(entry__in=entries).select_related("entry"), pk=pk)


def _creator(request: UserRequest) -> Creator:
    key = request.GET.get("creator", "")
    found = Creator.objects.visible_to(request.user).select_related("market")
    return get_object_or_404(found, pk=key if key.isdecimal() and len(key) < 19 else None)


def _form_page(
    request: UserRequest,
    form: forms.Form,
    act: Act,
    *,
    title: str,
    submit: str,
    entry: LedgerEntry | None = None,
    creator: Creator | None = None,
) -> HttpResponse:
    """Do what the form asks, or show it with what is wrong."""
    if upload_is_too_large(request):
        form.add_error(None, TOO_LARGE)
    if form.is_valid():
        try:
            return act(dict(form.cleaned_data))
        except DomainError as error:
            add_refusal(form, error)
    context = {
        "title": title,
        "form": form,
        "submit": submit,
        "multipart": True,
        "cancel_url": (entry or creator).get_absolute_url(),  # type: ignore[union-attr]
        "crumbs": _crumbs(entry) if entry else [(str(creator), creator.get_absolute_url())],  # type: ignore[union-attr]
        "note": _("An entry cannot be edited. A mistake is corrected by a reversal.") if creator else "",
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)


def _crumbs(entry: LedgerEntry) -> list[tuple[str, str]]:
    return [(_("Violations"), reverse("violation_desk")), (entry.case, entry.get_absolute_url())]


def _posted(request: UserRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _stored(request: UserRequest, uploads: list[Any]) -> list[Any]:
    """The uploads as stored files; those of a refused form are left to the sweep."""
    return [evidence_store(upload=upload, by=request.user) for upload in uploads]
