"""The terms of a collaboration: written before acceptance, frozen by it, acknowledged by the creator."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Agreement, Collaboration, Quote
from campaigns.rules.terms import terms_of_basis, terms_problems
from campaigns.states.settlements import Basis
from core.errors import DomainError
from violations.models import CreatorLink


@transaction.atomic
def agreement_write(
    *,
    collaboration: Collaboration,
    by: User,
    at: datetime,
    basis: str,
    currency: str = "",
    fixed_fee: Decimal | None = None,
    per_views_fee: Decimal | None = None,
    per_views_cap: Decimal | None = None,
    guarantee: Decimal | None = None,
    share_rate: Decimal | None = None,
    contents: int | None = None,
    due_on: date | None = None,
    usage_rights: str = "",
    usage_until: date | None = None,
    exclusivity: str = "",
    exclusive_until: date | None = None,
    quote: Quote | None = None,
) -> Agreement:
    """Write all terms of a collaboration that is not accepted yet; money that the basis does not know is left out.

    Without currency and contents those of the plan hold. Raises DomainError `terms_frozen`, `collaboration_over`
    (409 both), `terms_invalid` with the fields, `quote_foreign`.
    """
    held = Collaboration.objects.select_for_update(of=("self",)).select_related("plan").get(pk=collaboration.pk)
    agreement = Agreement.objects.filter(collaboration=held).select_for_update().first()
    check_open(held, agreement)
    values = {
        "basis": basis,
        "currency": currency or held.plan.currency,
        "fixed_fee": fixed_fee,
        "per_views_fee": per_views_fee,
        "per_views_cap": per_views_cap,
        "guarantee": guarantee,
        "share_rate": share_rate,
        "contents": held.plan.contents_wanted if contents is None else contents,
        "due_on": due_on,
        "usage_rights": usage_rights.strip(),
        "usage_until": usage_until,
        "exclusivity": exclusivity.strip(),
        "exclusive_until": exclusive_until,
    }
    if problems := terms_problems(values, today=at.date()):
        text = _("Some terms do not fit together: see the fields.")
        raise DomainError("terms_invalid", text, fields=problems)
    if quote is not None and (quote.creator_id != held.creator_id or quote.shop_id != held.shop_id):
        text = _("This quote is of another creator or shop. Choose one of the list.")
        raise DomainError("quote_foreign", text, fields={"quote": text})
    agreement = agreement or Agreement(collaboration=held)
    for name, value in terms_of_basis(values).items():
        setattr(agreement, name, value)
    agreement.quote, agreement.written_by, agreement.written_at = quote, by, at
    agreement.save()
    return agreement


def check_open(collaboration: Collaboration, agreement: Agreement | None) -> None:
    """Raises DomainError `terms_frozen`, `collaboration_over`."""
    if agreement is not None and agreement.frozen_at is not None:
        text = _("The terms are frozen since %(day)s. Agree on new ones in another plan, or raise a problem.")
        raise DomainError("terms_frozen", text % {"day": agreement.frozen_at.date().isoformat()}, status=409)
    if collaboration.is_over:
        text = _("This collaboration is over: nothing is agreed on any more.")
        raise DomainError("collaboration_over", text, status=409)


@transaction.atomic
def agreement_acknowledge(*, agreement: Agreement, link: CreatorLink, at: datetime) -> Agreement:
    """The creator agrees, once, through the link; agreeing again changes nothing.

    Raises DomainError `link_foreign` (403), `terms_not_frozen`, `collaboration_over` (409).
    """
    locked = Agreement.objects.select_for_update(of=("self",)).select_related("collaboration")
    held = locked.get(pk=agreement.pk)
    if link.creator_id != held.collaboration.creator_id:
        raise DomainError("link_foreign", _("This link belongs to another creator."), status=403)
    if held.frozen_at is None:
        text = _("These terms are not final yet. The shop freezes them when the collaboration is accepted.")
        raise DomainError("terms_not_frozen", text, status=409)
    if held.acknowledged_at is not None:
        return held
    if held.collaboration.is_over:
        text = _("This collaboration is over: nothing is agreed on any more.")
        raise DomainError("collaboration_over", text, status=409)
    held.acknowledged_at, held.acknowledged_through = at, link
    held.save(update_fields=["acknowledged_at", "acknowledged_through"])
    return held


@transaction.atomic
def agreement_freeze(*, collaboration: Collaboration, at: datetime) -> Agreement:
    """Freeze the terms as they are at acceptance; without any written, commission alone on the plan's terms."""
    agreement = Agreement.objects.filter(collaboration=collaboration).select_for_update().first()
    if agreement is None:
        agreement = agreement_unwritten(collaboration)
        agreement.written_at = at
    elif agreement.frozen_at is not None:
        return agreement
    agreement.terms = terms_of(agreement)
    agreement.frozen_at = at
    agreement.save()
    return agreement


def agreement_unwritten(collaboration: Collaboration) -> Agreement:
    """What holds while nobody has written terms: commission alone, on the plan's. Not stored."""
    plan = collaboration.plan
    return Agreement(
        collaboration=collaboration,
        basis=Basis.COMMISSION,
        currency=plan.currency,
        contents=plan.contents_wanted,
        usage_rights=plan.campaign.usage_rights if plan.campaign else "",
        written_by=collaboration.owner,
    )


def terms_of(agreement: Agreement) -> dict[str, Any]:
    """All that is agreed, as plain values: products with their commissions, basis, deliverables, dates and rights."""
    plan = agreement.collaboration.plan
    lines = plan.plan_products.filter(removed_at__isnull=True).select_related("product")
    return {
        "plan": plan.name,
        "ends_on": plan.ends_on.isoformat(),
        "products": [
            {
                "id": line.product_id,
                "title": line.product.title,
                "sku": line.product.sku,
                "commission_rate": str(line.commission_rate),
            }
            for line in lines
        ],
        "content_form": plan.content_form,
        "sample_rule": plan.sample_rule,
        "basis": agreement.basis,
        "currency": agreement.currency,
        **{name: _text(getattr(agreement, name)) for name in TERM_FIELDS},
    }


TERM_FIELDS = (
    "fixed_fee", "per_views_fee", "per_views_cap", "guarantee", "share_rate", "contents", "due_on", "usage_rights",
    "usage_until", "exclusivity", "exclusive_until",
)  # fmt: skip


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
