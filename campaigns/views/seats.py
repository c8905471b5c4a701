"""Pages that give creators seats: whom, what would become of them, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.plans import BulkForm, ChooseForm
from campaigns.models import SEATS, TargetedPlan
from campaigns.selectors.plan_choices import Choice, choice_of_shortlist, choice_of_text, preview_of
from campaigns.selectors.plans import percent_of
from campaigns.selectors.seating import Refusal
from campaigns.services.seats import Seating, seats_add
from campaigns.services.splits import plan_split
from campaigns.states.plans import PLAN_OPEN
from campaigns.views.plans import crumbs, plan_of
from core.errors import DomainError
from core.http import flash, require
from core.ui import format_number
from creators.forms.shortlists import selected_ids
from creators.models import Creator
from creators.selectors.shortlists import rows_named


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def plan_add_creators(request: UserRequest, pk: int) -> HttpResponse:
    """Choose creators, look at what would become of them, then give them seats, or split them over several plans."""
    plan = plan_of(request, pk)
    action = request.POST.get("action", "preview")
    if request.method == "POST" and action in {"add", "split"}:
        return _added(request, plan, selected_ids(request.POST), is_split=action == "split")
    data = request.POST if request.method == "POST" else request.GET
    form = ChooseForm(data or None, user=request.user)
    choice = _choice(form, plan, selected_ids(data)) if form.is_valid() else Choice()
    return _page(request, plan, form, choice, has_looked=bool(data))


def _choice(form: ChooseForm, plan: TargetedPlan, ids: list[int]) -> Choice:
    """All that the form and the address name, in this order: pasted handles, the shortlist, marked creators."""
    pasted = choice_of_text(form.cleaned_data["handles"], market_id=plan.market_id)
    shortlist = form.cleaned_data["shortlist"]
    listed = choice_of_shortlist(shortlist).creator_ids if shortlist else []
    return Choice([*pasted.creator_ids, *listed, *ids], pasted.unknown, pasted.unreadable)


def _page(
    request: UserRequest, plan: TargetedPlan, form: ChooseForm, choice: Choice, *, has_looked: bool, problem: str = ""
) -> HttpResponse:
    preview = preview_of(plan, choice.creator_ids, user=request.user, at=timezone.now())
    context = {
        "title": _("Add creators"),
        "plan": plan,
        "form": form,
        "choice": choice,
        "preview": preview,
        "has_looked": has_looked and not form.errors,
        "parts_text": " + ".join(format_number(part) for part in preview.parts if part),
        "split_text": _split_text(preview.parts),
        "seats": SEATS,
        "is_open": plan.state in PLAN_OPEN,
        "problem": problem,
        "percent": percent_of(Decimal(preview.taken_after), Decimal(SEATS)),
        "crumbs": crumbs(plan),
    }
    return render(request, "campaigns/plan_add.html", context, status=422 if form.errors or problem else 200)


def _split_text(parts: Sequence[int]) -> str:
    """The button that splits: so many here, the rest in new plans."""
    plans = len(parts) - 1
    places = {
        "here": format_number(parts[0]),
        "rest": " + ".join(format_number(part) for part in parts[1:]),
        "n": plans,
    }
    if not parts[0]:
        return ngettext("Put %(rest)s into a new plan", "Put %(rest)s into %(n)s new plans", plans) % places
    text = ngettext(
        "Split: %(here)s here, %(rest)s in a new plan", "Split: %(here)s here, %(rest)s in %(n)s new plans", plans
    )
    return text % places


@dataclass(frozen=True)
class Added:
    """What became of one plan's choice: its seats, and who was refused why."""

    plan: TargetedPlan
    count: int
    warnings: list[tuple[Creator, list[Refusal]]]


def _added(request: UserRequest, plan: TargetedPlan, ids: list[int], *, is_split: bool) -> HttpResponse:
    """Write, then say what became of each; with nobody refused, on the plan's page."""
    now = timezone.now()
    try:
        if is_split:
            seatings = plan_split(plan=plan, creator_ids=ids, by=request.user, at=now)
        else:
            seatings = [seats_add(plan=plan, creator_ids=ids, by=request.user, at=now)]
    except DomainError as error:
        form = ChooseForm(None, user=request.user)
        return _page(request, plan, form, Choice(ids), has_looked=True, problem=str(error.message))
    refused = {pk: refusal for one in seatings for pk, refusal in one.refused.items()}
    text = added_text(sum(len(one.seats) for one in seatings), len(refused))
    if not refused and len(seatings) == 1:
        flash(request, text)
        return redirect(plan)
    creators = Creator.objects.select_related("market").in_bulk(
        [*refused, *(pk for s in seatings for pk in s.warnings)]
    )
    context = {
        "title": text,
        "plan": plan,
        "results": [_result(plan, one, creators) for one in seatings if one.seats],
        "refused": [(creators.get(pk), refusal) for pk, refusal in refused.items()],
        "crumbs": crumbs(plan),
        "seats": SEATS,
    }
    return render(request, "campaigns/plan_added.html", context)


def _result(plan: TargetedPlan, seating: Seating, creators: dict[int, Creator]) -> Added:
    warnings = [(creators[pk], found) for pk, found in seating.warnings.items() if pk in creators]
    return Added(seating.seats[0].plan if seating.seats else plan, len(seating.seats), warnings)


def added_text(added: int, refused: int) -> str:
    """11 added, 2 blocked."""
    text = ngettext("%(count)s added", "%(count)s added", added) % {"count": format_number(added)}
    if not refused:
        return text
    blocked = ngettext("%(count)s blocked", "%(count)s blocked", refused) % {"count": format_number(refused)}
    return _("%(added)s, %(blocked)s") % {"added": text, "blocked": blocked}


@require_safe
@require(Permission.PLAN_EDIT)
def plan_bulk_add(request: UserRequest) -> HttpResponse:
    """Marked creators go into an open plan or a new one: chooses which; `plan` leads on to that plan's preview."""
    ids = selected_ids(request.GET)
    joined = ",".join(str(pk) for pk in ids)
    form = BulkForm(request.GET if "plan" in request.GET else None, user=request.user)
    if form.is_valid():
        address = reverse("plan_add_creators", args=[form.cleaned_data["plan"].pk])
        return redirect(f"{address}?ids={joined}")
    context = {
        "title": _("Add to a plan"),
        "form": form,
        "rows": rows_named(ids),
        "joined": joined,
        "has_plans": form.fields["plan"].queryset.exists(),  # type: ignore[attr-defined]
        "crumbs": crumbs(),
    }
    return render(request, "campaigns/plan_bulk_add.html", context, status=422 if form.errors else 200)
