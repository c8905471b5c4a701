"""Pages of campaigns: the list with its export, one campaign, the form."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.filters.campaigns import CampaignFilter, campaign_filter
from campaigns.forms.campaigns import CampaignForm
from campaigns.models import Campaign
from campaigns.selectors.campaign_charts import charts_of
from campaigns.selectors.campaign_days import days_of
from campaigns.selectors.campaign_history import changes_of
from campaigns.selectors.campaigns import campaigns_shown, overview_of, rows_of
from campaigns.services import campaigns as services
from campaigns.services.campaign_exports import campaigns_export
from campaigns.states.plans import CAMPAIGN_TRANSITIONS, CampaignState, Goal
from core.errors import DomainError
from core.exports import FORMATS, table_response
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.ui import format_number

ROWS = 50
# What belongs to the page of the list, not to the choice of rows.
NOT_QUERY = ("format", "page")
MOVES: dict[str, tuple[Any, str]] = {
    CampaignState.ACTIVE: (gettext_lazy("Open again"), "lock-open"),
    CampaignState.CLOSED: (gettext_lazy("Close"), "lock"),
    CampaignState.ARCHIVED: (gettext_lazy("Archive"), "folder-plus"),
}


def campaign_or_404(request: UserRequest, pk: int) -> Campaign:
    """The campaign of one of the user's shops."""
    return get_object_or_404(campaigns_shown(request.user), pk=pk)


def campaign_crumbs(campaign: Campaign | None = None) -> list[tuple[str, str]]:
    """The way to the list, or to a campaign."""
    crumbs = [(_("Campaigns"), reverse("campaign_list"))]
    return [*crumbs, (campaign.name, campaign.get_absolute_url())] if campaign else crumbs


def campaign_tabs(campaign: Campaign, current: str) -> list[dict[str, Any]]:
    """The parts of a campaign."""
    pages = (("campaign_detail", _("Overview")), ("campaign_map", _("Map")), ("matrix_list", _("Test matrices")))
    return [
        {"label": label, "url": reverse(name, args=[campaign.pk]), "current": name == current} for name, label in pages
    ]


@require_safe
@require(Permission.PLAN_VIEW)
def campaign_list(request: UserRequest) -> HttpResponse:
    """The campaigns of the user's shops; the address holds the filters. A fragment is the list alone."""
    campaigns = campaign_filter(request.GET, user=request.user)
    page = Paginator(campaigns.qs, ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    context = {
        "place": "campaigns",
        "campaigns": campaigns,
        "chips": _chips(campaigns),
        "page": page,
        "rows": rows_of(list(page)),
        "range_text": _("%(start)s–%(end)s of %(total)s") % {name: format_number(one) for name, one in places.items()},
        "count": page.paginator.count,
        "export_query": _query(request.GET),
        "may_edit": request.user.can(Permission.PLAN_EDIT),
        "may_export": request.user.can(Permission.CAMPAIGN_EXPORT),
    }
    return render_page(request, "campaigns/campaign_list.html", context, partial="results")


def _chips(campaigns: CampaignFilter) -> list[dict[str, Any]]:
    """The filters that are set, in words."""
    words: dict[str, Any] = {
        "state": lambda value: CampaignState(value).label,
        "goal": lambda value: Goal(value).label,
    }
    return [
        {"name": name, "label": campaigns.filters[name].label, "shown": words.get(name, str)(value)}
        for name, value in campaigns.values.items()
    ]


@require_safe
@require(Permission.CAMPAIGN_EXPORT)
def campaign_export(request: UserRequest) -> HttpResponseBase:
    """The filtered campaigns as CSV (also without `format`) or XLSX."""
    asked = request.GET.get("format", "")
    file_format = asked if asked in FORMATS else "csv"
    table = campaigns_export(query=_query(request.GET), file_format=file_format, by=request.user)
    return table_response(table, file_format)


def _query(data: QueryDict) -> str:
    query = data.copy()
    for name in NOT_QUERY:
        query.pop(name, None)
    return query.urlencode()


@require_safe
@require(Permission.PLAN_VIEW)
def campaign_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One campaign: budget, results, funnel, plans, brief, and who changed what."""
    campaign = campaign_or_404(request, pk)
    may_edit = request.user.can(Permission.PLAN_EDIT)
    today = timezone.localdate(timezone=ZoneInfo(campaign.shop.time_zone))
    overview = overview_of(campaign, today=today)
    open_moves = CAMPAIGN_TRANSITIONS[campaign.state] if may_edit else frozenset()
    context = {
        "campaign": campaign,
        "crumbs": campaign_crumbs(),
        "tabs": campaign_tabs(campaign, "campaign_detail"),
        "overview": overview,
        "days_left": (campaign.ends_on - today).days,
        "charts": charts_of(campaign, days_of(campaign)),
        "changes": changes_of(campaign),
        "moves": [(to, *MOVES[to]) for to in CampaignState if to in open_moves],
        "closing_text": _running_text(overview.row.plans_running),
        "is_active": campaign.state == CampaignState.ACTIVE,
        "may_edit": may_edit,
    }
    return render(request, "campaigns/campaign_detail.html", context)


def _running_text(running: int) -> str:
    """What goes on when the campaign is closed."""
    if not running:
        return _("No plan runs any more.")
    text = ngettext("%(count)s plan still runs and goes on.", "%(count)s plans still run and go on.", running)
    return text % {"count": format_number(running)}


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def campaign_create(request: UserRequest) -> HttpResponse:
    """A new campaign."""
    form = CampaignForm(request.POST or None, user=request.user)
    if form.is_valid():
        shop, currency = form.cleaned_data["shop"], form.cleaned_data["currency"]
        try:
            made = services.campaign_create(
                shop=shop, currency=currency, values=form.values(), by=request.user, at=timezone.now()
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("%(campaign)s is made. Add its first plan.") % {"campaign": made})
            return redirect(made)
    return _form_page(request, form, _("New campaign"), campaign_crumbs(), reverse("campaign_list"))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PLAN_EDIT)
def campaign_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a campaign; shop and currency stay."""
    campaign = campaign_or_404(request, pk)
    services.check_active(campaign)
    form = CampaignForm(request.POST or None, user=request.user, campaign=campaign)
    if form.is_valid():
        try:
            services.campaign_update(campaign=campaign, values=form.values(), by=request.user)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved."))
            return redirect(campaign)
    return _form_page(request, form, _("Edit campaign"), campaign_crumbs(campaign), campaign.get_absolute_url())


def _form_page(
    request: UserRequest, form: CampaignForm, title: str, crumbs: list[tuple[str, str]], cancel_url: str
) -> HttpResponse:
    context = {"form": form, "title": title, "crumbs": crumbs, "cancel_url": cancel_url}
    return render(request, "campaigns/campaign_form.html", context, status=422 if form.errors else 200)


@require_POST
@require(Permission.PLAN_EDIT)
def campaign_move(request: UserRequest, pk: int) -> HttpResponse:
    """Close, open again or archive a campaign; closing says how many plans still run."""
    campaign = campaign_or_404(request, pk)
    after = services.campaign_move(campaign=campaign, to=request.POST.get("to", ""), by=request.user)
    text = _("%(campaign)s: %(state)s.") % {"campaign": after, "state": after.look.label}
    if after.state == CampaignState.CLOSED:
        text = f"{text} {_running_text(after.plans.running().count())}"
    flash(request, text)
    return redirect(after)
