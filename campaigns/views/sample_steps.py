"""The steps of a sample that people take on its page: which form, which service, and when they are offered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.states import Permission
from campaigns.forms import samples as forms
from campaigns.models import Sample
from campaigns.services import fulfilment, sampling, shipping
from campaigns.states.samples import SampleState as S

Text = str | Promise


@dataclass(frozen=True)
class Step:
    """A step: its heading, its button, what is said when it is done, and the states that it is offered in.

    The first one that is offered in a state is the main one, and open.
    """

    title: Text
    submit: Text
    done: Text
    form: Callable[..., forms.SampleForm]
    act: Callable[..., Sample]
    states: frozenset[S]
    permission: str = Permission.COLLABORATION_EDIT
    is_main: bool = False


def _in(*states: S) -> frozenset[S]:
    return frozenset(states)


STEPS: dict[str, Step] = {
    "approve": Step(
        _("Approve"), _("Approve the sample"), _("Approved: the cost is booked. Ship it within 24 hours."),
        forms.ApproveForm, sampling.sample_approve, _in(S.REQUESTED), Permission.SAMPLE_DECIDE, is_main=True,
    ),
    "refuse": Step(
        _("Refuse"), _("Refuse the sample"), _("Sample refused."), forms.ReasonForm, sampling.sample_refuse,
        _in(S.REQUESTED), Permission.SAMPLE_DECIDE,
    ),
    "ask-again": Step(
        _("Ask again"), _("Ask again"), _("Asked again: it waits for a decision."), forms.AskAgainForm,
        sampling.sample_ask_again, _in(S.REFUSED), is_main=True,
    ),
    "ship": Step(
        _("Ship"), _("Mark as shipped"), _("Shipped."), forms.ShipForm, shipping.sample_ship, _in(S.APPROVED),
        is_main=True,
    ),
    "deliver": Step(
        _("Delivered"), _("Mark as delivered"), _("Delivered: content is due in 14 days."), forms.DeliverForm,
        shipping.sample_deliver, _in(S.SHIPPED), is_main=True,
    ),
    "tracking": Step(
        _("Change carrier or tracking number"), _("Save"), _("Saved."), forms.ShipForm,
        shipping.sample_tracking_correct, _in(S.SHIPPED),
    ),
    "answer-defect": Step(
        _("Decide about the defect"), _("Save the decision"), _("Decided."), forms.DefectForm,
        shipping.sample_answer_defect, _in(S.DEFECTIVE), Permission.SAMPLE_DECIDE, is_main=True,
    ),
    "extend": Step(
        _("Give 7 more days, once"), _("Give 7 more days"), _("Content is due 7 days later."), forms.ReasonForm,
        shipping.sample_extend, _in(S.DELIVERED),
    ),
    "defect": Step(
        _("Report a defect"), _("Report"), _("Reported."), forms.ReasonForm, shipping.sample_report_defective,
        _in(S.DELIVERED),
    ),
    "correct": Step(
        _("Judge by hand"), _("Save the judgement"), _("Judged."), forms.CorrectForm, fulfilment.sample_correct,
        _in(S.DELIVERED, S.FULFILLED, S.UNFULFILLED), Permission.SAMPLE_DECIDE,
    ),
    "cost": Step(
        _("Correct the cost"), _("Save"), _("Saved."), forms.CostForm, sampling.sample_cost_correct,
        frozenset(S) - {S.REQUESTED, S.REFUSED, S.CANCELLED}, Permission.SAMPLE_DECIDE,
    ),
    "return": Step(
        _("It came back"), _("Mark as returned"), _("Returned."), forms.ReturnForm, shipping.sample_return,
        _in(S.SHIPPED, S.DELIVERED),
    ),
    "lose": Step(
        _("It is lost"), _("Mark as lost"), _("Marked as lost."), forms.ReasonForm, shipping.sample_lose,
        _in(S.SHIPPED),
    ),
    "cancel": Step(
        _("Call it off"), _("Call it off"), _("Called off."), forms.ReasonForm, sampling.sample_cancel,
        _in(S.REQUESTED, S.APPROVED),
    ),
}  # fmt: skip


def steps_offered(sample: Sample, user: Any) -> dict[str, Step]:
    """The steps that the user may take with a sample, the main one first."""
    offered = {
        name: step for name, step in STEPS.items() if sample.state in step.states and user.can(step.permission)
    }  # fmt: skip
    if sample.extended_at is not None:
        offered.pop("extend", None)
    return offered
