"""Pages of a plan's products: which they are, and what commission each has from when."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.plans import CommissionForm, ProductAddForm
from campaigns.models import PRODUCTS, CommissionChange, PlanProduct, TargetedPlan
from campaigns.rules.commissions import LOW
from campaigns.rules.plans import rate_text
from campaigns.selectors.commissions import local_moment, outlook_of, outlook_texts
from campaigns.selectors.plans import product_rows
from campaigns.services.commissions import commission_change
from campaigns.services.plan_products import product_remove, products_add
from campaigns.states.plans import PLAN_OPEN
from campaigns.views.plans import crumbs, plan_of
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require


def _line(plan: TargetedPlan, pk: int) -> PlanProduct:
    lines = plan.plan_products.filter(removed_at__isnull=True).select_related("product", "plan__market", "plan__shop")
    return get_object_or_404(lines, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def plan_products(request: UserRequest, pk: int) -> HttpResponse:
    """The products of a plan with their commissions and all changes of them; adds products."""
    plan = plan_of(request, pk)
    form = ProductAddForm(request.POST or None, plan=plan)
    if form.is_valid():
        try:
            added = products_add(plan=plan, lines=form.lines(), by=request.user, at=timezone.now())
        except DomainError as error:
            add_refusal(form, error)
        else:
            titles = ", ".join(str(line.product) for line in added[:5])
            flash(request, _("Added to the plan: %(products)s") % {"products": titles})
            _warn_low(request, added)
            return redirect("plan_products", pk=plan.pk)
    changes = CommissionChange.objects.filter(plan_product__plan=plan).select_related("plan_product__product", "by")
    zone = plan.market.time_zone
    context = {
        "title": _("Products and commission"),
        "plan": plan,
        "rows": product_rows(plan),
        "changes": [(change, local_moment(change.takes_effect_at, zone)) for change in changes.order_by("-pk")[:100]],
        "zone": zone,
        "form": form,
        "most": PRODUCTS,
        "is_open": plan.state in PLAN_OPEN,
        "crumbs": crumbs(plan),
    }
    return render(request, "campaigns/plan_products.html", context, status=422 if form.errors else 200)


def _warn_low(request: UserRequest, lines: list[PlanProduct]) -> None:
    low = [f"{line.product} {rate_text(line.commission_rate)}%" for line in lines if line.commission_rate < LOW]
    if low:
        text = _("Below %(low)s%% creators often pass an offer over: %(products)s")
        flash(request, text % {"low": rate_text(LOW), "products": ", ".join(low[:5])}, "warn")


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def plan_commission(request: UserRequest, pk: int, line_pk: int) -> HttpResponse:
    """Change a commission; the page says before from when a rise and a cut hold, and the toast says it after."""
    plan = plan_of(request, pk)
    line = _line(plan, line_pk)
    now = timezone.now()
    form = CommissionForm(request.POST or None, initial={"commission_rate": rate_text(line.commission_rate)})
    if form.is_valid():
        rate = form.cleaned_data["commission_rate"]
        try:
            change = commission_change(plan_product=line, rate=rate, by=request.user, at=now)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _changed_text(change, plan))
            line.commission_rate = rate
            _warn_low(request, [line])
            return redirect("plan_products", pk=plan.pk)
    outlook = outlook_of(line, at=now)
    context = {
        "title": _("Commission of %(product)s") % {"product": line.product},
        "line": line,
        "form": form,
        "low": LOW,
        "outlook": outlook,
        "texts": outlook_texts(outlook, plan.market.time_zone),
        "cancel_url": reverse("plan_products", args=[plan.pk]),
        "crumbs": [*crumbs(plan), (_("Products and commission"), reverse("plan_products", args=[plan.pk]))],
    }
    return render(request, "campaigns/plan_commission.html", context, status=422 if form.errors else 200)


def _changed_text(change: CommissionChange, plan: TargetedPlan) -> str:
    places = {"rate": f"{rate_text(change.to_rate)}%", "held": f"{rate_text(change.from_rate)}%"}
    if change.takes_effect_at == change.at:
        return _("%(rate)s holds from now on for everybody.") % places
    places["moment"] = local_moment(change.takes_effect_at, plan.market.time_zone)
    return _("%(rate)s holds from now on for new creators, and from %(moment)s for who shows the product.") % places


@require_POST
@require(Permission.PLAN_EDIT)
def plan_product_remove(request: UserRequest, pk: int, line_pk: int) -> HttpResponse:
    """Take a product out of the plan."""
    plan = plan_of(request, pk)
    line = product_remove(plan_product=_line(plan, line_pk), by=request.user, at=timezone.now())
    flash(request, _("%(product)s is out of the plan.") % {"product": line.product})
    return redirect("plan_products", pk=plan.pk)
