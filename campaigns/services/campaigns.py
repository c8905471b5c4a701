"""Campaigns: a goal, a brief, a budget and dates; opened, closed and archived by hand."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from accounts.states import Permission
from campaigns.models import Campaign
from campaigns.states.plans import CAMPAIGN_TRANSITIONS, CampaignState
from core.errors import DomainError


@dataclass(frozen=True)
class CampaignValues:
    """What people write of a campaign; the budget is in the campaign's currency."""

    name: str
    goal: str
    starts_on: date
    ends_on: date
    owner: User
    budget: Decimal | None = None
    audience: str = ""
    content_form: str = ""
    talking_points: str = ""
    forbidden_words: list[str] = field(default_factory=list)
    usage_rights: str = ""


NAMES = tuple(one.name for one in fields(CampaignValues))


def values_of(campaign: Campaign) -> CampaignValues:
    """The campaign's values as they are, to change some of them."""
    return CampaignValues(**{name: getattr(campaign, name) for name in NAMES})


@transaction.atomic
def campaign_create(*, shop: Shop, values: CampaignValues, currency: str, by: User, at: datetime) -> Campaign:
    """A campaign of a shop, active at once.

    Raises DomainError `not_member`, and what `campaign_update` raises of the values.
    """
    if not Shop.objects.visible_to(by).active().filter(pk=shop.pk).exists():
        text = _("Choose an active shop that you are a member of.")
        raise DomainError("not_member", text, fields={"shop": text}, status=403)
    campaign = Campaign(shop=shop, currency=currency, created_by=by, created_at=at)
    _write(campaign, values)
    with pghistory.context(user=by.pk):
        _save(campaign)
        # Row history holds changes only; with this first row the first change can be told.
        pghistory.create_event(campaign, label="update")
    return campaign


@transaction.atomic
def campaign_update(*, campaign: Campaign, values: CampaignValues, by: User) -> Campaign:
    """Change an active campaign.

    Raises DomainError `campaign_not_active` (409), `campaign_dates_crossed`, `campaign_stages_outside`,
    `campaign_budget_negative`, `campaign_owner_not_member`, `campaign_name_taken`.
    """
    held = campaign_hold(campaign=campaign)
    check_active(held)
    outside = held.stages.exclude(starts_on__gte=values.starts_on, ends_on__lte=values.ends_on).first()
    if outside is not None:
        text = _("The stage “%(stage)s” would lie outside these dates. Move or remove it first.") % {"stage": outside}
        raise DomainError("campaign_stages_outside", text, fields={"ends_on": text})
    _write(held, values)
    with pghistory.context(user=by.pk):
        _save(held)
    return held


@transaction.atomic
def campaign_move(*, campaign: Campaign, to: str, by: User) -> Campaign:
    """Close, open again or archive a campaign; its plans go on as they are.

    Raises DomainError `campaign_move_impossible` (409), `campaign_name_taken`.
    """
    held = campaign_hold(campaign=campaign)
    if to not in CAMPAIGN_TRANSITIONS[held.state]:
        text = _("A campaign that is “%(state)s” cannot go there. Reload the page.") % {"state": held.look.label}
        raise DomainError("campaign_move_impossible", text, status=409)
    held.state = to
    with pghistory.context(user=by.pk):
        _save(held)
    return held


def campaign_hold(*, campaign: Campaign) -> Campaign:
    """The campaign as it is now, held until the transaction ends."""
    return Campaign.objects.select_for_update(of=("self",)).select_related("shop", "owner").get(pk=campaign.pk)


def check_active(campaign: Campaign) -> None:
    """Raises DomainError `campaign_not_active` for one that is closed or archived."""
    if campaign.state != CampaignState.ACTIVE:
        text = _("This campaign is not active: %(state)s. Open it again to change it.") % {"state": campaign.look.label}
        raise DomainError("campaign_not_active", text, status=409)


def _write(campaign: Campaign, values: CampaignValues) -> None:
    _check(campaign.shop, values)
    for name in NAMES:
        setattr(campaign, name, getattr(values, name))
    campaign.name = values.name.strip()
    words = dict.fromkeys(word.strip() for word in values.forbidden_words)
    campaign.forbidden_words = [word for word in words if word]


def _check(shop: Shop, values: CampaignValues) -> None:
    if values.ends_on < values.starts_on:
        text = _("The last day is before the first one.")
        raise DomainError("campaign_dates_crossed", text, fields={"ends_on": text})
    if values.budget is not None and values.budget < 0:
        text = _("A budget is 0 or more. Leave it empty for none.")
        raise DomainError("campaign_budget_negative", text, fields={"budget": text})
    is_member = Shop.objects.visible_to(values.owner).filter(pk=shop.pk).exists()
    if not is_member or not values.owner.can(Permission.PLAN_EDIT):
        text = _("%(name)s does not work for %(shop)s. Choose somebody who does.")
        text %= {"name": values.owner, "shop": shop}
        raise DomainError("campaign_owner_not_member", text, fields={"owner": text})


def _save(campaign: Campaign) -> None:
    """Save; the database knows whether the name is taken, whoever else writes."""
    try:
        with transaction.atomic():
            campaign.save()
    except IntegrityError as error:
        if "campaign_name_once_a_shop" not in str(error):
            raise
        text = _("%(shop)s has a campaign of that name already. Choose another name, or archive that one.")
        text %= {"shop": campaign.shop}
        raise DomainError("campaign_name_taken", text, fields={"name": text}, status=409) from error
