"""Pages of samples."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.samples import BulkShipForm, RequestForm
from campaigns.models import Collaboration, Sample
from campaigns.rules.tracking import CARRIERS
from campaigns.selectors.sample_economics import BY, By, economics_of
from campaigns.selectors.samples import (
    RELATED,
    TABS,
    Tab,
    row_of,
    rows_of,
    samples_of,
    screening_of_page,
    tab_counts,
    tests_of,
)
from campaigns.services import sampling, shipping
from campaigns.services.sampling import Bulk
from campaigns.views.sample_steps import STEPS, steps_offered
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.ui import format_number

ROWS = 50
# What a bulk action says of those that were refused.
SHOWN_REFUSALS = 3


def _sample(request: UserRequest, pk: int) -> Sample:
    return get_object_or_404(Sample.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


def _tabs(request: UserRequest, current: str) -> list[dict[str, Any]]:
    labels = {
        "decide": _("To decide"), "ship": _("To ship"), "way": _("On the way"), "content": _("Content due"),
        "done": _("Done"),
    }  # fmt: skip
    counts = tab_counts(request.user)
    address = reverse("sample_list")
    tabs: list[dict[str, Any]] = [
        {"label": labels[tab], "url": f"{address}?tab={tab}", "current": tab == current, "count": counts[tab]}
        for tab in TABS
    ]
    economics = {"label": _("Cost and GMV"), "url": reverse("sample_economics"), "current": current == "economics"}
    return [*tabs, economics]


@require_safe
@require(Permission.PLAN_VIEW)
def sample_list(request: UserRequest) -> HttpResponse:
    """Samples by what is to be done, what is due first at the top."""
    tab: Tab = next((tab for tab in TABS if tab == request.GET.get("tab")), TABS[0])
    handle = request.GET.get("q", "")
    page = Paginator(samples_of(request.user, tab=tab, handle=handle), ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    may_edit = request.user.can(Permission.COLLABORATION_EDIT)
    context = {
        "tab": tab,
        "tabs": _tabs(request, tab),
        "handle": handle,
        "page": page,
        "rows": rows_of(page, at=timezone.now()),
        "carriers": CARRIERS,
        "may_approve": tab == "decide" and request.user.can(Permission.SAMPLE_DECIDE),
        "may_ship": tab == "ship" and may_edit,
        "range_text": _("%(start)s–%(end)s of %(total)s") % {name: format_number(one) for name, one in places.items()},
    }
    return render_page(request, "campaigns/sample_list.html", context)


@require_safe
@require(Permission.PLAN_VIEW)
def sample_economics(request: UserRequest) -> HttpResponse:
    """What samples cost and brought, by creator, plan or product."""
    by: By = next((one for one in BY if one == request.GET.get("by")), BY[0])
    labels = {"creator": _("By creator"), "plan": _("By plan"), "product": _("By product")}
    context = {
        "by": by,
        "choices": [(labels[one], f"?by={one}", one == by) for one in BY],
        "tabs": _tabs(request, "economics"),
        "rows": economics_of(request.user, by=by),
    }
    return render_page(request, "campaigns/sample_economics.html", context)


@require_safe
@require(Permission.PLAN_VIEW)
def sample_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A sample: what the rules said, where it is, whether it was worth it, and what can be done now."""
    return _page(request, _sample(request, pk))


def _page(request: UserRequest, sample: Sample, *, status: int = 200, **bound: Form) -> HttpResponse:
    """The page of a sample; `bound` is the form of a step with what is wrong in it."""
    now = timezone.now()
    steps = [
        {
            "name": name,
            "title": step.title,
            "submit": step.submit,
            "url": reverse("sample_step", args=[sample.pk, name]),
            "form": bound.get(name) or step.form(sample=sample, auto_id=f"id_{name}_%s"),
            "is_open": name in bound or (step.is_main and not bound),
            "is_main": step.is_main,
        }
        for name, step in steps_offered(sample, request.user).items()
    ]
    creator = sample.collaboration.creator
    context = {
        "sample": sample,
        "row": row_of(sample, at=now),
        "crumbs": [(_("Samples"), reverse("sample_list"))],
        "title": _("Sample for %(creator)s") % {"creator": creator},
        "screening": screening_of_page(sample),
        "tests": tests_of(sample, at=now),
        "moves": sample.moves.select_related("by").order_by("-pk"),
        "stock_moves": sample.stock_moves.select_related("by").order_by("-pk"),
        "steps": steps,
        "carriers": CARRIERS,
    }
    return render(request, "campaigns/sample_detail.html", context, status=status)


@require_POST
@require(Permission.PLAN_VIEW)
def sample_step(request: UserRequest, pk: int, step: str) -> HttpResponse:
    """Take a step of a sample: approve, refuse, ship and so on."""
    if step not in STEPS:
        raise Http404
    chosen, sample = STEPS[step], _sample(request, pk)
    if not request.user.can(chosen.permission):
        raise PermissionDenied(request.user.refusal(chosen.permission))
    form = chosen.form(request.POST, sample=sample, auto_id=f"id_{step}_%s")
    if form.is_valid():
        try:
            chosen.act(sample=sample, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            if not error.fields or not form.fields:
                raise
            add_refusal(form, error)
        else:
            flash(request, chosen.done)
            return redirect(sample)
    return _page(request, sample, status=422, **{step: form})


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.COLLABORATION_EDIT)
def sample_request(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for another sample of a collaboration."""
    visible = Collaboration.objects.visible_to(request.user).select_related("plan", "creator")
    collaboration = get_object_or_404(visible, pk=pk)
    form = RequestForm(request.POST or None, collaboration=collaboration)
    if form.is_valid():
        try:
            sample = sampling.sample_request(
                collaboration=collaboration, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Asked for: to be decided within 7 days."))
            return redirect(sample)
    context = {
        "title": _("Ask for a sample for %(creator)s") % {"creator": collaboration.creator},
        "form": form,
        "submit": _("Ask for the sample"),
        "cancel_url": collaboration.get_absolute_url(),
        "crumbs": [(_("Samples"), reverse("sample_list"))],
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)


@require_POST
@require(Permission.SAMPLE_DECIDE)
def sample_bulk_approve(request: UserRequest) -> HttpResponse:
    """Approve the chosen samples at their products' cost."""
    bulk = sampling.samples_approve(samples=_chosen(request), by=request.user, at=timezone.now())
    count = len(bulk.done)
    text = ngettext("%(count)s sample approved.", "%(count)s samples approved.", count) % {"count": count}
    return _told(request, text, bulk, "decide")


@require_POST
@require(Permission.COLLABORATION_EDIT)
def sample_bulk_ship(request: UserRequest) -> HttpResponse:
    """Mark the chosen samples as shipped with one carrier."""
    form = BulkShipForm(request.POST)
    if not form.is_valid():
        flash(request, _("Write who carries them."), "bad")
        return redirect(f"{reverse('sample_list')}?tab=ship")
    samples, carrier = _chosen(request), form.cleaned_data["carrier"]
    bulk = shipping.samples_ship(samples=samples, carrier=carrier, by=request.user, at=timezone.now())
    count = len(bulk.done)
    text = ngettext("%(count)s sample shipped.", "%(count)s samples shipped.", count) % {"count": count}
    return _told(request, text, bulk, "ship")


def _chosen(request: UserRequest) -> Sequence[Sample]:
    """The chosen samples that the user sees, in the order of their keys, so that no two people wait crosswise."""
    ids = [int(text) for text in request.POST.getlist("samples")[:500] if text.isdecimal() and len(text) < 19]
    return list(Sample.objects.visible_to(request.user).filter(pk__in=ids).select_related(*RELATED).order_by("pk"))


def _told(request: UserRequest, text: str, bulk: Bulk, tab: str) -> HttpResponse:
    if bulk.done or not bulk.refused:
        flash(request, text if bulk.done else _("Choose samples first."), "ok" if bulk.done else "warn")
    for reason in list(dict.fromkeys(bulk.refused.values()))[:SHOWN_REFUSALS]:
        flash(request, reason, "bad")
    return redirect(f"{reverse('sample_list')}?tab={tab}")
