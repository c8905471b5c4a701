"""Drafts of contents and their reviews. Each draft is a round with its checklist and its verdict."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Agreement, Content, ContentRound
from campaigns.rules.checklist import Brief, answered, checklist_of, open_items, points_of
from campaigns.services.collaborations import collaboration_follow
from campaigns.services.contents import check_step, content_step
from campaigns.services.publications import content_hold
from campaigns.services.sampling import check_agreed
from campaigns.states.contents import ContentState, Verdict
from core.errors import DomainError
from core.models import StoredFile

S = ContentState


@transaction.atomic
def draft_submit(
    *,
    content: Content,
    by: User,
    at: datetime,
    draft_url: str = "",
    file: StoredFile | None = None,
    script: str = "",
    note: str = "",
) -> ContentRound:
    """A draft came in: a link, a file or a script. The checklist is filled in from the script, and the review begins.

    Raises DomainError `not_agreed`, `draft_empty`, `link_invalid`, `content_move_impossible`.
    """
    held = content_hold(content=content)
    check_agreed(held.collaboration)
    check_step(held, S.IN_REVIEW)
    if not (draft_url.strip() or file or script.strip()):
        text = _("Add a link, a file or the script.")
        raise DomainError("draft_empty", text, fields={"draft_url": text})
    draft = ContentRound(
        content=held,
        number=held.rounds + 1,
        draft_url=_checked_link(draft_url),
        file=file,
        script=script.strip(),
        note=note.strip(),
        submitted_by=by,
        submitted_at=at,
    )
    draft.checklist = checklist_of(brief_of(held), draft.script)
    draft.save()
    if file is not None:
        # An upload that nothing takes is swept; this one is kept.
        StoredFile.objects.filter(pk=file.pk).update(expires_at=None)
    held.rounds = draft.number
    content_step(content=held, to=S.IN_REVIEW, at=at, by=by, fields=("rounds",))
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return draft


@transaction.atomic
def draft_review(
    *, draft: ContentRound, verdict: str, confirmed: Collection[int], by: User, at: datetime, comments: str = ""
) -> ContentRound:
    """Say what the review found. `confirmed` are the places of the checklist that a person found right.

    An approval needs every item, a request for changes says which. Raises DomainError `verdict_unknown`,
    `checklist_open`, `comments_missing`, `reviewed_already`.
    """
    held = content_hold(content=draft.content)
    draft = ContentRound.objects.select_for_update().get(pk=draft.pk)
    if draft.verdict or held.state != S.IN_REVIEW:
        text = _("This draft was reviewed before: reload the page.")
        raise DomainError("reviewed_already", text, status=409)
    if verdict not in Verdict.values:
        text = _("Choose: approved or changes.")
        raise DomainError("verdict_unknown", text, fields={"verdict": text})
    draft.checklist = answered(draft.checklist, confirmed)
    if verdict == Verdict.APPROVED and open_items(draft.checklist):
        text = _("Confirm every item of the checklist, or ask for changes.")
        raise DomainError("checklist_open", text, fields={"confirmed": text})
    if verdict == Verdict.CHANGES and not comments.strip():
        text = _("Say what is to be changed.")
        raise DomainError("comments_missing", text, fields={"comments": text})
    draft.verdict, draft.comments, draft.reviewed_by, draft.reviewed_at = verdict, comments.strip(), by, at
    draft.save(update_fields=["checklist", "verdict", "comments", "reviewed_by", "reviewed_at"])
    to = S.APPROVED if verdict == Verdict.APPROVED else S.CHANGES_ASKED
    content_step(content=held, to=to, at=at, by=by, reason=draft.comments)
    collaboration_follow(collaboration=held.collaboration, at=at, by=by)
    return draft


def brief_of(content: Content) -> Brief:
    """What drafts of a content are read against: the campaign's brief and the agreed rights."""
    plan = content.collaboration.plan
    campaign = plan.campaign
    agreement = Agreement.objects.filter(collaboration=content.collaboration_id, frozen_at__isnull=False).first()
    return Brief(
        market=plan.market_id,
        points=points_of(campaign.talking_points) if campaign else (),
        forbidden=tuple(campaign.forbidden_words) if campaign else (),
        rights_asked=campaign.usage_rights.strip() if campaign else "",
        rights_agreed=agreement.usage_rights.strip() if agreement else "",
    )


def _checked_link(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    url = text if "://" in text else f"https://{text}"
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or "") or len(url) > 500:
        problem = _("Paste the whole link, such as https://drive.example.com/draft.mp4.")
        raise DomainError("link_invalid", problem, fields={"draft_url": problem})
    return url
