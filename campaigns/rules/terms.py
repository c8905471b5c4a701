"""Which terms each basis of payment has, and what is wrong with terms as written. Source: systems a2, 43 and 44.

Money is in the currency of the terms, a share is percent, a fee per views is for 1,000 views.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.states.settlements import Basis

# What each basis needs, and what it may have beside that.
NEEDED: dict[str, tuple[str, ...]] = {
    Basis.COMMISSION: (),
    Basis.FIXED: ("fixed_fee",),
    Basis.PER_VIEWS: ("per_views_fee",),
    Basis.GUARANTEE: ("guarantee", "share_rate"),
    Basis.BUY_OUT: ("fixed_fee",),
}
ALLOWED: dict[str, tuple[str, ...]] = NEEDED | {Basis.PER_VIEWS: ("per_views_fee", "per_views_cap")}
MONEY_FIELDS = ("fixed_fee", "per_views_fee", "per_views_cap", "guarantee", "share_rate")
CONTENTS_MOST = 50
SHARE_MOST = Decimal(100)


def terms_of_basis(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without the money that their basis does not know: it would say what nobody agreed on."""
    allowed = ALLOWED.get(values["basis"], ())
    return {name: None if name in MONEY_FIELDS and name not in allowed else value for name, value in values.items()}


def terms_problems(values: Mapping[str, Any], *, today: date) -> dict[str, str]:
    """What is wrong with each field, in words; empty when the terms hold. `values` are those of `Agreement`."""
    basis = values["basis"]
    if basis not in Basis.values:
        return {"basis": _("Choose what is paid for.")}
    return _money_problems(values, basis) | _work_problems(values, today)


def _money_problems(values: Mapping[str, Any], basis: str) -> dict[str, str]:
    found = {name: _("This basis needs it.") for name in NEEDED[basis] if values[name] is None}
    for name in ALLOWED[basis]:
        if values[name] is not None and values[name] <= 0:
            found[name] = _("It must be more than 0.")
    cap = values["per_views_cap"] if basis == Basis.PER_VIEWS else None
    if not found and cap is not None and cap < values["per_views_fee"]:
        found["per_views_cap"] = _("The cap is less than the fee for 1,000 views.")
    if "share_rate" in ALLOWED[basis] and values["share_rate"] is not None and values["share_rate"] > SHARE_MOST:
        found["share_rate"] = _("A share is at most 100%.")
    if len(values["currency"]) != 3 or not values["currency"].isascii() or not values["currency"].isupper():
        found["currency"] = _("Write the three letters of the currency, such as USD.")
    return found


def _work_problems(values: Mapping[str, Any], today: date) -> dict[str, str]:
    found: dict[str, str] = {}
    if not 1 <= values["contents"] <= CONTENTS_MOST:
        found["contents"] = _("Between 1 and 50.")
    for name in ("due_on", "usage_until", "exclusive_until"):
        if values[name] is not None and values[name] < today:
            found[name] = _("This day is over.")
    if values["usage_until"] is not None and not values["usage_rights"].strip():
        found["usage_rights"] = _("Say what may be used until that day.")
    if values["exclusive_until"] is not None and not values["exclusivity"].strip():
        found["exclusivity"] = _("Say what is exclusive until that day.")
    return found
