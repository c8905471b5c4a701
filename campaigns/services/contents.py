"""Contents of collaborations."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from campaigns.models import Collaboration, Content, ContentMove
from campaigns.rules.due import CONTENT_DAYS
from campaigns.states.contents import ContentKind, ContentState
from campaigns.states.plans import ContentForm


@transaction.atomic
def contents_open(*, collaboration: Collaboration, at: datetime, by: User | None) -> list[Content]:
    """Make the contents that a collaboration owes: as many as agreed; due in two weeks where no sample goes first."""
    plan = collaboration.plan
    kind = ContentKind.LIVE if plan.content_form == ContentForm.LIVE else ContentKind.VIDEO
    due_at = None if plan.has_samples else at + timedelta(days=CONTENT_DAYS)
    contents = Content.objects.bulk_create(
        [
            Content(
                collaboration=collaboration,
                number=number,
                kind=kind,
                cell=collaboration.seat.cell,
                state_at=at,
                due_at=due_at,
                created_at=at,
            )
            for number in range(1, plan.contents_wanted + 1)
        ]
    )
    ContentMove.objects.bulk_create(
        [ContentMove(content=content, to_state=content.state, by=by, at=at) for content in contents]
    )
    return contents


@transaction.atomic
def contents_cancel(*, collaboration: Collaboration, at: datetime, by: User | None, reason: str) -> int:
    """The collaboration ended: what is not out yet is not wanted any more. Returns how many."""
    gone = [ContentState.PUBLISHED, ContentState.TAKEN_DOWN, ContentState.CANCELLED]
    contents = list(collaboration.contents.exclude(state__in=gone).select_for_update().order_by("pk"))
    for content in contents:
        ContentMove.objects.create(
            content=content, from_state=content.state, to_state=ContentState.CANCELLED, by=by, at=at, reason=reason
        )
        content.state, content.state_at = ContentState.CANCELLED, at
        content.save(update_fields=["state", "state_at"])
    return len(contents)
