"""The stages of a campaign's map; each lies inside the campaign's dates."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Campaign, CampaignStage
from campaigns.rules.weeks import thirds
from campaigns.services.campaigns import campaign_hold, check_active
from core.errors import DomainError

STAGES = 20


@dataclass(frozen=True)
class StageValues:
    """A stretch of days and what it is to reach; None is no goal, GMV is net and in the campaign's currency."""

    name: str
    starts_on: date
    ends_on: date
    goal_invited: int | None = None
    goal_contents: int | None = None
    goal_gmv: Decimal | None = None


@transaction.atomic
def stage_create(*, campaign: Campaign, values: StageValues, by: User) -> CampaignStage:
    """Add a stage.

    Raises DomainError `campaign_not_active` (409), `stage_dates_crossed`, `stage_outside`, `stage_goal_negative`,
    `stages_too_many`.
    """
    held = campaign_hold(campaign=campaign)
    check_active(held)
    if held.stages.count() >= STAGES:
        raise DomainError("stages_too_many", _("A map has at most %(most)s stages.") % {"most": STAGES}, status=409)
    return _save(CampaignStage(campaign=held), values, by)


@transaction.atomic
def stage_update(*, stage: CampaignStage, values: StageValues, by: User) -> CampaignStage:
    """Change a stage. Raises what `stage_create` raises of the campaign and the values."""
    held = campaign_hold(campaign=stage.campaign)
    check_active(held)
    return _save(CampaignStage.objects.select_related("campaign").get(pk=stage.pk), values, by)


@transaction.atomic
def stage_delete(*, stage: CampaignStage, by: User) -> None:
    """Take a stage off the map. Raises DomainError `campaign_not_active` (409)."""
    check_active(campaign_hold(campaign=stage.campaign))
    with pghistory.context(user=by.pk):
        stage.delete()


@transaction.atomic
def stages_fill(*, campaign: Campaign, by: User) -> list[CampaignStage]:
    """The usual map: 30 days each of warm-up, push and festival, from the campaign's first day.

    Raises DomainError `campaign_not_active`, `stages_there`, `campaign_too_short` (all 409).
    """
    held = campaign_hold(campaign=campaign)
    check_active(held)
    if held.stages.exists():
        text = _("The map has stages already. Remove them first to use the preset.")
        raise DomainError("stages_there", text, status=409)
    stretches = thirds(held.starts_on)
    last = stretches[-1][1]
    if last > held.ends_on:
        text = _("The preset takes 90 days, until %(day)s. Let the campaign end then, or add stages by hand.")
        raise DomainError("campaign_too_short", text % {"day": last.isoformat()}, status=409)
    names = (_("Warm-up"), _("Push"), _("Festival"))
    return [
        _save(CampaignStage(campaign=held), StageValues(name, starts_on, ends_on), by)
        for name, (starts_on, ends_on) in zip(names, stretches, strict=True)
    ]


def next_free_day(campaign: Campaign) -> date:
    """Where the form of another stage begins: behind the last one, inside the campaign."""
    last = campaign.stages.order_by("-ends_on").values_list("ends_on", flat=True).first()
    return min(last + timedelta(days=1), campaign.ends_on) if last else campaign.starts_on


def _save(stage: CampaignStage, values: StageValues, by: User) -> CampaignStage:
    _check(stage.campaign, values)
    stage.name, stage.starts_on, stage.ends_on = values.name.strip(), values.starts_on, values.ends_on
    stage.goal_invited, stage.goal_contents, stage.goal_gmv = values.goal_invited, values.goal_contents, values.goal_gmv
    with pghistory.context(user=by.pk):
        stage.save()
    return stage


def _check(campaign: Campaign, values: StageValues) -> None:
    if values.ends_on < values.starts_on:
        text = _("The last day is before the first one.")
        raise DomainError("stage_dates_crossed", text, fields={"ends_on": text})
    if values.starts_on < campaign.starts_on or values.ends_on > campaign.ends_on:
        text = _("A stage lies inside its campaign: %(first)s to %(last)s.")
        text %= {"first": campaign.starts_on.isoformat(), "last": campaign.ends_on.isoformat()}
        name = "starts_on" if values.starts_on < campaign.starts_on else "ends_on"
        raise DomainError("stage_outside", text, fields={name: text})
    goals = {name: getattr(values, name) for name in ("goal_invited", "goal_contents", "goal_gmv")}
    for name, goal in goals.items():
        if goal is not None and goal < 0:
            text = _("A goal is 0 or more. Leave it empty for none.")
            raise DomainError("stage_goal_negative", text, fields={name: text})
