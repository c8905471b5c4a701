"""Pages of contents: the review queue and lists, one content with its drafts, its review and what it reached."""

from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.contents import AddForm, ReviewForm, UtmForm
from campaigns.models import Collaboration, Content, ContentResult, ContentRound
from campaigns.rules.utm import utm_link
from campaigns.selectors.contents import (
    RELATED,
    TABS,
    Tab,
    contents_of,
    first_day_of,
    items_of,
    results_by_day,
    rows_of,
    tab_counts,
)
from campaigns.services import drafts, publications, results
from campaigns.states.contents import ContentState, Verdict
from campaigns.views.content_steps import STEPS, steps_offered
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.ui import format_number
from core.uploads.handlers import upload_is_too_large
from core.uploads.storage import file_open

ROWS = 50


def _content(request: UserRequest, pk: int) -> Content:
    return get_object_or_404(Content.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


@require_safe
@require(Permission.PLAN_VIEW)
def content_list(request: UserRequest) -> HttpResponse:
    """The review queue, what waits longest at the top; then what is due, approved, out and over."""
    tab: Tab = next((tab for tab in TABS if tab == request.GET.get("tab")), TABS[0])
    handle = request.GET.get("q", "")
    page = Paginator(contents_of(request.user, tab=tab, handle=handle), ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    context = {
        "tab": tab,
        "tabs": _tabs(request, tab),
        "handle": handle,
        "page": page,
        "rows": rows_of(page, at=timezone.now()),
        "may_review": request.user.can(Permission.CONTENT_REVIEW),
        "may_import": request.user.can(Permission.COLLABORATION_EDIT),
        "range_text": _("%(start)s–%(end)s of %(total)s") % {name: format_number(one) for name, one in places.items()},
    }
    return render_page(request, "campaigns/content_list.html", context)


def _tabs(request: UserRequest, current: str) -> list[dict[str, Any]]:
    labels = {
        "review": _("To review"), "due": _("Due"), "approved": _("Approved, not out"), "published": _("Published"),
        "over": _("Taken down or called off"),
    }  # fmt: skip
    counts = tab_counts(request.user)
    address = reverse("content_list")
    return [
        {"label": labels[tab], "url": f"{address}?tab={tab}", "current": tab == current, "count": counts[tab]}
        for tab in TABS
    ]


@require_safe
@require(Permission.PLAN_VIEW)
def content_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A content: its draft beside the checklist, where it is out, and what it reached."""
    return _page(request, _content(request, pk))


def _page(request: UserRequest, content: Content, *, status: int = 200, **bound: Form) -> HttpResponse:
    """The page of a content; `bound` are forms with what is wrong in them."""
    rounds = list(content.drafts.select_related("file", "submitted_by", "reviewed_by").order_by("-number"))
    draft = rounds[0] if rounds else None
    waits = draft is not None and not draft.verdict and content.state == ContentState.IN_REVIEW
    context = {
        "content": content,
        "row": rows_of([content], at=timezone.now())[0],
        "crumbs": [(_("Content"), reverse("content_list"))],
        "draft": draft,
        "earlier": rounds[1:],
        "items": items_of(draft.checklist) if draft else [],
        "review_form": bound.get("review") or (ReviewForm(draft=draft) if draft and waits else None),
        "may_review": waits and request.user.can(Permission.CONTENT_REVIEW),
        "is_own_draft": draft is not None and draft.submitted_by_id == request.user.pk,
        "steps": _steps(request, content, bound),
        "days": results_by_day(content),
        "first_day": first_day_of(content),
        "moves": content.moves.select_related("by").order_by("-pk"),
        "may_edit": request.user.can(Permission.COLLABORATION_EDIT),
        **_utm(request, content),
    }
    return render(request, "campaigns/content_detail.html", context, status=status)


def _steps(request: UserRequest, content: Content, bound: dict[str, Form]) -> list[dict[str, Any]]:
    if not request.user.can(Permission.COLLABORATION_EDIT):
        return []
    return [
        {
            "name": name,
            "title": step.title,
            "submit": step.submit,
            "url": reverse("content_step", args=[content.pk, name]),
            "form": bound.get(name) or step.form(content=content, auto_id=f"id_{name}_%s"),
            "is_open": name in bound or (content.state in step.main_in and not bound),
            "is_main": content.state in step.main_in,
        }
        for name, step in steps_offered(content).items()
    ]


def _utm(request: UserRequest, content: Content) -> dict[str, Any]:
    """The form for links to other sites, and the link where an address was written."""
    asked = "utm-address" in request.GET
    form = UtmForm(request.GET if asked else None, marks_of=content)
    link = ""
    if form.is_valid():
        marks = {name: form.cleaned_data[name] for name in ("source", "medium", "campaign", "content")}
        link = utm_link(form.cleaned_data["address"], **marks)
    return {"utm_form": form, "utm_link": link}


@require_POST
@require(Permission.COLLABORATION_EDIT)
def content_step(request: UserRequest, pk: int, step: str) -> HttpResponse:
    """Take a step of a content: add a draft, publish, write results and so on."""
    if step not in STEPS:
        raise Http404
    chosen, content = STEPS[step], _content(request, pk)
    extra = {"is_too_large": upload_is_too_large(request)} if step == "draft" else {}
    form = chosen.form(request.POST, request.FILES, content=content, auto_id=f"id_{step}_%s", **extra)
    if form.is_valid():
        try:
            chosen.act(content, request.user, timezone.now(), form)
        except DomainError as error:
            if not error.fields:
                raise
            add_refusal(form, error)
        else:
            flash(request, chosen.done)
            return redirect(content)
    return _page(request, content, status=422, **{step: form})


@require_POST
@require(Permission.CONTENT_REVIEW)
def content_review(request: UserRequest, pk: int, draft_pk: int) -> HttpResponse:
    """Approve a draft or ask for changes."""
    content = _content(request, pk)
    draft = get_object_or_404(content.drafts.all(), pk=draft_pk)
    draft.content = content
    form = ReviewForm(request.POST, draft=draft)
    if form.is_valid():
        try:
            drafts.draft_review(draft=draft, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            if not error.fields:
                raise
            add_refusal(form, error)
        else:
            is_approved = form.cleaned_data["verdict"] == Verdict.APPROVED
            flash(request, _("Draft approved.") if is_approved else _("Changes asked for."))
            return redirect(content)
    return _page(request, content, status=422, review=form)


@require_safe
@require(Permission.PLAN_VIEW)
def content_draft_file(request: UserRequest, pk: int, draft_pk: int) -> FileResponse:
    """The file of a draft, as an attachment."""
    found = ContentRound.objects.filter(content=_content(request, pk), file__isnull=False).select_related("file")
    file = get_object_or_404(found, pk=draft_pk).file
    if file is None:
        raise Http404
    response = FileResponse(file_open(file), as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@require(Permission.COLLABORATION_EDIT)
def content_result_remove(request: UserRequest, pk: int, result_pk: int) -> HttpResponse:
    """Take back a row of results."""
    content = _content(request, pk)
    results.result_remove(result=get_object_or_404(ContentResult.objects.filter(content=content), pk=result_pk))
    flash(request, _("Results taken back."))
    return redirect(content)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.COLLABORATION_EDIT)
def content_add(request: UserRequest, pk: int) -> HttpResponse:
    """One more content than agreed."""
    visible = Collaboration.objects.visible_to(request.user).select_related("plan", "creator")
    collaboration = get_object_or_404(visible, pk=pk)
    form = AddForm(request.POST or None)
    if form.is_valid():
        try:
            content = publications.content_add(
                collaboration=collaboration, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Content added."))
            return redirect(content)
    context = {
        "title": _("Add a content of %(creator)s") % {"creator": collaboration.creator},
        "form": form,
        "submit": _("Add the content"),
        "cancel_url": collaboration.get_absolute_url(),
        "crumbs": [(_("Content"), reverse("content_list"))],
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)
