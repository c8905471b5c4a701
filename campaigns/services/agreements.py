"""The terms of a collaboration."""

from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.models import Agreement, Collaboration
from campaigns.states.settlements import Basis


@transaction.atomic
def agreement_freeze(*, collaboration: Collaboration, at: datetime) -> Agreement:
    """Freeze the terms as they are at acceptance; without any written, commission alone on the plan's terms."""
    agreement = Agreement.objects.filter(collaboration=collaboration).select_for_update().first()
    plan = collaboration.plan
    if agreement is None:
        agreement = Agreement(
            collaboration=collaboration,
            basis=Basis.COMMISSION,
            currency=plan.currency,
            contents=plan.contents_wanted,
            usage_rights=plan.campaign.usage_rights if plan.campaign else "",
            written_by=collaboration.owner,
            written_at=at,
        )
    elif agreement.frozen_at is not None:
        return agreement
    agreement.terms = terms_of(agreement)
    agreement.frozen_at = at
    agreement.save()
    return agreement


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
