"""Reversals of ops' own mistakes: one person proposes, a second one confirms or refuses."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from violations.models import LedgerEntry, ReversalRequest
from violations.services.ledger import reversal_append
from violations.states import REQUEST_TRANSITIONS, EntryKind, RequestState, ReversalKind


@transaction.atomic
def reversal_propose(*, entry: LedgerEntry, reason: str, by: User, at: datetime) -> ReversalRequest:
    """Ask a second person to take the violation back as our own mistake; nothing changes until they confirm.

    Raises DomainError `not_a_violation`, `reason_missing`, `already_reversed`, `already_proposed`.
    """
    if entry.kind != EntryKind.VIOLATION:
        raise DomainError("not_a_violation", _("Only violations can be reversed."), status=409)
    if not reason.strip():
        text = _("Say what was wrong about the entry.")
        raise DomainError("reason_missing", text, fields={"reason": text})
    if reversal := entry.reversals.first():
        text = _("%(case)s was already reversed by %(reversal)s.") % {"case": entry.case, "reversal": reversal.case}
        raise DomainError("already_reversed", text, status=409)
    try:
        # A savepoint: the database says whether somebody was faster.
        with transaction.atomic():
            return ReversalRequest.objects.create(entry=entry, reason=reason.strip(), proposed_by=by, proposed_at=at)
    except IntegrityError as error:
        text = _("A reversal of %(case)s already waits for a second person.") % {"case": entry.case}
        raise DomainError("already_proposed", text, status=409) from error


@transaction.atomic
def reversal_decide(*, request: ReversalRequest, confirm: bool, note: str, by: User, at: datetime) -> ReversalRequest:
    """Confirm or refuse a proposed reversal; confirming writes it into the ledger at once.

    Raises DomainError `already_decided`, `second_person_needed`, `note_missing` (to refuse), `already_reversed`.
    """
    requests = ReversalRequest.objects.select_for_update(of=("self",)).select_related("entry__creator")
    request = requests.get(pk=request.pk)
    state = RequestState.CONFIRMED if confirm else RequestState.REFUSED
    if state not in REQUEST_TRANSITIONS[request.state]:
        text = _("This reversal was decided before: %(state)s.") % {"state": request.look.label}
        raise DomainError("already_decided", text, status=409)
    if request.proposed_by_id == by.pk:
        text = _("You proposed this reversal. A second person decides it.")
        raise DomainError("second_person_needed", text, status=403)
    if not confirm and not note.strip():
        text = _("Say why the reversal is refused.")
        raise DomainError("note_missing", text, fields={"note": text})
    request.state, request.decided_by, request.decided_at, request.decision_note = state, by, at, note.strip()
    request.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    if confirm:
        reversal_append(entry=request.entry, kind=ReversalKind.OWN_MISTAKE, reason=request.reason, by=by, at=at)
    return request
