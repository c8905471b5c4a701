"""What higher apps say against working with creators: marks in every list, and reasons to refuse a seat."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.models import User

Colour = Literal["bad", "warn", "info"]


@dataclass(frozen=True)
class Finding:
    """One thing to know about a creator: a short label, the whole reason as a sentence, and until when.

    `code` names its kind for machines. `blocks_seat`: no new seat in any plan, or, with `shop_id`, in any plan of that
    shop; otherwise a seat is refused where a plan needs one of `features`.
    """

    label: str | Promise
    reason: str
    colour: Colour
    until: datetime | None = None
    blocks_seat: bool = False
    features: tuple[str, ...] = ()
    shop_id: int | None = None
    code: str = "restricted"


@dataclass(frozen=True)
class Guard:
    """Findings about many creators for a reader at an instant, by creator; those without are left out.

    Listed in `config.composition.GUARDS`. The number of queries does not grow with the creators. `summary` is what the
    head of one creator's profile says beside them, where there is more to say.
    """

    key: str
    findings: Callable[[Sequence[int], User, datetime], dict[int, list[Finding]]]
    summary: Callable[[int, User, datetime], list[Finding]] | None = None


def guards() -> list[Guard]:
    """The guards of every app, in order."""
    return [import_string(path) for path in import_string(settings.GUARDS)]


def summary_of(creator_id: int, user: User, at: datetime) -> list[Finding]:
    """What the head of the creator's profile says beside the marks."""
    return [one for guard in guards() if guard.summary for one in guard.summary(creator_id, user, at)]


def marks_of(creator_ids: Sequence[int], user: User, at: datetime) -> dict[int, list[Finding]]:
    """What the reader is to know of these creators at the instant, by creator."""
    marks: dict[int, list[Finding]] = defaultdict(list)
    if creator_ids:
        for guard in guards():
            for creator_id, findings in guard.findings(creator_ids, user, at).items():
                marks[creator_id] += findings
    return dict(marks)
