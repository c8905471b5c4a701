"""Problems of a collaboration. Source: the list of systems, number 53: technical, fulfilment, evaluation."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Look


class ProblemKind(models.TextChoices):
    TECHNICAL = "technical", _("Technical")
    # The metric of that name is a rate.
    FULFILMENT = "fulfilment", pgettext_lazy("problem", "Fulfilment")
    EVALUATION = "evaluation", _("Evaluation")


class ProblemState(models.TextChoices):
    OPEN = "open", _("Open")
    RESOLVED = "resolved", _("Resolved")


PROBLEM_LOOKS: dict[str, Look] = {
    ProblemState.OPEN: Look(ProblemState.OPEN.label, "warn"),
    ProblemState.RESOLVED: Look(ProblemState.RESOLVED.label, "ok"),
}
PROBLEM_TRANSITIONS: dict[str, frozenset[str]] = {
    ProblemState.OPEN: frozenset({ProblemState.RESOLVED}),
    ProblemState.RESOLVED: frozenset({ProblemState.OPEN}),
}


class ProblemOutcome(models.TextChoices):
    MENDED = "mended", _("Mended")
    COMPENSATED = "compensated", _("Compensated")
    TERMINATED = "terminated", _("Terminated")
    DROPPED = "dropped", _("Dropped")


# The next steps of each kind, in order; a person ticks them off.
PROBLEM_STEPS: dict[str, tuple[tuple[str, object], ...]] = {
    ProblemKind.TECHNICAL: (
        ("binding", _("Check that shop and creator account are bound as affiliates.")),
        ("source", _("Compare the import or the API with the platform's own page.")),
        ("reload", _("Bring the missing numbers in again.")),
    ),
    ProblemKind.FULFILMENT: (
        ("terms", _("Compare what was delivered with the agreed terms.")),
        ("ask", _("Ask the creator, and keep the answer in the conversation.")),
        ("decide", _("Agree on a new date, compensation or termination.")),
    ),
    ProblemKind.EVALUATION: (
        ("data", _("Put the raw results beside the disputed rating.")),
        ("teams", _("Hear operations, marketing and service.")),
        ("answer", _("Decide with a reason and tell the creator.")),
    ),
}
