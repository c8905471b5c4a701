"""The winner of a test matrix becomes a plan of its own."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import MatrixCell, TargetedPlan
from campaigns.rules.plans import today_in
from campaigns.services.campaigns import campaign_hold, check_active
from campaigns.services.plan_products import ProductLine
from campaigns.services.plans import NAME_MAX, PlanTerms, plan_create, terms_of
from core.errors import DomainError
from creators.models import Market

# Where the campaign is over the plan runs a month.
RUN_DAYS = 30


@transaction.atomic
def cell_push(*, cell: MatrixCell, by: User, at: datetime) -> TargetedPlan:
    """A draft plan of the campaign for the cell's product, whose invitation asks for the cell's style.

    Terms and commission are those of the plan that most seats of the cell are of (its `source`); without seats the
    market is the shop's and the commission the product's usual one. An invitation that would get too long is written
    anew. Raises DomainError `campaign_not_active` (409), `market_unknown`, and what `plan_create` raises.
    """
    campaign = campaign_hold(campaign=cell.matrix.campaign)
    check_active(campaign)
    source = _source_of(cell)
    market = source.market if source else Market.objects.filter(pk=campaign.shop.market_code).first()
    if market is None:
        text = _("The market of %(shop)s is not known. Correct it in the shop's settings.") % {"shop": campaign.shop}
        raise DomainError("market_unknown", text)
    today = today_in(market.time_zone, at)
    ends_on = campaign.ends_on if campaign.ends_on > today else today + timedelta(days=RUN_DAYS)
    title = cell.product.title[: NAME_MAX - len(cell.style) - len(" × ")]
    terms = terms_of(source) if source else PlanTerms("", ends_on)
    terms = replace(
        terms, name=f"{title} × {cell.style}", campaign=campaign, ends_on=ends_on, owner=by, budget=None,
        expected_gmv=None,
    )  # fmt: skip
    lines = [ProductLine(cell.product, _rate_of(cell, source))]

    def made(message: str) -> TargetedPlan:
        asked = replace(terms, message=message)
        return plan_create(
            shop=campaign.shop, market=market, terms=asked, by=by, at=at, products=lines, source=source
        )  # fmt: skip

    note = _note(cell.style, terms.message_language)
    try:
        return made(f"{terms.message}\n{note}".strip())
    except DomainError as error:
        if error.code != "message_too_long":
            raise
    return made(note)


def _source_of(cell: MatrixCell) -> TargetedPlan | None:
    plans = Counter(cell.seats.taken().order_by("pk").values_list("plan", flat=True))
    if not plans:
        return None
    return TargetedPlan.objects.select_related("market", "shop").get(pk=plans.most_common(1)[0][0])


def _rate_of(cell: MatrixCell, source: TargetedPlan | None) -> Decimal | None:
    if source is None:
        return None
    lines = source.plan_products.filter(product=cell.product_id, removed_at=None)
    return lines.values_list("commission_rate", flat=True).first()


def _note(style: str, language: str) -> str:
    """The sentence that asks for the style, in the invitation's language where we have it."""
    with translation.override(language):
        return _("Content style: %(style)s.") % {"style": style}
