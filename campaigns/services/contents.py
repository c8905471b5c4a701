"""Contents of collaborations: made, due, cancelled. Whoever changes one holds its collaboration first.

The services that people call are in `publications`, `drafts` and `results`; those bring the collaboration along, which
these may not: the collaboration itself calls them.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Agreement, Collaboration, Content, ContentMove
from campaigns.rules.due import CONTENT_DAYS
from campaigns.states.contents import CONTENT_TRANSITIONS, ContentKind, ContentState
from campaigns.states.plans import ContentForm
from core.errors import DomainError

S = ContentState
# Not out yet, and waited for.
WAITING = (S.DUE, S.IN_REVIEW, S.CHANGES_ASKED, S.APPROVED)


@transaction.atomic
def contents_open(*, collaboration: Collaboration, at: datetime, by: User | None) -> list[Content]:
    """Make the contents that a collaboration owes: as many as agreed, due on the agreed day.

    Without an agreed day they are due in two weeks where no sample goes first, else when it was delivered.
    """
    plan = collaboration.plan
    agreement = Agreement.objects.filter(collaboration=collaboration).first()
    due_at = None if plan.has_samples else at + timedelta(days=CONTENT_DAYS)
    if agreement is not None and agreement.due_on is not None:
        due_at = datetime.combine(agreement.due_on, time.max, ZoneInfo(plan.market.time_zone))
    wanted = plan.contents_wanted if agreement is None else agreement.contents
    contents = Content.objects.bulk_create(
        [
            Content(
                collaboration=collaboration,
                number=number,
                kind=_kind(plan.content_form, number),
                cell=collaboration.seat.cell,
                state_at=at,
                due_at=due_at,
                created_at=at,
            )
            for number in range(1, wanted + 1)
        ]
    )
    ContentMove.objects.bulk_create(
        [ContentMove(content=content, to_state=content.state, by=by, at=at) for content in contents]
    )
    return contents


@transaction.atomic
def contents_cancel(*, collaboration: Collaboration, at: datetime, by: User | None, reason: str) -> int:
    """The collaboration ended: what is not out yet is not wanted any more. Returns how many."""
    contents = list(collaboration.contents.filter(state__in=WAITING).select_for_update().order_by("pk"))
    for content in contents:
        content_step(content=content, to=S.CANCELLED, at=at, by=by, reason=reason)
    return len(contents)


def contents_due_later(*, collaboration: Collaboration, due_at: datetime) -> int:
    """Contents of a held collaboration that are not out yet are not due before the instant; returns how many moved."""
    moved = 0
    for content in collaboration.contents.filter(state__in=WAITING).select_for_update().order_by("pk"):
        if content.due_at is None or content.due_at < due_at:
            content.due_at = due_at
            content.save(update_fields=["due_at"])
            moved += 1
    return moved


def check_step(content: Content, to: ContentState) -> None:
    """Raises DomainError `content_move_impossible` (409) where the table has no such step."""
    if to in CONTENT_TRANSITIONS[content.state]:
        return
    text = _("This content is in the state “%(state)s”: it cannot become “%(to)s”. Reload the page.")
    raise DomainError("content_move_impossible", text % {"state": content.look.label, "to": to.label}, status=409)


def content_step(
    *, content: Content, to: ContentState, at: datetime, by: User | None, reason: str = "", fields: Sequence[str] = ()
) -> Content:
    """Move a held content along its table, with its row; `fields` changed too. Raises `content_move_impossible`."""
    check_step(content, to)
    before, content.state, content.state_at = content.state, to, at
    content.save(update_fields=["state", "state_at", *fields])
    ContentMove.objects.create(content=content, from_state=before, to_state=to, by=by, at=at, reason=reason)
    return content


def _kind(form: str, number: int) -> ContentKind:
    """Where a plan wants both, they take turns, a video first."""
    is_live = form == ContentForm.LIVE or (form == ContentForm.BOTH and number % 2 == 0)
    return ContentKind.LIVE if is_live else ContentKind.VIDEO
