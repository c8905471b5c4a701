"""Asking for samples and deciding about them. The rules say what speaks for and against; a person confirms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Collaboration, Product, Sample
from campaigns.rules.due import DECIDE_DAYS
from campaigns.selectors.screening import screening_of
from campaigns.services.collaborations import collaboration_follow, collaboration_hold
from campaigns.services.samples import sample_add, sample_book, sample_step, stock_return
from campaigns.states.collaborations import AGREED
from campaigns.states.samples import SampleState
from core.errors import DomainError

S = SampleState
MOST = 100


@dataclass
class Bulk:
    """What became of several samples: those done, and for each of the others why not."""

    done: list[Sample] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def sample_hold(*, sample: Sample) -> Sample:
    """The sample as it is now; first its collaboration, then the sample are held until the transaction ends."""
    collaboration = collaboration_hold(collaboration=sample.collaboration)
    held = Sample.objects.select_for_update(of=("self",)).select_related("product").get(pk=sample.pk)
    held.collaboration = collaboration
    return held


def check_agreed(collaboration: Collaboration) -> None:
    """Raises DomainError `not_agreed` (409) where the creator has not said yes, or the work is over or on hold."""
    if collaboration.state in AGREED:
        return
    text = _("%(creator)s is in the state “%(state)s”: this needs a collaboration that is under way.")
    places = {"creator": collaboration.creator, "state": collaboration.look.label}
    raise DomainError("not_agreed", text % places, status=409)


@transaction.atomic
def sample_request(
    *, collaboration: Collaboration, product: Product, by: User, at: datetime, quantity: int = 1
) -> Sample:
    """Ask for a sample of a product of the plan; to be decided within seven days.

    Raises DomainError `not_agreed`, `no_samples_in_plan`, `product_not_in_plan`, `quantity_out_of_range`.
    """
    held = collaboration_hold(collaboration=collaboration)
    check_agreed(held)
    if not held.plan.has_samples:
        text = _("The plan “%(plan)s” gives no samples. Change its rule for samples first.")
        raise DomainError("no_samples_in_plan", text % {"plan": held.plan}, status=409)
    if not held.plan.plan_products.filter(product=product, removed_at__isnull=True).exists():
        text = _("Choose a product of the plan.")
        raise DomainError("product_not_in_plan", text, fields={"product": text})
    if not 1 <= quantity <= MOST:
        text = _("Write a number of pieces from 1 to 100.")
        raise DomainError("quantity_out_of_range", text, fields={"quantity": text})
    sample = sample_add(collaboration=held, product=product, quantity=quantity, by=by, at=at)
    collaboration_follow(collaboration=held, at=at, by=by)
    return sample


@transaction.atomic
def sample_approve(*, sample: Sample, by: User, at: datetime, cost: Decimal | None = None, note: str = "") -> Sample:
    """Approve a sample: its cost is booked and its pieces leave the stock; to be shipped within 24 hours.

    `cost` for all pieces in the product's currency; None is the product's sample cost. Of parallel approvals only as
    many go through as there are pieces. Raises DomainError `not_agreed`, `cost_missing`, `cost_negative`,
    `stock_too_low`, `sample_move_impossible`.
    """
    held = sample_hold(sample=sample)
    check_agreed(held.collaboration)
    _check_cost(cost)
    sample_book(sample=held, cost=cost, by=by, at=at, reason=note.strip())
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def sample_refuse(*, sample: Sample, by: User, at: datetime, reason: str) -> Sample:
    """Refuse a sample, with the reason. Raises DomainError `reason_missing`, `sample_move_impossible`."""
    held = sample_hold(sample=sample)
    held.decided_by, held.decided_at = by, at
    sample_step(
        sample=held, to=S.REFUSED, at=at, by=by, reason=reason_wanted(reason), fields=("decided_by", "decided_at")
    )
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def sample_ask_again(*, sample: Sample, by: User, at: datetime) -> Sample:
    """Ask once more for a refused sample: seven days to decide, and a fresh look at the rules.

    Raises DomainError `not_agreed`, `sample_move_impossible`.
    """
    held = sample_hold(sample=sample)
    check_agreed(held.collaboration)
    held.screening = screening_of(held.collaboration, held.product, held.quantity, user=by, at=at)
    held.decide_by = at + timedelta(days=DECIDE_DAYS)
    held.decided_by = held.decided_at = None
    fields = ("screening", "decide_by", "decided_by", "decided_at")
    sample_step(sample=held, to=S.REQUESTED, at=at, by=by, fields=fields)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def sample_cancel(*, sample: Sample, by: User, at: datetime, reason: str) -> Sample:
    """Call off a sample that is not shipped yet; what was taken from stock goes back.

    Raises DomainError `reason_missing`, `sample_move_impossible`.
    """
    held, reason = sample_hold(sample=sample), reason_wanted(reason)
    if held.state == S.APPROVED:
        stock_return(sample=held, by=by, at=at, note=_("Not sent"))
    sample_step(sample=held, to=S.CANCELLED, at=at, by=by, reason=reason)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def sample_cost_correct(*, sample: Sample, cost: Decimal, by: User, at: datetime) -> Sample:
    """Write what an approved sample really cost. Raises DomainError `cost_negative`, `sample_not_booked`."""
    held = sample_hold(sample=sample)
    _check_cost(cost)
    if held.cost is None:
        raise DomainError("sample_not_booked", _("Approve the sample first: its cost is booked then."), status=409)
    held.cost = cost
    held.save(update_fields=["cost"])
    return held


def samples_approve(*, samples: Sequence[Sample], by: User, at: datetime) -> Bulk:
    """Approve several samples at their products' cost, each on its own: one that is refused stops no other."""
    bulk = Bulk()
    for sample in samples:
        try:
            bulk.done.append(sample_approve(sample=sample, by=by, at=at))
        except DomainError as error:
            bulk.refused[sample.pk] = str(error)
    return bulk


def reason_wanted(reason: str) -> str:
    """The reason without outer blanks. Raises DomainError `reason_missing`."""
    if reason.strip():
        return reason.strip()
    fields: Mapping[str, str] = {"reason": _("Say why.")}
    raise DomainError("reason_missing", _("Say why."), fields=fields)


def _check_cost(cost: Decimal | None) -> None:
    if cost is not None and cost < 0:
        text = _("A cost cannot be below 0.")
        raise DomainError("cost_negative", text, fields={"cost": text})
