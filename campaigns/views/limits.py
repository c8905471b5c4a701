"""Pages of the quota and the other limits of outreach."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.models import Shop
from accounts.states import Permission
from campaigns.forms.outreach import LimitsForm, TierForm
from campaigns.models import QuotaTier
from campaigns.selectors.limits import settings_read, shop_limits
from campaigns.services import quota as services
from campaigns.services.settings import outreach_limits_update
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require


@require_safe
@require(Permission.PLAN_VIEW)
def outreach_limits(request: UserRequest) -> HttpResponse:
    """The week's quota of each shop, how creators answer it, and the organisation's tiers."""
    context = {
        "rows": shop_limits(request.user, at=timezone.now()),
        "tiers": QuotaTier.objects.all(),
        "may_edit": request.user.can(Permission.OUTREACH_SETTINGS),
    }
    return render_page(request, "campaigns/limits_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.OUTREACH_SETTINGS)
def outreach_limits_edit(request: UserRequest, pk: int) -> HttpResponse:
    """The tier and the days of a shop."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user), pk=pk)
    stored = settings_read(shop)
    names = ("tier", "cool_down_days", "reply_days", "remind_days")
    form = LimitsForm(request.POST or None, initial={name: getattr(stored, name) for name in names})
    if form.is_valid():
        outreach_limits_update(shop=shop, by=request.user, **form.cleaned_data)
        flash(request, _("Limits saved."))
        return redirect("outreach_limits")
    return _page(request, form, _("Limits of %(shop)s") % {"shop": shop})


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.OUTREACH_SETTINGS)
def tier_create(request: UserRequest) -> HttpResponse:
    """A new tier of the organisation's list."""
    return _tier(request, TierForm(request.POST or None), None)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.OUTREACH_SETTINGS)
def tier_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a tier; the running week follows at once."""
    tier = get_object_or_404(QuotaTier, pk=pk)
    names = ("name", "weekly_limit", "max_followers", "gmv_from_usd")
    return _tier(request, TierForm(request.POST or None, initial={name: getattr(tier, name) for name in names}), tier)


def _tier(request: UserRequest, form: TierForm, tier: QuotaTier | None) -> HttpResponse:
    if form.is_valid():
        try:
            services.tier_save(tier=tier, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Tier saved."))
            return redirect("outreach_limits")
    return _page(request, form, _("Change the tier") if tier else _("New tier"))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.OUTREACH_SETTINGS)
def tier_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then take the tier off the list."""
    tier = get_object_or_404(QuotaTier, pk=pk)
    if request.method == "POST":
        services.tier_remove(tier=tier, by=request.user)
        flash(request, _("Tier removed."))
        return redirect("outreach_limits")
    context = {
        "title": _("Remove the tier"),
        "text": _("“%(name)s” leaves the list. A tier in which a shop is cannot go.") % {"name": tier},
        "submit": _("Remove"),
        "danger": True,
        "cancel_url": reverse("outreach_limits"),
        "crumbs": [(_("Quota and limits"), reverse("outreach_limits"))],
    }
    return render(request, "components/confirm_page.html", context)


def _page(request: UserRequest, form: LimitsForm | TierForm, title: str) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("outreach_limits"),
        "crumbs": [(_("Quota and limits"), reverse("outreach_limits"))],
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)
