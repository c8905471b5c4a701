"""Pages of plans: the list, one plan, its terms and its way from draft to archive."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.models import Shop
from accounts.states import Permission
from campaigns.filters.plans import plan_filter
from campaigns.forms.plans import DuplicateForm, PlanCreateForm, PlanForm, ShopForm, default_market
from campaigns.models import SEATS, TargetedPlan
from campaigns.rules.commissions import LOW
from campaigns.rules.plans import rate_text, today_in
from campaigns.selectors.plans import board_of, plan_rows, product_rows, related
from campaigns.services import plans as services
from campaigns.services.plan_exports import plan_extract
from campaigns.services.plan_texts import invitation_values
from campaigns.states.collaborations import CollaborationState
from campaigns.states.plans import PLAN_OPEN, PLAN_TRANSITIONS, PlanState
from core.errors import DomainError
from core.exports import FORMATS, table_response
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.services import extract_now
from core.ui import format_number
from creators.forms.shortlists import selected_ids
from creators.selectors.shortlists import shops_of

ROWS = 50
PLAN_DAYS = 30


def plan_of(request: UserRequest, pk: int) -> TargetedPlan:
    """The plan, if the user may see it; else 404."""
    return get_object_or_404(related(TargetedPlan.objects.visible_to(request.user)), pk=pk)


def crumbs(plan: TargetedPlan | None = None) -> list[tuple[str, str]]:
    """The way to a page of a plan."""
    found = [(_("Plans"), reverse("plan_list"))]
    return [*found, (plan.name, plan.get_absolute_url())] if plan else found


@require_safe
@require(Permission.PLAN_VIEW)
def plan_list(request: UserRequest) -> HttpResponse:
    """The plans of the user's shops; the address holds the filters."""
    plans = plan_filter(request.GET, user=request.user)
    page = Paginator(related(plans.qs).order_by("-pk"), ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    context = {
        "plans": plans,
        "page": page,
        "rows": plan_rows(page, at=timezone.now()),
        "range_text": _("%(start)s–%(end)s of %(total)s") % {key: format_number(one) for key, one in places.items()},
        "seats": SEATS,
        "may_edit": request.user.can(Permission.PLAN_EDIT),
    }
    return render_page(request, "campaigns/plan_list.html", context, partial="results")


@require_safe
@require(Permission.PLAN_VIEW)
def plan_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One plan: products, seats, budget, GMV, and its creators by stage."""
    plan = plan_of(request, pk)
    asked = request.GET.get("stage", "")
    stage = asked if asked in CollaborationState.values else ""
    board = board_of(plan, request.user, at=timezone.now(), stage=stage)
    may_edit = request.user.can(Permission.PLAN_EDIT)
    context = {
        "plan": plan,
        "board": board,
        "groups": board.groups,
        "products": product_rows(plan),
        "stage": stage,
        "crumbs": crumbs(),
        "seats": SEATS,
        "values": invitation_values(plan),
        "may_plan": may_edit,
        "may_edit": request.user.can(Permission.COLLABORATION_EDIT),
        "may_export": request.user.can(Permission.CAMPAIGN_EXPORT),
        "is_open": plan.state in PLAN_OPEN,
        "moves": _moves(plan) if may_edit else [],
    }
    return render_page(request, "campaigns/plan_detail.html", context, partial="results")


def _moves(plan: TargetedPlan) -> list[dict[str, str]]:
    """What can be done with the plan, by its state; the table of transitions says what."""
    labels = {
        (PlanState.DRAFT, PlanState.RUNNING): (_("Start"), "plan_start", "player-play"),
        (PlanState.CLOSED, PlanState.RUNNING): (_("Reopen"), "plan_start", "player-play"),
        (PlanState.RUNNING, PlanState.CLOSED): (_("Close"), "plan_close", "player-stop"),
        (PlanState.ARCHIVED, PlanState.CLOSED): (_("Take out of the archive"), "plan_close", "arrow-back-up"),
    }
    moves = []
    for to in PlanState:
        if to in PLAN_TRANSITIONS[plan.state]:
            label, name, icon = labels.get(
                (PlanState(plan.state), to), (_("Archive"), "plan_archive", "folder-plus")
            )  # fmt: skip
            moves.append({"label": label, "url": reverse(name, args=[plan.pk]), "icon": icon})
    return moves


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def plan_create(request: UserRequest) -> HttpResponse:
    """A new plan of a shop; creators who are named in the address are proposed for its seats next."""
    shops = list(shops_of(request.user))
    wanted = request.POST.get("shop") or request.GET.get("shop")
    shop = next((one for one in shops if str(one.pk) == wanted), shops[0] if len(shops) == 1 else None)
    ids = selected_ids(request.POST if request.method == "POST" else request.GET)
    if shop is None:
        return _shop_choice(request, shops, ids)
    form = PlanCreateForm(request.POST or None, shop=shop, initial=_initial(request, shop))
    if form.is_valid():
        try:
            plan = services.plan_create(
                shop=shop, market=form.cleaned_data["market"], terms=form.terms(), products=form.lines(),
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("%(plan)s is a draft now.") % {"plan": plan})
            _warn_low(request, plan)
            if ids:
                return redirect(f"{reverse('plan_add_creators', args=[plan.pk])}?ids={_joined(ids)}")
            return redirect(plan)
    context = {
        "title": _("New plan"),
        "subtitle": shop.name,
        "shop": shop,
        "shops": shops,
        "form": form,
        "ids": ids,
        "joined": _joined(ids),
        "submit": _("Create the plan and look at its creators") if ids else _("Create the plan"),
        "cancel_url": reverse("plan_list"),
        "crumbs": crumbs(),
    }
    return render(request, "campaigns/plan_form.html", context, status=422 if form.errors else 200)


def _initial(request: UserRequest, shop: Shop) -> dict[str, Any]:
    market = default_market(shop)
    today = today_in(market.time_zone if market else shop.time_zone, timezone.now())
    contact = {"contact_name": str(request.user), "contact_email": request.user.email}
    given = {name: request.GET[name] for name in ("campaign", "name") if name in request.GET}
    return {"market": market, "ends_on": today + timedelta(days=PLAN_DAYS), "owner": request.user, **contact, **given}


def _shop_choice(request: UserRequest, shops: list[Shop], ids: list[int]) -> HttpResponse:
    context = {
        "title": _("New plan"),
        "shops": shops,
        "form": ShopForm(user=request.user),
        "joined": _joined(ids),
        "crumbs": crumbs(),
        "may_manage": request.user.can(Permission.SHOP_MANAGE),
    }
    return render(request, "campaigns/plan_shop.html", context)


def _joined(ids: list[int]) -> str:
    return ",".join(str(pk) for pk in ids)


def _warn_low(request: UserRequest, plan: TargetedPlan) -> None:
    """Name the products whose commission is so low that creators often pass them over."""
    low = [row.line for row in product_rows(plan) if row.is_low]
    if low:
        names = ", ".join(f"{line.product} {rate_text(line.commission_rate)}%" for line in low[:5])
        text = _("Below %(low)s%% creators often pass an offer over: %(products)s")
        flash(request, text % {"low": rate_text(LOW), "products": names}, "warn")


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def plan_edit(request: UserRequest, pk: int) -> HttpResponse:
    """The terms of a plan; its products have a page of their own."""
    plan = plan_of(request, pk)
    initial = {name: getattr(plan, name) for name in services.TERMS}
    form = PlanForm(request.POST or None, shop=plan.shop, initial=initial)
    if form.is_valid():
        try:
            services.plan_update(plan=plan, terms=form.terms(), by=request.user, at=timezone.now())
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved %(name)s.") % {"name": form.cleaned_data["name"]})
            return redirect(plan)
    context = {
        "title": _("Edit the plan"),
        "subtitle": plan.code,
        "form": form,
        "submit": _("Save"),
        "cancel_url": plan.get_absolute_url(),
        "crumbs": crumbs(plan),
    }
    return render(request, "campaigns/plan_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def plan_start(request: UserRequest, pk: int) -> HttpResponse:
    """Start a draft, or open a closed plan again."""
    plan = plan_of(request, pk)
    text = _("A running plan keeps its creators out of other running plans for the same products.")
    words = {"title": _("Start %(plan)s") % {"plan": plan}, "text": text, "submit": _("Start the plan")}
    if plan.state == PlanState.CLOSED:
        words |= {"title": _("Reopen %(plan)s") % {"plan": plan}, "submit": _("Reopen the plan")}

    def start() -> str:
        services.plan_start(plan=plan, by=request.user, at=timezone.now())
        return _("%(plan)s is running.") % {"plan": plan}

    return _confirmed(request, plan, words, start)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def plan_close(request: UserRequest, pk: int) -> HttpResponse:
    """Close a running plan, after saying what that ends; or take one out of the archive."""
    plan = plan_of(request, pk)
    words = {"title": _("Close %(plan)s") % {"plan": plan}, "submit": _("Close the plan")}
    words["text"] = closing_text(services.closing_of(plan))
    if plan.state == PlanState.ARCHIVED:
        words = {"title": _("Take %(plan)s out of the archive") % {"plan": plan}, "submit": _("Take it out")}
        words["text"] = _("It comes back as a closed plan.")

    def close() -> str:
        closing = services.plan_close(plan=plan, by=request.user, at=timezone.now())
        return f"{_('%(plan)s is closed.') % {'plan': plan}} {closing_text(closing)}"

    return _confirmed(request, plan, words, close)


def closing_text(closing: services.Closing) -> str:
    """What closing a plan ends, in words."""
    parts = [
        ngettext("%(n)s invitation expires.", "%(n)s invitations expire.", closing.expired) % {"n": closing.expired},
        ngettext("%(n)s seat without an invitation is given up.",
                 "%(n)s seats without an invitation are given up.", closing.dropped) % {"n": closing.dropped},
        ngettext("%(n)s agreed collaboration goes on.", "%(n)s agreed collaborations go on.",
                 closing.going_on) % {"n": closing.going_on},
    ]  # fmt: skip
    counts = (closing.expired, closing.dropped, closing.going_on)
    told = [part for part, count in zip(parts, counts, strict=True) if count]
    return " ".join(told) or _("No collaboration of it is open.")


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def plan_archive(request: UserRequest, pk: int) -> HttpResponse:
    """Put a draft or a closed plan away."""
    plan = plan_of(request, pk)
    words = {
        "title": _("Archive %(plan)s") % {"plan": plan},
        "text": _("It leaves the lists and can be taken out of the archive again. Seats of a draft are given up."),
        "submit": _("Archive the plan"),
    }

    def archive() -> str:
        services.plan_archive(plan=plan, by=request.user, at=timezone.now())
        return _("%(plan)s is archived.") % {"plan": plan}

    return _confirmed(request, plan, words, archive)


def _confirmed(
    request: UserRequest, plan: TargetedPlan, words: dict[str, str], act: Callable[[], str]
) -> HttpResponse:  # fmt: skip
    """Ask, then act and say what became of it; a refusal is shown with the question."""
    refusal = ""
    if request.method == "POST":
        try:
            flash(request, act())
        except DomainError as error:
            refusal = str(error.message)
        else:
            return redirect(plan)
    context = {**words, "refusal": refusal, "cancel_url": plan.get_absolute_url(), "crumbs": crumbs(plan)}
    return render(request, "campaigns/plan_confirm.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def plan_duplicate(request: UserRequest, pk: int) -> HttpResponse:
    """A draft with the texts and products of the plan."""
    plan = plan_of(request, pk)
    initial = {"name": (_("%(name)s (copy)") % {"name": plan.name})[: services.NAME_MAX]}
    form = DuplicateForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            copy = services.plan_duplicate(plan=plan, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("%(plan)s is a draft now.") % {"plan": copy})
            return redirect(copy)
    context = {
        "title": _("Duplicate %(plan)s") % {"plan": plan},
        "intro": _("The copy has its products, commissions and texts, and no creators."),
        "form": form,
        "submit": _("Duplicate"),
        "cancel_url": plan.get_absolute_url(),
        "crumbs": crumbs(plan),
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)


@require_safe
@require(Permission.CAMPAIGN_EXPORT)
def plan_export(request: UserRequest, pk: int) -> HttpResponseBase:
    """The seats of a plan as CSV (also without `format`) or XLSX."""
    plan = plan_of(request, pk)
    asked = request.GET.get("format", "")
    file_format = asked if asked in FORMATS else "csv"
    extract = plan_extract(plan=plan, file_format=file_format, by=request.user, at=timezone.now())
    return table_response(extract_now(extract=extract, by=request.user), extract.file_format)
