"""One case with everything that its page shows to a reader, and what happened to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from core.models import StoredFile
from violations.models import Appeal, EntryDetails, Evidence, LedgerEntry, Notice, Restriction, ReversalRequest
from violations.querysets import evidence_visible_to
from violations.rules.sealing import details_digest
from violations.selectors.appeals import appeal_until
from violations.selectors.notices import is_unsure
from violations.selectors.rulebook_words import feature_words
from violations.services.verification import PAYLOAD
from violations.states import NOTICE_LOOKS, REQUEST_LOOKS, NoticeState

RELATED = ("creator__market", "creator__facts", "rule__book", "judged_by", "shop", "recorded_by", "answers", "details")
# The same expression as `verify_ledger`, for one entry and the one before it.
LINK = f"""
SELECT e.hash = encode(sha256(convert_to({PAYLOAD}, 'UTF8')), 'hex') AND e.previous_hash = coalesce(
    (SELECT p.hash FROM violations_ledgerentry p WHERE p.creator_id = e.creator_id AND p.sequence = e.sequence - 1),
    repeat('0', 64))
FROM violations_ledgerentry e WHERE e.id = %s"""


@dataclass(frozen=True)
class NoticeLine:
    """A notice; an unsure one was cut off while it was sent."""

    notice: Notice
    is_unsure: bool


@dataclass(frozen=True)
class HistoryLine:
    """What happened: `who` is None where the creator or a worker did it; `origin` is the address it came from."""

    at: datetime
    who: User | None
    text: str | Promise
    note: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Case:
    """An entry and what belongs to it; `sees_all` are ops and the shop it came from."""

    entry: LedgerEntry
    details: EntryDetails
    sees_all: bool
    evidence: list[Evidence]
    notices: list[NoticeLine]
    appeals: list[Appeal]
    requests: list[ReversalRequest]
    reversal: LedgerEntry | None
    restrictions: list[Restriction]
    # Contents and link are those that were hashed, and the texts and files those that were sealed.
    link_holds: bool
    texts_hold: bool
    appeal_until: datetime | None
    history: list[HistoryLine]

    @property
    def features(self) -> str:
        """What it withdraws or gives back, in words."""
        return feature_words(self.entry.features)

    @property
    def open_request(self) -> ReversalRequest | None:
        return next((one for one in self.requests if one.state == "proposed"), None)

    def counts(self, at: datetime) -> bool:
        """Whether its points count at the instant."""
        entry = self.entry
        return bool(entry.expires_at and entry.effective_at <= at < entry.expires_at and self.reversal is None)


def case_of(entry: LedgerEntry, user: User, *, at: datetime) -> Case:
    """The case of an entry, read with RELATED, as the reader may see it."""
    sees_all = LedgerEntry.objects.with_evidence_for(user).filter(pk=entry.pk).exists()
    notices = list(entry.notices.select_related("created_by", "proof"))
    requests = list(entry.reversal_requests.select_related("proposed_by", "decided_by"))
    evidence = list(Evidence.objects.filter(entry=entry).select_related("file"))
    return Case(
        entry=entry,
        details=entry.details,
        sees_all=sees_all,
        evidence=evidence if sees_all else [],
        notices=[NoticeLine(one, is_unsure(one, at=at)) for one in notices],
        appeals=list(entry.appeals.select_related("filed_by", "assigned_to", "decided_by").order_by("number")),
        requests=requests,
        reversal=entry.reversals.select_related("recorded_by", "details").first(),
        restrictions=list(entry.restrictions.exclude(feature="").order_by("pk")),
        link_holds=link_holds(entry),
        texts_hold=texts_hold(entry, [one.file.sha256 for one in evidence]),
        appeal_until=appeal_until(entry),
        history=_history(entry, notices, requests),
    )


def link_holds(entry: LedgerEntry) -> bool:
    """Whether the entry says what was hashed, and follows the one before it."""
    with connection.cursor() as cursor:
        cursor.execute(LINK, [entry.pk])
        row: tuple[bool] = cursor.fetchone()
    return bool(row[0])


def texts_hold(entry: LedgerEntry, evidence: list[str]) -> bool:
    """Whether texts and files (SHA-256, in order) are those that were sealed; erased ones are not looked at."""
    details = entry.details
    if details.erased_at is not None:
        return True
    texts = {name: getattr(details, name) for name in ("salt", "note", "internal_note", "content_link", "reason")}
    return evidence == details.evidence_sha256 and entry.details_digest == details_digest(**texts, evidence=evidence)


def evidence_shown(user: User) -> QuerySet[Evidence]:
    """Evidence that the user may open."""
    return evidence_visible_to(Evidence.objects.select_related("file"), user)


def proofs_shown(user: User) -> QuerySet[Notice]:
    """Notices with a proof that the user may open."""
    entries = LedgerEntry.objects.with_evidence_for(user)
    return Notice.objects.filter(proof__isnull=False, entry__in=entries).select_related("proof")


def uploads_of(user: User, keys: list[str]) -> list[StoredFile]:
    """Files that the user uploaded as evidence and that nothing has taken yet, in the order given."""
    numbers = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
    found = StoredFile.objects.filter(pk__in=numbers, uploaded_by=user, expires_at__isnull=False).in_bulk()
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def _history(entry: LedgerEntry, notices: list[Notice], requests: list[ReversalRequest]) -> list[HistoryLine]:
    """What people and workers did, oldest first; changes come from the history that the database keeps."""
    lines = [HistoryLine(entry.recorded_at, entry.recorded_by, _("Logged"))]
    lines += [HistoryLine(one.created_at, one.created_by, _notice_words(one)) for one in notices]
    lines += [HistoryLine(one.proposed_at, one.proposed_by, _("Reversal proposed"), one.reason) for one in requests]
    lines += _changes(notices, requests)
    for appeal in entry.appeals.select_related("filed_by", "decided_by"):
        lines.append(HistoryLine(appeal.filed_at, appeal.filed_by, _("Appeal filed"), appeal.statement))
        if appeal.decided_at:
            lines.append(HistoryLine(appeal.decided_at, appeal.decided_by, appeal.look.label, appeal.decision))
    for one in entry.reversals.select_related("recorded_by", "details"):
        text = _("Reversed by %(case)s") % {"case": one.case}
        lines.append(HistoryLine(one.recorded_at, one.recorded_by, text, one.details.reason))
    details = entry.details
    if details.erased_at:
        lines.append(HistoryLine(details.erased_at, details.erased_by, _("Texts and files erased")))
    return sorted(lines, key=lambda line: line.at)


def _notice_words(notice: Notice) -> str:
    return _("Notice: %(channel)s") % {"channel": notice.get_channel_display()}


def _changes(notices: list[Notice], requests: list[ReversalRequest]) -> list[HistoryLine]:
    """Changes of state, with who made them and from where."""
    events: list[Any] = []
    for name, rows in (("NoticeEvent", notices), ("ReversalRequestEvent", requests)):
        stored = apps.get_model("violations", name)._default_manager.filter(pgh_obj_id__in=[row.pk for row in rows])
        events += stored.select_related("pgh_context")
    contexts = [event.pgh_context.metadata if event.pgh_context else {} for event in events]
    people = User.objects.in_bulk([actor for context in contexts if (actor := context.get("user"))])
    lines = []
    for event, context in zip(events, contexts, strict=True):
        who, origin = people.get(context.get("user")), context.get("address", "")
        lines.append(HistoryLine(event.pgh_created_at, who, *_event_words(event), origin))
    return lines


def _event_words(event: Any) -> tuple[str, str]:
    if event.state in NoticeState.values:
        return _("Notice: %(state)s") % {"state": NOTICE_LOOKS[event.state].label}, event.error
    return _("Reversal: %(state)s") % {"state": REQUEST_LOOKS[event.state].label}, event.decision_note
