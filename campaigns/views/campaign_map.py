"""The map of a campaign: its stages, planned against actual."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.campaigns import StageForm
from campaigns.models import Campaign, CampaignStage
from campaigns.selectors.campaign_map import map_of
from campaigns.services import stages as services
from campaigns.services.campaigns import check_active
from campaigns.states.plans import CampaignState
from campaigns.views.campaigns import campaign_crumbs, campaign_or_404, campaign_tabs
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require

FIELDS = ("name", "starts_on", "ends_on", "goal_invited", "goal_contents", "goal_gmv")


def _stage(request: UserRequest, pk: int, stage_pk: int) -> tuple[Campaign, CampaignStage]:
    campaign = campaign_or_404(request, pk)
    return campaign, get_object_or_404(campaign.stages.select_related("campaign"), pk=stage_pk)


def _address(campaign: Campaign) -> str:
    return reverse("campaign_map", args=[campaign.pk])


@require_safe
@require(Permission.PLAN_VIEW)
def campaign_map(request: UserRequest, pk: int) -> HttpResponse:
    """Stages, and by week what was planned and what happened."""
    campaign = campaign_or_404(request, pk)
    today = timezone.localdate(timezone=ZoneInfo(campaign.shop.time_zone))
    context = {
        "campaign": campaign,
        "crumbs": campaign_crumbs(),
        "tabs": campaign_tabs(campaign, "campaign_map"),
        "map": map_of(campaign, today=today),
        "may_edit": request.user.can(Permission.PLAN_EDIT) and campaign.state == CampaignState.ACTIVE,
    }
    return render(request, "campaigns/stage_map.html", context)


@require_POST
@require(Permission.PLAN_EDIT)
def stage_preset(request: UserRequest, pk: int) -> HttpResponse:
    """Fill the map with warm-up, push and festival, 30 days each."""
    campaign = campaign_or_404(request, pk)
    services.stages_fill(campaign=campaign, by=request.user)
    flash(request, _("Three stages of 30 days. Set their goals."))
    return redirect(_address(campaign))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def stage_create(request: UserRequest, pk: int) -> HttpResponse:
    """Add a stage; it begins behind the last one."""
    campaign = campaign_or_404(request, pk)
    check_active(campaign)
    begin = services.next_free_day(campaign)
    form = StageForm(request.POST or None, initial={"starts_on": begin, "ends_on": campaign.ends_on})
    if form.is_valid():
        try:
            services.stage_create(campaign=campaign, values=form.values(), by=request.user)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Stage added."))
            return redirect(_address(campaign))
    return _form_page(request, campaign, form, _("Add a stage"))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def stage_edit(request: UserRequest, pk: int, stage_pk: int) -> HttpResponse:
    """Change a stage."""
    campaign, stage = _stage(request, pk, stage_pk)
    check_active(campaign)
    form = StageForm(request.POST or None, initial={name: getattr(stage, name) for name in FIELDS})
    if form.is_valid():
        try:
            services.stage_update(stage=stage, values=form.values(), by=request.user)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved."))
            return redirect(_address(campaign))
    return _form_page(request, campaign, form, _("Edit stage"))


@require_POST
@require(Permission.PLAN_EDIT)
def stage_delete(request: UserRequest, pk: int, stage_pk: int) -> HttpResponse:
    """Take a stage off the map."""
    campaign, stage = _stage(request, pk, stage_pk)
    services.stage_delete(stage=stage, by=request.user)
    flash(request, _("“%(stage)s” is off the map.") % {"stage": stage})
    return redirect(_address(campaign))


def _form_page(request: UserRequest, campaign: Campaign, form: StageForm, title: str) -> HttpResponse:
    first, last = campaign.starts_on.isoformat(), campaign.ends_on.isoformat()
    context = {
        "title": title,
        "form": form,
        "submit": _("Save"),
        "cancel_url": _address(campaign),
        "crumbs": [*campaign_crumbs(campaign), (_("Map"), _address(campaign))],
        "intro": _("The campaign runs from %(first)s to %(last)s.") % {"first": first, "last": last},
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)
