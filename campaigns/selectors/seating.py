"""Who may take a seat in a plan, and why not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import DoNotContact, Seat, TargetedPlan
from campaigns.states.plans import FEATURES, PlanState
from creators.models import Creator
from creators.selectors.guards import Finding, marks_of


@dataclass(frozen=True)
class Refusal:
    """Why a creator gets no seat, or what to know about one who gets one: a stable code and a sentence."""

    code: str
    message: str


def refusals_of(plan: TargetedPlan, creator_ids: Sequence[int], *, user: User, at: datetime) -> dict[int, Refusal]:
    """Why these creators get no seat in the plan, by creator; who may have one is left out.

    Codes: `creator_unknown`, `already_in_plan`, `restricted`, `blacklisted`, `do_not_contact`, `other_plan`.
    The number of queries does not grow with the creators.
    """
    hindered = hindrances_of(plan, creator_ids, user=user, at=at)
    return hindered | _seated(plan, creator_ids) | _unknown(creator_ids)


def hindrances_of(plan: TargetedPlan, creator_ids: Sequence[int], *, user: User, at: datetime) -> dict[int, Refusal]:
    """What speaks against these creators in the plan whether or not they have a seat in it, by creator.

    Codes: `restricted`, `blacklisted`, `do_not_contact`, `other_plan`.
    """
    others, unwanted = _other_plans(plan, creator_ids), _unwanted(plan, creator_ids)
    return others | unwanted | _guarded(plan, creator_ids, user, at)


def elsewhere_of(plan: TargetedPlan, creator_ids: Sequence[int]) -> dict[int, Refusal]:
    """Of these creators, those with a seat in another running plan of the shop for one of the plan's products."""
    return _other_plans(plan, creator_ids)


def warnings_of(
    plan: TargetedPlan, creator_ids: Sequence[int], *, user: User, at: datetime
) -> dict[int, list[Refusal]]:
    """What to know about creators who may have a seat, by creator: another market than the plan's."""
    others = Creator.objects.filter(pk__in=creator_ids).exclude(market=plan.market_id).select_related("market")
    found: dict[int, list[Refusal]] = defaultdict(list)
    for creator in others:
        text = _("%(creator)s sells in %(market)s, the plan is for %(plan_market)s.")
        places = {"creator": creator, "market": creator.market, "plan_market": plan.market}
        found[creator.pk].append(Refusal("other_market", text % places))
    return dict(found)


def _unknown(creator_ids: Sequence[int]) -> dict[int, Refusal]:
    known = set(Creator.objects.filter(pk__in=creator_ids).values_list("pk", flat=True))
    text = _("This creator is not in the directory.")
    return {one: Refusal("creator_unknown", text) for one in creator_ids if one not in known}


def _seated(plan: TargetedPlan, creator_ids: Sequence[int]) -> dict[int, Refusal]:
    text = _("Has a seat in this plan already.")
    taken = plan.seats.taken().filter(creator__in=creator_ids)
    return {one: Refusal("already_in_plan", text) for one in taken.values_list("creator", flat=True)}


def _guarded(plan: TargetedPlan, creator_ids: Sequence[int], user: User, at: datetime) -> dict[int, Refusal]:
    needed = set(FEATURES[plan.content_form])
    refused = {}
    for creator_id, findings in marks_of(creator_ids, user, at).items():
        against = [one for one in findings if _refuses(one, plan, needed)]
        if against:
            refused[creator_id] = Refusal(against[0].code, " ".join(str(one.reason) for one in against))
    return refused


def _refuses(finding: Finding, plan: TargetedPlan, needed: set[str]) -> bool:
    if finding.blocks_seat:
        return finding.shop_id in {None, plan.shop_id}
    return bool(needed & set(finding.features))


def _unwanted(plan: TargetedPlan, creator_ids: Sequence[int]) -> dict[int, Refusal]:
    """Who does not want to be contacted by the shop or by anybody; the wish of one account holds for the person's."""
    entries = DoNotContact.objects.in_force().about(creator_ids).filter(Q(shop=None) | Q(shop=plan.shop_id))
    rows = list(entries.values_list("creator", "creator__person", "reason")) if creator_ids else []
    persons = dict(Creator.objects.filter(pk__in=creator_ids).values_list("pk", "person")) if rows else {}
    text = _("Does not want to be contacted: %(reason)s")
    return {
        creator_id: Refusal("do_not_contact", text % {"reason": reason})
        for account, person, reason in rows
        for creator_id in persons
        if creator_id == account or (person is not None and persons[creator_id] == person)
    }


def _other_plans(plan: TargetedPlan, creator_ids: Sequence[int]) -> dict[int, Refusal]:
    """Creators with a seat in another running plan of the shop for one of the same products."""
    products = plan.plan_products.filter(removed_at__isnull=True).values("product")
    seats = Seat.objects.taken().filter(
        creator__in=creator_ids,
        plan__shop=plan.shop_id,
        plan__state=PlanState.RUNNING,
        plan__plan_products__product__in=products,
        plan__plan_products__removed_at__isnull=True,
    )
    rows = (
        seats.exclude(plan=plan)
        .order_by("plan")
        .values_list("creator", "plan__name", "plan__plan_products__product__title")
    )
    text = _("Is in the plan “%(plan)s” for %(product)s already.")
    return {one: Refusal("other_plan", text % {"plan": name, "product": title}) for one, name, title in rows}
