"""Samples of collaborations: asked for, taken from stock, cancelled. Whoever changes one holds its collaboration first.

The services that people call are in `sampling` (asking and deciding), `shipping` and `fulfilment`; those bring the
collaboration along, which these may not: the collaboration itself calls them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Collaboration, Product, Sample, SampleMove
from campaigns.rules.due import DECIDE_DAYS, SHIP
from campaigns.selectors.screening import screening_of
from campaigns.services.stock import stock_change
from campaigns.states.plans import SampleRule
from campaigns.states.samples import SAMPLE_TRANSITIONS, SampleState
from core.errors import DomainError

S = SampleState


@transaction.atomic
def samples_open(*, collaboration: Collaboration, at: datetime, by: User) -> list[Sample]:
    """Ask for the sample of a collaboration just accepted: the plan's first product, where it gives samples.

    Where the plan wants no approval it is approved at once, if the stock allows and its cost is known; otherwise it
    waits for a person.
    """
    line = collaboration.plan.plan_products.filter(removed_at__isnull=True).select_related("product").first()
    if not collaboration.plan.has_samples or line is None:
        return []
    sample = sample_add(collaboration=collaboration, product=line.product, quantity=1, by=by, at=at)
    if collaboration.plan.sample_rule == SampleRule.AUTOMATIC:
        _approve_if_possible(sample, by=by, at=at)
    return [sample]


@transaction.atomic
def samples_cancel(*, collaboration: Collaboration, at: datetime, by: User | None, reason: str) -> int:
    """The collaboration ended: what was not shipped yet does not go any more. Returns how many.

    What was taken from stock goes back.
    """
    waiting = [S.REQUESTED, S.APPROVED]
    held = collaboration.samples.filter(state__in=waiting).select_for_update(of=("self",)).select_related("product")
    samples = list(held.order_by("product", "pk"))
    for sample in samples:
        if sample.state == S.APPROVED:
            stock_return(sample=sample, by=by, at=at, note=_("Not sent: the collaboration ended"))
        sample_step(sample=sample, to=S.CANCELLED, at=at, by=by, reason=reason)
    return len(samples)


def sample_add(*, collaboration: Collaboration, product: Product, quantity: int, by: User, at: datetime) -> Sample:
    """A requested sample with what the rules say about it; the collaboration is held by the caller."""
    sample = Sample.objects.create(
        collaboration=collaboration,
        product=product,
        quantity=quantity,
        currency=product.currency,
        state_at=at,
        decide_by=at + timedelta(days=DECIDE_DAYS),
        screening=screening_of(collaboration, product, quantity, user=by, at=at),
        requested_by=by,
        requested_at=at,
    )
    SampleMove.objects.create(sample=sample, to_state=sample.state, by=by, at=at)
    return sample


def sample_book(*, sample: Sample, cost: Decimal | None, by: User, at: datetime, reason: str = "") -> Sample:
    """Approve a held sample: its cost is booked and its pieces leave the stock; to be shipped within a day.

    `cost` None is the product's sample cost for all pieces. Raises DomainError `cost_missing`, `stock_too_low`,
    `sample_move_impossible`.
    """
    check_step(sample, S.APPROVED)
    if cost is None:
        cost = cost_of(sample.product, sample.quantity)
    if cost is None:
        text = _("%(product)s has no sample cost. Write what the sample costs.") % {"product": sample.product}
        raise DomainError("cost_missing", text, fields={"cost": text})
    note = _("Sample for %(creator)s") % {"creator": sample.collaboration.creator}
    stock_change(product=sample.product, delta=-sample.quantity, note=note, by=by, at=at, sample=sample)
    sample.cost, sample.decided_by, sample.decided_at, sample.ship_by = cost, by, at, at + SHIP
    fields = ("cost", "decided_by", "decided_at", "ship_by")
    return sample_step(sample=sample, to=S.APPROVED, at=at, by=by, reason=reason, fields=fields)


def stock_return(*, sample: Sample, by: User | None, at: datetime, note: str) -> None:
    """Put the pieces of a held sample back into stock."""
    stock_change(product=sample.product, delta=sample.quantity, note=note, by=by, at=at, sample=sample)


def cost_of(product: Product, quantity: int) -> Decimal | None:
    """What samples of a product cost, in its currency; None where nobody has said."""
    return None if product.sample_cost is None else product.sample_cost * quantity


def check_step(sample: Sample, to: SampleState) -> None:
    """Raises DomainError `sample_move_impossible` (409) where the table has no such step."""
    if to in SAMPLE_TRANSITIONS[sample.state]:
        return
    text = _("This sample is in the state “%(state)s”: it cannot become “%(to)s”. Reload the page.")
    raise DomainError("sample_move_impossible", text % {"state": sample.look.label, "to": to.label}, status=409)


def sample_step(
    *, sample: Sample, to: SampleState, at: datetime, by: User | None, reason: str = "", fields: Sequence[str] = ()
) -> Sample:
    """Move a held sample along its table, with its row; `fields` changed too. Raises `sample_move_impossible`."""
    check_step(sample, to)
    before, sample.state, sample.state_at = sample.state, to, at
    sample.reason = reason
    sample.save(update_fields=["state", "state_at", "reason", *fields])
    SampleMove.objects.create(sample=sample, from_state=before, to_state=to, by=by, at=at, reason=reason)
    return sample


def _approve_if_possible(sample: Sample, *, by: User, at: datetime) -> None:
    if cost_of(sample.product, sample.quantity) is None:
        return
    try:
        with transaction.atomic():
            sample_book(sample=sample, cost=None, by=by, at=at, reason=_("The plan sends samples without approval."))
    except DomainError as error:
        if error.code != "stock_too_low":
            raise
        # It waits for a person; what it said before the attempt holds again.
        sample.refresh_from_db()
