"""Everything that happens in the demo's campaigns, told in order of time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import numpy as np
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import translation
from numpy.random import Generator

from accounts.models import Shop, User
from campaigns.models import Campaign, Collaboration, Product, TargetedPlan
from campaigns.rules.invented_story import (
    FORBIDDEN,
    JOURNEYS,
    LUMA,
    PLANS,
    POINTS,
    PRODUCTS,
    RIGHTS,
    STAGES,
    TEMPLATES,
    TIERS,
    DemoPlan,
    DemoProduct,
    Journey,
)
from campaigns.services.campaigns import CampaignValues, campaign_create
from campaigns.services.demo.journeys import Teller
from campaigns.services.demo.money import Money
from campaigns.services.demo.sides import sides_tell
from campaigns.services.fulfilment import samples_judge
from campaigns.services.plan_products import ProductLine
from campaigns.services.plans import PlanTerms, plan_close, plan_create, plan_start
from campaigns.services.products import product_create, product_move
from campaigns.services.quota import tier_save
from campaigns.services.settings import outreach_limits_update
from campaigns.services.settlements import approval_limit_update
from campaigns.services.stages import StageValues, stage_create
from campaigns.services.templates import template_save
from core.errors import DomainError
from creators.models import Category, Creator, Market
from creators.services.demo import DEMO_ACCOUNTS, DEMO_SHOPS
from violations.models import BlacklistEntry, LedgerEntry, Restriction

SEED = 20261130
# With fewer creators one would need to sit in a plan twice.
CREATORS_MIN = 60
PRODUCT_DAYS = 120
CAMPAIGN_DAYS, CAMPAIGN_LENGTH = 36, 90
CAMPAIGN_BUDGET, APPROVAL_LIMIT = Decimal("18000"), Decimal("500")

Step = Callable[[datetime], None]


@transaction.atomic
def campaigns_demo_load(*, at: datetime) -> int:
    """Give the demo's shops plans with a past; returns the number of collaborations, 0 when there is a plan or nobody.

    Nobody is written to: all that was sent was sent then, by chat.
    Raises DomainError `demo_missing` where the demo's people are not.
    """
    if not User.objects.filter(email=DEMO_ACCOUNTS[0].email).exists():
        raise DomainError("demo_missing", "Run load_demo first: its people and creators are not there.")
    if TargetedPlan.objects.exists() or Product.objects.exists():
        return 0
    if Creator.objects.exclude(facts=None).count() < CREATORS_MIN:
        return 0
    with translation.override("en"):
        _Story(at).tell()
    return Collaboration.objects.count()


def _people() -> dict[str, User]:
    """The demo's people by the name of their mailbox."""
    users = User.objects.filter(email__in=[one.email for one in DEMO_ACCOUNTS])
    return {user.email.partition("@")[0]: user for user in users}


def _free_creators() -> list[Creator]:
    """Creators who may take any seat: those whom nothing is known against, then the others; best sellers first."""
    own = OuterRef("pk")
    barred = Exists(Restriction.objects.filter(creator=own)) | Exists(BlacklistEntry.objects.filter(creator=own))
    known = Exists(LedgerEntry.objects.filter(creator=own))
    ordered = Creator.objects.exclude(facts=None).exclude(barred)
    return list(
        ordered.select_related("market").order_by(known.asc(), F("facts__gmv_30d_usd").desc(nulls_last=True), "pk")
    )


class _Story:
    """The steps of the story; each has its moment and is told at it."""

    def __init__(self, at: datetime) -> None:
        self.at, self.people = at, _people()
        self.rng: Generator = np.random.default_rng(SEED)
        self.shops = {shop.name: shop for shop in Shop.objects.filter(name__in=DEMO_SHOPS)}
        self.products: dict[str, Product] = {}
        self.plans: dict[str, TargetedPlan] = {}
        self.steps: list[tuple[datetime, int, Step]] = []

    def tell(self) -> None:
        self._settings()
        for product in PRODUCTS:
            self._product(product)
        campaign = self._campaign()
        for plan in PLANS:
            self._plan_steps(plan, campaign)
        money = Money(self.at, self.people, self.shops, self.rng)
        teller = Teller(self.at, self.people, self.plans, self.products, self.rng, money)
        self._journey_steps(teller)
        for moment, _order, step in sorted(self.steps, key=lambda planned: planned[:2]):
            step(moment)
        samples_judge(at=self.at)
        money.tell()
        sides_tell(at=self.at, people=self.people, teller=teller, campaign=campaign, products=self.products)

    def _plan_steps(self, told: DemoPlan, campaign: Campaign) -> None:
        self._later(told.days, partial(self._plan, told, campaign if told.in_campaign else None))
        if not told.is_draft:
            self._later(told.days - 1, partial(self._start, told.key))
        if told.closed is not None:
            self._later(told.closed, partial(self._close, told.key))

    def _journey_steps(self, teller: Teller) -> None:
        """Who gets a seat at the same instant gets it together; then each goes its own way."""
        cast = self._cast()
        journeys = [journey for journey in JOURNEYS if journey.who in cast]
        together: dict[tuple[str, float], list[str]] = {}
        for journey in journeys:
            together.setdefault((journey.plan, journey.seated), []).append(journey.who)
        for (plan, days), roles in together.items():
            self._later(days, partial(teller.seat, plan=plan, roles=roles))
        for journey in journeys:
            for days, step in teller.steps_of(journey, cast[journey.who]):
                self._later(days, step)

    def _later(self, days: float, step: Step) -> None:
        self.steps.append((self.at - timedelta(days=days), len(self.steps), step))

    def _cast(self) -> dict[str, Creator]:
        """A creator for each role from the market of its plan, while there are some; else from anywhere."""
        free = _free_creators()
        cast: dict[str, Creator] = {}
        markets = {plan.key: plan.market for plan in PLANS}
        for journey in JOURNEYS:
            if journey.is_held:
                cast |= self._held(journey)
                continue
            if not free:
                break
            creator = next((one for one in free if one.market_id == markets[journey.plan]), free[-1])
            free.remove(creator)
            cast[journey.who] = creator
        return cast

    def _held(self, journey: Journey) -> dict[str, Creator]:
        """The creator whom ops has taken the videos from a few days ago."""
        taken = LedgerEntry.objects.filter(measure="withdraw_exposure", recorded_at__lt=self.at - timedelta(days=1))
        entry = taken.select_related("creator").order_by("-recorded_at").first()
        return {journey.who: entry.creator} if entry else {}

    def _settings(self) -> None:
        at = self.at - timedelta(days=PRODUCT_DAYS)
        mei, jonas = self.people["mei"], self.people["jonas"]
        tiers = [
            tier_save(name=name, weekly_limit=limit, max_followers=None, gmv_from_usd=gmv, by=mei)
            for name, limit, gmv in TIERS
        ]
        for number, shop in enumerate(self.shops.values()):
            tier = tiers[1 - number % 2]
            outreach_limits_update(shop=shop, tier=tier, cool_down_days=14, reply_days=7, remind_days=3, by=jonas)
            for name, stage, language, body in TEMPLATES:
                template_save(shop=shop, name=name, stage=stage, language=language, body=body, by=jonas, at=at)
        approval_limit_update(shop=self.shops[LUMA], limit=APPROVAL_LIMIT, by=jonas)

    def _product(self, told: DemoProduct) -> None:
        shop = self.shops[told.shop]
        values = {
            "platform_id": told.platform_id, "sku": told.sku, "title": told.title, "price": told.price,
            "category": Category.objects.filter(pk=told.category).first(), "currency": told.currency,
            "unit_cost": told.unit_cost, "platform_fee_rate": told.fee_rate, "tax_rate": told.tax_rate,
            "sample_cost": told.sample_cost, "default_commission_rate": told.rate,
            "max_commission_rate": told.max_rate, "compliance_notes": told.notes,
        }  # fmt: skip
        by, at = self.people["jonas"], self.at - timedelta(days=PRODUCT_DAYS)
        product = product_create(shop=shop, values=values, by=by, at=at, stock=told.stock)
        if told.state != product.state:
            product = product_move(product=product, to=told.state, by=by)
        self.products[told.key] = product

    def _campaign(self) -> Campaign:
        sofia = self.people["sofia"]
        begins = (self.at - timedelta(days=CAMPAIGN_DAYS)).date()
        values = CampaignValues(
            name="Winter barrier care",
            goal="sales",
            starts_on=begins,
            ends_on=begins + timedelta(days=CAMPAIGN_LENGTH - 1),
            owner=sofia,
            budget=CAMPAIGN_BUDGET,
            audience="Women 20–45 with dry or easily irritated skin, cold states first.",
            content_form="video",
            talking_points=POINTS,
            forbidden_words=FORBIDDEN,
            usage_rights=RIGHTS,
        )
        at = self.at - timedelta(days=CAMPAIGN_DAYS)
        campaign = campaign_create(shop=self.shops[LUMA], values=values, currency="USD", by=sofia, at=at)
        for name, first, last, invited, contents, gmv in STAGES:
            days = begins + timedelta(days=first), begins + timedelta(days=last)
            stage_create(campaign=campaign, values=StageValues(name, *days, invited, contents, gmv), by=sofia)
        return campaign

    def _plan(self, told: DemoPlan, campaign: Campaign | None, at: datetime) -> None:
        owner = self.people[told.owner]
        terms = PlanTerms(
            name=told.name,
            ends_on=(self.at + timedelta(days=told.ends_in)).date(),
            campaign=campaign,
            message=told.message,
            message_language=told.language,
            sample_rule=told.sample_rule,
            content_form=told.content_form,
            contents_wanted=told.contents,
            contact_name=owner.name,
            contact_email=owner.email,
            budget=told.budget,
            expected_gmv=told.expected,
        )
        lines = [ProductLine(self.products[key], rate) for key, rate in told.products]
        market = Market.objects.get(code=told.market)
        shop = self.shops[told.shop]
        self.plans[told.key] = plan_create(shop=shop, market=market, terms=terms, by=owner, at=at, products=lines)

    def _start(self, key: str, at: datetime) -> None:
        plan = self.plans[key]
        self.plans[key] = plan_start(plan=plan, by=plan.owner, at=at)

    def _close(self, key: str, at: datetime) -> None:
        plan = self.plans[key]
        self.plans[key] = plan_close(plan=plan, by=plan.owner, at=at).plan
