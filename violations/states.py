"""States and kinds of rule books, the ledger, appeals and the blacklist."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Look


class Severity(models.TextChoices):
    MINOR = "minor", _("Minor")
    MODERATE = "moderate", _("Moderate")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical")
    EXTREME = "extreme", _("Extreme")


SEVERITY_LOOKS: dict[str, Look] = {
    Severity.MINOR: Look(Severity.MINOR.label, "idle"),
    Severity.MODERATE: Look(Severity.MODERATE.label, "info"),
    Severity.MAJOR: Look(Severity.MAJOR.label, "warn"),
    Severity.CRITICAL: Look(Severity.CRITICAL.label, "bad"),
    Severity.EXTREME: Look(Severity.EXTREME.label, "bad"),
}


class Feature(models.TextChoices):
    """A selling feature of the platform that can be withdrawn."""

    LIVE = "live", _("LIVE")
    VIDEO = "video", _("Video")
    SHOWCASE = "showcase", _("Showcase")


class BookState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


BOOK_LOOKS: dict[str, Look] = {
    BookState.DRAFT: Look(BookState.DRAFT.label, "idle"),
    BookState.PUBLISHED: Look(BookState.PUBLISHED.label, "ok"),
}
BOOK_TRANSITIONS: dict[str, frozenset[str]] = {
    BookState.DRAFT: frozenset({BookState.PUBLISHED}),
    BookState.PUBLISHED: frozenset(),
}


class EntryKind(models.TextChoices):
    VIOLATION = "violation", _("Violation")
    REVERSAL = "reversal", _("Reversal")
    MEASURE = "measure", _("Measure")
    LIFT = "lift", _("Lift")


class ReversalKind(models.TextChoices):
    APPEAL_WON = "appeal_won", _("Appeal won")
    OWN_MISTAKE = "own_mistake", _("Our own mistake")


class Measure(models.TextChoices):
    """What ops do beside the points; each is an entry of zero points."""

    FREEZE_PAYMENTS = "freeze_payments", _("Freeze payments")
    RELEASE_PAYMENTS = "release_payments", _("Release payments")
    REMOVE_CONTENT = "remove_content", _("Remove content")
    REMOVE_ACCOUNT_INFO = "remove_account_info", _("Remove account information")
    LIMIT_ACCOUNT = "limit_account", _("Limit the account")
    BLOCK_ACCOUNT = "block_account", _("Block the account")
    WITHDRAW_EXPOSURE = "withdraw_exposure", _("Withdraw selling: media exposure")
    WITHDRAW_COMPLAINT = "withdraw_complaint", _("Withdraw selling: user complaint")
    WITHDRAW_ILLEGAL = "withdraw_illegal", _("Withdraw selling: illegal activity")


# Measures that withdraw the features they name, until they are lifted or their end comes.
WITHDRAWING = frozenset(
    {
        Measure.LIMIT_ACCOUNT,
        Measure.BLOCK_ACCOUNT,
        Measure.WITHDRAW_EXPOSURE,
        Measure.WITHDRAW_COMPLAINT,
        Measure.WITHDRAW_ILLEGAL,
    }
)


class RestrictionCause(models.TextChoices):
    MILESTONE = "milestone", _("Points")
    STRIKES = "strikes", _("Three strikes")
    MEASURE = "measure", _("Measure")


class RestrictionOutcome(models.TextChoices):
    """How a restriction ended other than by its own end."""

    OVERTURNED = "overturned", _("Overturned")
    LIFTED = "lifted", _("Lifted")
    BELOW = "below", _("Balance below the threshold by a reversal")


class RequestState(models.TextChoices):
    """A reversal that a second person decides."""

    PROPOSED = "proposed", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")


REQUEST_LOOKS: dict[str, Look] = {
    RequestState.PROPOSED: Look(RequestState.PROPOSED.label, "warn"),
    RequestState.CONFIRMED: Look(RequestState.CONFIRMED.label, "ok"),
    RequestState.REFUSED: Look(RequestState.REFUSED.label, "idle"),
}
REQUEST_TRANSITIONS: dict[str, frozenset[str]] = {
    RequestState.PROPOSED: frozenset({RequestState.CONFIRMED, RequestState.REFUSED}),
    RequestState.CONFIRMED: frozenset(),
    RequestState.REFUSED: frozenset(),
}


class NoticeChannel(models.TextChoices):
    MAIL = "mail", _("Mail")
    HANDED_OVER = "handed_over", _("Handed over")


class NoticeState(models.TextChoices):
    """A mail is marked as being sent before it is sent: after a crash it is unsure, and never sent twice."""

    WAITING = "waiting", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")


NOTICE_LOOKS: dict[str, Look] = {
    NoticeState.WAITING: Look(NoticeState.WAITING.label, "idle"),
    NoticeState.SENDING: Look(NoticeState.SENDING.label, "info"),
    NoticeState.SENT: Look(NoticeState.SENT.label, "ok"),
    NoticeState.FAILED: Look(NoticeState.FAILED.label, "bad"),
}
NOTICE_TRANSITIONS: dict[str, frozenset[str]] = {
    NoticeState.WAITING: frozenset({NoticeState.SENDING}),
    NoticeState.SENDING: frozenset({NoticeState.SENT, NoticeState.FAILED}),
    NoticeState.SENT: frozenset(),
    NoticeState.FAILED: frozenset({NoticeState.WAITING}),
}


class AppealState(models.TextChoices):
    """`upheld` keeps the entry, `overturned` reverses it."""

    SUBMITTED = "submitted", _("Submitted")
    EVIDENCE_ASKED = "evidence_asked", _("Evidence asked")
    UNDER_REVIEW = "under_review", _("Under review")
    UPHELD = "upheld", _("Entry upheld")
    OVERTURNED = "overturned", _("Entry overturned")
    WITHDRAWN = "withdrawn", _("Withdrawn")


APPEAL_LOOKS: dict[str, Look] = {
    AppealState.SUBMITTED: Look(AppealState.SUBMITTED.label, "info"),
    AppealState.EVIDENCE_ASKED: Look(AppealState.EVIDENCE_ASKED.label, "warn"),
    AppealState.UNDER_REVIEW: Look(AppealState.UNDER_REVIEW.label, "info"),
    AppealState.UPHELD: Look(AppealState.UPHELD.label, "bad"),
    AppealState.OVERTURNED: Look(AppealState.OVERTURNED.label, "ok"),
    AppealState.WITHDRAWN: Look(AppealState.WITHDRAWN.label, "idle"),
}
_DECISIONS = frozenset({AppealState.UPHELD, AppealState.OVERTURNED, AppealState.WITHDRAWN})
APPEAL_TRANSITIONS: dict[str, frozenset[str]] = {
    AppealState.SUBMITTED: frozenset({AppealState.EVIDENCE_ASKED, AppealState.UNDER_REVIEW}) | _DECISIONS,
    AppealState.EVIDENCE_ASKED: frozenset({AppealState.UNDER_REVIEW}) | _DECISIONS,
    AppealState.UNDER_REVIEW: frozenset({AppealState.EVIDENCE_ASKED}) | _DECISIONS,
    AppealState.UPHELD: frozenset(),
    AppealState.OVERTURNED: frozenset(),
    AppealState.WITHDRAWN: frozenset(),
}
APPEAL_OPEN = frozenset({AppealState.SUBMITTED, AppealState.EVIDENCE_ASKED, AppealState.UNDER_REVIEW})


class BlacklistState(models.TextChoices):
    PROPOSED = "proposed", _("Waits for a second person")
    ACTIVE = "active", _("Blacklisted")
    REFUSED = "refused", _("Refused")
    REMOVED = "removed", _("Removed")


BLACKLIST_LOOKS: dict[str, Look] = {
    BlacklistState.PROPOSED: Look(BlacklistState.PROPOSED.label, "warn"),
    BlacklistState.ACTIVE: Look(BlacklistState.ACTIVE.label, "bad"),
    BlacklistState.REFUSED: Look(BlacklistState.REFUSED.label, "idle"),
    BlacklistState.REMOVED: Look(BlacklistState.REMOVED.label, "idle"),
}
BLACKLIST_TRANSITIONS: dict[str, frozenset[str]] = {
    BlacklistState.PROPOSED: frozenset({BlacklistState.ACTIVE, BlacklistState.REFUSED}),
    BlacklistState.ACTIVE: frozenset({BlacklistState.REMOVED}),
    BlacklistState.REFUSED: frozenset(),
    BlacklistState.REMOVED: frozenset(),
}
BLACKLIST_OPEN = frozenset({BlacklistState.PROPOSED, BlacklistState.ACTIVE})


class BatchKind(models.TextChoices):
    VIOLATIONS = "violations", _("Violations")
    HEALTH = "health", _("Creator Health Ratings")
