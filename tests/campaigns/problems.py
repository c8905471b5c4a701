"""Problems that tests raise through the real service."""

from datetime import date
from typing import Any

from campaigns.models import Collaboration, Problem
from campaigns.services.problems import problem_raise
from tests.plans import NOON, make_collaboration


def make_problem(collaboration: Collaboration | None = None, **fields: Any) -> Problem:
    """A fulfilment problem of the collaboration's owner, due in three days."""
    collaboration = collaboration or make_collaboration(state="accepted")
    values: dict[str, Any] = {
        "kind": "fulfilment",
        "summary": "The video never came",
        "owner": collaboration.owner,
        "due_on": date(2026, 11, 25),
        "by": collaboration.owner,
        "at": NOON,
    }
    return problem_raise(collaboration=collaboration, **values | fields)
