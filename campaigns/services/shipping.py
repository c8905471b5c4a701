"""The way of an approved sample: shipped, delivered, defective, sent back, lost."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Sample
from campaigns.rules.due import CONTENT_DAYS, EXTENSION_DAYS
from campaigns.services.collaborations import collaboration_follow
from campaigns.services.contents import contents_due_later
from campaigns.services.samples import check_step, sample_add, sample_step, stock_return
from campaigns.services.sampling import Bulk, check_agreed, reason_wanted, sample_hold
from campaigns.states.samples import SampleState
from core.errors import DomainError

S = SampleState


@transaction.atomic
def sample_ship(
    *,
    sample: Sample,
    carrier: str,
    by: User,
    at: datetime,
    tracking: str = "",
    expected_on: date | None = None,
) -> Sample:
    """The parcel is on its way. Raises DomainError `not_agreed`, `carrier_missing`, `sample_move_impossible`."""
    held = sample_hold(sample=sample)
    check_agreed(held.collaboration)
    if not carrier.strip():
        text = _("Write who carries it.")
        raise DomainError("carrier_missing", text, fields={"carrier": text})
    held.carrier, held.tracking, held.expected_on = carrier.strip(), tracking.strip(), expected_on
    held.shipped_at = at
    fields = ("carrier", "tracking", "expected_on", "shipped_at")
    sample_step(sample=held, to=S.SHIPPED, at=at, by=by, fields=fields)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def sample_tracking_correct(
    *, sample: Sample, carrier: str, tracking: str, expected_on: date | None, by: User, at: datetime
) -> Sample:
    """Mend carrier, number and expected day of a parcel on its way. Raises `carrier_missing`, `sample_not_shipped`."""
    held = sample_hold(sample=sample)
    if held.state != S.SHIPPED:
        raise DomainError("sample_not_shipped", _("Only a parcel on its way can be followed."), status=409)
    if not carrier.strip():
        text = _("Write who carries it.")
        raise DomainError("carrier_missing", text, fields={"carrier": text})
    held.carrier, held.tracking, held.expected_on = carrier.strip(), tracking.strip(), expected_on
    held.save(update_fields=["carrier", "tracking", "expected_on"])
    return held


def samples_ship(*, samples: Sequence[Sample], carrier: str, by: User, at: datetime) -> Bulk:
    """Mark several samples as shipped with one carrier, each on its own; their numbers can be added later."""
    bulk = Bulk()
    for sample in samples:
        try:
            bulk.done.append(sample_ship(sample=sample, carrier=carrier, by=by, at=at))
        except DomainError as error:
            bulk.refused[sample.pk] = str(error)
    return bulk


@transaction.atomic
def sample_deliver(*, sample: Sample, by: User, at: datetime, delivered_at: datetime | None = None) -> Sample:
    """The creator has it; content is due 14 days after that. `delivered_at` None: now.

    Raises DomainError `moment_in_future`, `delivered_before_shipped`, `sample_move_impossible`.
    """
    held, moment = sample_hold(sample=sample), delivered_at or at
    check_step(held, S.DELIVERED)
    if moment > at:
        raise _wrong_moment("moment_in_future", _("It cannot have arrived in the future."))
    if held.shipped_at is not None and moment < held.shipped_at:
        raise _wrong_moment("delivered_before_shipped", _("It cannot have arrived before it was shipped."))
    held.delivered_at, held.content_due_at = moment, moment + timedelta(days=CONTENT_DAYS)
    sample_step(sample=held, to=S.DELIVERED, at=at, by=by, fields=("delivered_at", "content_due_at"))
    contents_due_later(collaboration=held.collaboration, due_at=held.content_due_at)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def sample_extend(*, sample: Sample, by: User, at: datetime, reason: str) -> Sample:
    """Give the creator seven more days, once. Raises `reason_missing`, `extended_already`, `sample_not_delivered`."""
    held, reason = sample_hold(sample=sample), reason_wanted(reason)
    if held.state != S.DELIVERED or held.content_due_at is None:
        text = _("Only a sample that the creator has, and owes content for, can be extended.")
        raise DomainError("sample_not_delivered", text, status=409)
    if held.extended_at is not None:
        text = _("This sample was extended already: there is one extension of 7 days.")
        raise DomainError("extended_already", text, status=409)
    held.extended_at, held.extended_by, held.reason = at, by, reason
    held.content_due_at += timedelta(days=EXTENSION_DAYS)
    held.save(update_fields=["extended_at", "extended_by", "content_due_at", "reason"])
    contents_due_later(collaboration=held.collaboration, due_at=held.content_due_at)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def sample_report_defective(*, sample: Sample, by: User, at: datetime, reason: str) -> Sample:
    """The creator says that it is defective. Raises DomainError `reason_missing`, `sample_move_impossible`."""
    return _moved(sample, S.DEFECTIVE, by=by, at=at, reason=reason_wanted(reason))


@transaction.atomic
def sample_answer_defect(
    *, sample: Sample, is_accepted: bool, by: User, at: datetime, reason: str, comes_back: bool, replace: bool = False
) -> Sample:
    """Decide about a defect. Accepted: it comes back or is written off, and another may be asked for.

    Refused: the content stays due. A defective piece that comes back goes into no stock.
    Raises DomainError `reason_missing`, `defect_not_reported`; with `replace` also `not_agreed`.
    """
    held, reason = sample_hold(sample=sample), reason_wanted(reason)
    if held.state != S.DEFECTIVE:
        raise DomainError("defect_not_reported", _("No defect of this sample is open."), status=409)
    to = (S.RETURNED if comes_back else S.LOST) if is_accepted else S.DELIVERED
    sample_step(sample=held, to=to, at=at, by=by, reason=reason)
    if is_accepted and replace:
        check_agreed(held.collaboration)
        sample_add(collaboration=held.collaboration, product=held.product, quantity=held.quantity, by=by, at=at)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def sample_return(*, sample: Sample, by: User, at: datetime, reason: str, restock: bool = True) -> Sample:
    """It came back; with `restock` its pieces go into stock again.

    Raises DomainError `reason_missing`, `sample_move_impossible`.
    """
    held, reason = sample_hold(sample=sample), reason_wanted(reason)
    check_step(held, S.RETURNED)
    if restock:
        stock_return(sample=held, by=by, at=at, note=_("Came back"))
    sample_step(sample=held, to=S.RETURNED, at=at, by=by, reason=reason)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


@transaction.atomic
def sample_lose(*, sample: Sample, by: User, at: datetime, reason: str) -> Sample:
    """It is lost; its cost stays booked. Raises DomainError `reason_missing`, `sample_move_impossible`."""
    return _moved(sample, S.LOST, by=by, at=at, reason=reason_wanted(reason))


def _moved(sample: Sample, to: SampleState, *, by: User, at: datetime, reason: str) -> Sample:
    held = sample_hold(sample=sample)
    sample_step(sample=held, to=to, at=at, by=by, reason=reason)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return held


def _wrong_moment(code: str, text: str) -> DomainError:
    return DomainError(code, text, fields={"delivered_at": text})
