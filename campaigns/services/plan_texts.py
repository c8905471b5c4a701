"""The invitation of a plan: what fills its variables, and whether it fits for every creator."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.models import TargetedPlan
from campaigns.rules.plans import (
    INVITATION_VARIABLES,
    MESSAGE_MAX,
    day_text,
    longest_length,
    products_text,
    rates_text,
    unknown_names,
)
from core.errors import DomainError


def invitation_values(plan: TargetedPlan) -> dict[str, str]:
    """What the variables of an invitation stand for in this plan, without the creator; in its language."""
    if plan._state.adding:
        return values_of(plan, [])
    lines = plan.plan_products.filter(removed_at__isnull=True).values_list("product__title", "commission_rate")
    return values_of(plan, list(lines))


def values_of(plan: TargetedPlan, lines: Sequence[tuple[str, Decimal]]) -> dict[str, str]:
    """The values for a plan with products of these titles and rates."""
    return {
        "shop": plan.shop.name,
        "products": products_text([title for title, _rate in lines]),
        "commission": rates_text([rate for _title, rate in lines]),
        "ends_on": day_text(plan.ends_on, plan.message_language),
    }


def message_check(plan: TargetedPlan) -> None:
    """Refuse an invitation that names what it cannot fill, or that is too long for somebody.

    Raises DomainError `variable_unknown`, `message_too_long`.
    """
    if unknown := unknown_names(plan.message):
        known = ", ".join(f"{{{name}}}" for name in INVITATION_VARIABLES)
        names = ", ".join(f"{{{name}}}" for name in unknown)
        text = _("The invitation cannot fill %(names)s. It knows %(known)s.") % {"names": names, "known": known}
        raise DomainError("variable_unknown", text, fields={"message": text})
    length = max(len(plan.message), longest_length(plan.message, invitation_values(plan)))
    if length > MESSAGE_MAX:
        text = _("With its variables filled the invitation has up to %(length)s characters; %(most)s fit. Shorten it.")
        told = text % {"length": length, "most": MESSAGE_MAX}
        raise DomainError("message_too_long", told, fields={"message": told})
