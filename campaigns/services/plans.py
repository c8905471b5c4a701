"""Targeted plans: their terms, and their way from draft to archive.

Lock order: shop, plan, collaboration.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Shop, User
from campaigns.models import Campaign, PlanProduct, TargetedPlan
from campaigns.rules.plans import today_in
from campaigns.selectors.seating import Refusal, elsewhere_of, hindrances_of
from campaigns.services.collaborations import collaboration_move
from campaigns.services.plan_products import ProductLine, lines_add
from campaigns.services.plan_texts import message_check
from campaigns.states.collaborations import CollaborationState
from campaigns.states.plans import PLAN_TRANSITIONS, ContentForm, PlanState, ProductState, SampleRule
from core.errors import DomainError
from creators.models import Creator, Market

S = CollaborationState
NAME_MAX = 120
# A copy of a plan whose time is over runs as long by default.
COPY_DAYS = 30
NAMED = 10


@dataclass(frozen=True)
class PlanTerms:
    """What people write about a plan; money is in the plan's currency, `ends_on` the last day in the market."""

    name: str
    ends_on: date
    campaign: Campaign | None = None
    message: str = ""
    message_language: str = "en"
    sample_rule: str = SampleRule.APPROVAL
    content_form: str = ContentForm.VIDEO
    contents_wanted: int = 1
    min_views: int | None = None
    contact_name: str = ""
    contact_email: str = ""
    budget: Decimal | None = None
    expected_gmv: Decimal | None = None
    # None: who makes the plan.
    owner: User | None = None


@dataclass(frozen=True)
class Closing:
    """What closing a plan ended: invitations that expired, seats given up; and how many agreed ones go on."""

    plan: TargetedPlan
    expired: int
    dropped: int
    going_on: int


TERMS = tuple(field.name for field in fields(PlanTerms))


def terms_of(plan: TargetedPlan) -> PlanTerms:
    """The terms of a plan as they are."""
    return PlanTerms(**{name: getattr(plan, name) for name in TERMS})


@transaction.atomic
def plan_create(
    *,
    shop: Shop,
    market: Market,
    terms: PlanTerms,
    by: User,
    at: datetime,
    products: Sequence[ProductLine] = (),
    source: TargetedPlan | None = None,
) -> TargetedPlan:
    """A draft of the shop for the market, in the market's currency.

    Raises DomainError `not_member` (403), `shop_inactive`, `ends_in_past`, `campaign_of_other_shop`,
    `owner_not_member`, `variable_unknown`, `message_too_long`, and what `lines_add` raises.
    """
    if not Shop.objects.visible_to(by).filter(pk=shop.pk).exists():
        raise DomainError("not_member", _("Only members of the shop can make plans for it."), status=403)
    if not shop.is_active:
        raise DomainError("shop_inactive", _("%(shop)s is closed. Choose another shop.") % {"shop": shop})
    terms = replace(terms, owner=terms.owner or by)
    plan = TargetedPlan(shop=shop, market=market, currency=market.currency, created_by=by, created_at=at, source=source)
    _terms_set(plan, terms, at)
    message_check(plan)
    plan.save()
    lines_add(plan=plan, lines=products)
    message_check(plan)
    return plan


@transaction.atomic
def plan_update(*, plan: TargetedPlan, terms: PlanTerms, by: User, at: datetime) -> TargetedPlan:
    """Write new terms. A day in the past is refused unless it was there before.

    Raises what `plan_create` raises about terms, `plan_archived` (409), and `creators_hindered` (409) for creators
    who may not make the content that is now asked for.
    """
    held = plan_hold(plan)
    if held.state == PlanState.ARCHIVED:
        text = _("%(plan)s is archived and stays as it is. Duplicate it instead.") % {"plan": held}
        raise DomainError("plan_archived", text, status=409)
    before = held.content_form
    _terms_set(held, replace(terms, owner=terms.owner or held.owner), at, ends_before=held.ends_on)
    message_check(held)
    if held.content_form != before:
        _check_seated(held, by, at, states=(S.SEATED, S.INVITED))
    with pghistory.context(user=by.pk):
        held.save(update_fields=TERMS)
    return held


@transaction.atomic
def plan_start(*, plan: TargetedPlan, by: User, at: datetime) -> TargetedPlan:
    """Run a draft, or a closed plan again.

    Raises DomainError `plan_move_impossible` (409), `products_missing`, `ends_in_past`, `creators_hindered` (409):
    creators who are restricted, blacklisted, unwilling or in another running plan for one of the products by now.
    """
    held = plan_hold(plan)
    _check_move(held, PlanState.RUNNING)
    if not held.plan_products.filter(removed_at__isnull=True).exists():
        raise DomainError("products_missing", _("Add at least one product before the plan starts."))
    if held.ends_on < today_in(held.market.time_zone, at):
        raise _in_past(_("The last day of the plan is over. Choose a later one before it starts."))
    _check_seated(held, by, at)
    with pghistory.context(user=by.pk):
        held.state, held.started_at, held.closed_at = PlanState.RUNNING, held.started_at or at, None
        held.save(update_fields=["state", "started_at", "closed_at"])
    return held


@transaction.atomic
def plan_close(*, plan: TargetedPlan, by: User, at: datetime) -> Closing:
    """Take no more creators: who was invited expires, who was not is dropped, who agreed goes on.

    Raises DomainError `plan_move_impossible` (409).
    """
    held = plan_hold(plan)
    _check_move(held, PlanState.CLOSED)
    if held.state == PlanState.ARCHIVED:
        return Closing(_state_set(held, PlanState.CLOSED, by), 0, 0, 0)
    expired, dropped = _waiting_release(held, by, at)
    held.closed_at = at
    closed = _state_set(held, PlanState.CLOSED, by, "closed_at")
    return Closing(closed, expired, dropped, held.collaborations.open().count())


@transaction.atomic
def plan_archive(*, plan: TargetedPlan, by: User, at: datetime) -> TargetedPlan:
    """Put a draft or a closed plan away; the seats of a draft are given up.

    Raises DomainError `plan_move_impossible` (409), `collaborations_open` (409).
    """
    held = plan_hold(plan)
    _check_move(held, PlanState.ARCHIVED)
    _waiting_release(held, by, at)
    if count := held.collaborations.open().count():
        text = ngettext(
            "%(count)s collaboration of this plan is still open. End it before the plan is archived.",
            "%(count)s collaborations of this plan are still open. End them before the plan is archived.",
            count,
        )
        raise DomainError("collaborations_open", text % {"count": count}, status=409)
    return _state_set(held, PlanState.ARCHIVED, by)


@transaction.atomic
def plan_duplicate(*, plan: TargetedPlan, by: User, at: datetime, name: str = "") -> TargetedPlan:
    """A draft with the texts and products of the plan and without its creators; a past last day is moved on.

    Products that are not sold any more are left out; a commission above the product's highest is lowered to it.
    Raises what `plan_create` raises.
    """
    plan = TargetedPlan.objects.select_related("shop", "market", "campaign").get(pk=plan.pk)
    today = today_in(plan.market.time_zone, at)
    terms = replace(
        terms_of(plan),
        name=(name or _("%(name)s (copy)") % {"name": plan.name})[:NAME_MAX],
        ends_on=plan.ends_on if plan.ends_on >= today else today + timedelta(days=COPY_DAYS),
        owner=by,
    )
    lines = plan.plan_products.filter(removed_at__isnull=True, product__state=ProductState.ACTIVE)
    products = [_copied(line) for line in lines.select_related("product")]
    return plan_create(
        shop=plan.shop, market=plan.market, terms=terms, products=products, source=plan, by=by, at=at
    )  # fmt: skip


def plan_hold(plan: TargetedPlan) -> TargetedPlan:
    """The plan as it is now, held until the transaction ends, behind the lock that puts the shop's seats in order."""
    Shop.objects.select_for_update(no_key=True).get(pk=plan.shop_id)
    held = TargetedPlan.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("shop", "market", "campaign", "owner").get(pk=plan.pk)


def closing_of(plan: TargetedPlan) -> Closing:
    """What closing the plan now would end, for the question before it."""
    states = list(plan.collaborations.open().values_list("state", "held_state"))
    waiting = [held or state for state, held in states if (held or state) in {S.SEATED, S.INVITED}]
    expired = sum(1 for state, _held in states if state == S.INVITED)
    return Closing(plan, expired, len(waiting) - expired, len(states) - len(waiting))


def hindered_text(refused: dict[int, Refusal]) -> str:
    """Who is in the way and why, by name, the first ten of them."""
    names = {one.pk: str(one) for one in Creator.objects.filter(pk__in=refused)}
    lines = [f"{names[pk]}: {refusal.message}" for pk, refusal in refused.items() if pk in names]
    more = [_("and %(count)s more") % {"count": len(lines) - NAMED}] if len(lines) > NAMED else []
    return "\n".join([*lines[:NAMED], *more])


def _terms_set(plan: TargetedPlan, terms: PlanTerms, at: datetime, *, ends_before: date | None = None) -> None:
    if not terms.name.strip():
        text = _("Give the plan a name.")
        raise DomainError("name_missing", text, fields={"name": text})
    if terms.ends_on != ends_before and terms.ends_on < today_in(plan.market.time_zone, at):
        raise _in_past(_("This day is over in the market of the plan. Choose today or a later day."))
    if terms.campaign is not None and terms.campaign.shop_id != plan.shop_id:
        text = _("This campaign belongs to another shop. Choose one of %(shop)s.") % {"shop": plan.shop}
        raise DomainError("campaign_of_other_shop", text, fields={"campaign": text})
    if terms.owner is not None and not Shop.objects.visible_to(terms.owner).filter(pk=plan.shop_id).exists():
        text = _("%(owner)s does not work for this shop.") % {"owner": terms.owner}
        raise DomainError("owner_not_member", text, fields={"owner": text})
    for name in TERMS:
        value: Any = getattr(terms, name)
        setattr(plan, name, value.strip() if isinstance(value, str) else value)


def _in_past(text: str) -> DomainError:
    return DomainError("ends_in_past", text, fields={"ends_on": text})


def _check_move(plan: TargetedPlan, to: PlanState) -> None:
    if to not in PLAN_TRANSITIONS[plan.state]:
        text = _("%(plan)s is %(state)s: from there it cannot become %(to)s.")
        places = {"plan": plan, "state": plan.look.label, "to": to.label}
        raise DomainError("plan_move_impossible", text % places, status=409)


def _check_seated(plan: TargetedPlan, by: User, at: datetime, *, states: Sequence[str] = ()) -> None:
    """Refuse by name those with a seat whom something speaks against by now.

    Who agreed before goes on and is put on hold where it must be; for them only another plan counts.
    """
    waits = states or (S.SEATED, S.INVITED)
    seated = dict(plan.collaborations.open().values_list("creator", "state"))
    waiting = [pk for pk, state in seated.items() if state in waits]
    hindered = {} if states else elsewhere_of(plan, [pk for pk in seated if pk not in waiting])
    hindered |= hindrances_of(plan, waiting, user=by, at=at)
    if hindered:
        text = _("Drop these creators first:\n%(creators)s") % {"creators": hindered_text(hindered)}
        raise DomainError("creators_hindered", text, status=409)


def _waiting_release(plan: TargetedPlan, by: User, at: datetime) -> tuple[int, int]:
    """Let invitations expire and drop who was not invited; returns how many of each."""
    expired = dropped = 0
    reason = _("The plan was closed.")
    for one in plan.collaborations.open().order_by("pk"):
        if one.state == S.INVITED:
            collaboration_move(collaboration=one, to=S.EXPIRED, by=by, at=at, reason=reason)
            expired += 1
        elif (one.held_state or one.state) in {S.SEATED, S.INVITED}:
            collaboration_move(collaboration=one, to=S.DROPPED, by=by, at=at, reason=reason)
            dropped += 1
    return expired, dropped


def _state_set(plan: TargetedPlan, to: PlanState, by: User, *more: str) -> TargetedPlan:
    with pghistory.context(user=by.pk):
        plan.state = to
        plan.save(update_fields=["state", *more])
    return plan


def _copied(line: PlanProduct) -> ProductLine:
    most = line.product.max_commission_rate
    return ProductLine(line.product, line.commission_rate if most is None else min(line.commission_rate, most))
