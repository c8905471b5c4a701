"""Frozen terms in words: what the page, the creator's page and the PDF say alike."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.rules.terms import ALLOWED, MONEY_FIELDS
from campaigns.states.plans import ContentForm, SampleRule
from campaigns.states.settlements import Basis
from core.ui import UNKNOWN, format_money


@dataclass(frozen=True)
class TermsProduct:
    """A product as it was agreed; `commission` is a text such as 15%."""

    title: str
    sku: str
    commission: str


@dataclass(frozen=True)
class TermsDocument:
    """The terms, ready to be read. `paid` and `work` are pairs of name and text."""

    products: list[TermsProduct]
    paid: list[tuple[str, str]]
    work: list[tuple[str, str]]


def terms_document(terms: Mapping[str, Any], *, language: str) -> TermsDocument:
    """What the terms (of `services.agreements.terms_of`) say, in the language that is active; days are ISO."""
    return TermsDocument(
        products=[
            TermsProduct(one["title"], one["sku"], percent_text(one["commission_rate"])) for one in terms["products"]
        ],
        paid=_paid(terms, language),
        work=_work(terms),
    )


def terms_fingerprint(terms: Mapping[str, Any]) -> str:
    """SHA-256 of the terms as canonical JSON: two prints of the same terms carry the same one."""
    text = json.dumps(terms, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def percent_text(rate: str | Decimal) -> str:
    """15.00 is 15%, 12.50 is 12.5%."""
    text = f"{Decimal(rate):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def _paid(terms: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    names = {
        "fixed_fee": _("Fee"),
        "per_views_fee": _("For 1,000 views"),
        "per_views_cap": _("At most"),
        "guarantee": _("Guarantee"),
        "share_rate": _("Share of the net sales"),
    }
    rows = [(_("Basis"), str(Basis(terms["basis"]).label))]
    for name in MONEY_FIELDS:
        if name in ALLOWED[terms["basis"]] and terms[name] is not None:
            amount = Decimal(terms[name])
            money = format_money(amount, terms["currency"], language, digits=2)
            rows.append((names[name], percent_text(amount) if name == "share_rate" else f"{money} {terms['currency']}"))
    rows.append((_("Commission"), _("Paid by the platform, by the rate of each product.")))
    return rows


def _work(terms: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Contents"), f"{terms['contents']} · {ContentForm(terms['content_form']).label}"),
        (_("Due on"), terms["due_on"] or UNKNOWN),
        (_("Samples"), str(SampleRule(terms["sample_rule"]).label)),
        (_("Plan ends on"), terms["ends_on"]),
        (_("Usage rights"), terms["usage_rights"] or _("None beyond what the platform grants.")),
        (_("Usage until"), terms["usage_until"] or UNKNOWN),
        (_("Exclusivity"), terms["exclusivity"] or _("None.")),
        (_("Exclusive until"), terms["exclusive_until"] or UNKNOWN),
    ]
