"""Entries of the ledger. Every one is written here, under the lock of the creator's chain; nothing changes one."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from core.errors import DomainError
from core.models import StoredFile
from creators.models import Creator
from violations.models import POINTS_LAST, EntryDetails, Evidence, LedgerEntry, LedgerHead, Rule, RuleBook
from violations.rules.links import content_key
from violations.rules.sealing import details_digest
from violations.selectors.consequences import consequences
from violations.selectors.incidents import possible_repeat, same_incident
from violations.selectors.standings import book_in_force
from violations.services.standings import standing_refresh
from violations.states import WITHDRAWING, EntryKind, Feature, Measure, ReversalKind


@transaction.atomic
def violation_log(
    *,
    creator: Creator,
    rule_code: str,
    effective_at: datetime,
    by: User,
    at: datetime,
    content_link: str = "",
    note: str = "",
    internal_note: str = "",
    shop: Shop | None = None,
    evidence: Sequence[StoredFile] = (),
    reason: str = "",
    repeat_confirmed: bool = False,
) -> LedgerEntry:
    """Log that a creator broke a rule; points, strikes and restrictions follow at once.

    Rule and points come from the book in force at `effective_at`, what they bring about from the book in force now.
    Raises DomainError `effective_in_future`, `late_without_reason`, `link_invalid`, `book_missing`, `rule_unknown`,
    `same_incident`, `repeat_unconfirmed`.
    """
    # In UTC: 90 days after a local time would be 90 days by the wall clock.
    effective_at = effective_at.astimezone(UTC)
    _check_time(effective_at, at, reason)
    key = link_key(content_link)
    rule = rule_in_force(creator=creator, rule_code=rule_code, at=effective_at)
    judged_by = book_for(creator, at)
    head = chain_lock(creator=creator)
    at = _in_order(at, head)
    _check_repeat(creator, rule, key, effective_at, at, repeat_confirmed)
    entry = _append(
        creator=creator,
        kind=EntryKind.VIOLATION,
        by=by,
        at=at,
        judged_by=judged_by,
        shop=shop,
        evidence=evidence,
        details={
            "note": note,
            "internal_note": internal_note,
            "content_link": content_link.strip(),
            "content_key": key,
            "reason": reason,
        },
        effective_at=effective_at,
        expires_at=effective_at + POINTS_LAST,
        points=rule.points,
        strike=rule.strike,
        severity=rule.severity,
        rule=rule,
        rule_code=rule.code,
        book_label=str(rule.book),
    )
    _follow(entry, by=by, at=at)
    return entry


@transaction.atomic
def reversal_append(*, entry: LedgerEntry, kind: ReversalKind, reason: str, by: User, at: datetime) -> LedgerEntry:
    """Take a violation back; what followed from it is replayed without it.

    Callers have checked who may. Raises DomainError `not_a_violation`, `already_reversed`.
    """
    if entry.kind != EntryKind.VIOLATION:
        raise DomainError("not_a_violation", _("Only violations can be reversed."), status=409)
    head = chain_lock(creator=entry.creator)
    at = _in_order(at, head)
    earlier = LedgerEntry.objects.filter(answers=entry).first()
    if earlier is not None:
        message = _("%(case)s was already reversed by %(reversal)s.")
        text = message % {"case": entry.case, "reversal": earlier.case}
        raise DomainError("already_reversed", text, status=409)
    reversal = _append(
        creator=entry.creator,
        kind=EntryKind.REVERSAL,
        by=by,
        at=at,
        judged_by=book_for(entry.creator, at),
        shop=entry.shop,
        details={"reason": reason},
        expires_at=entry.expires_at,
        points=-entry.points,
        severity=entry.severity,
        rule=entry.rule,
        rule_code=entry.rule_code,
        book_label=entry.book_label,
        answers=entry,
        reversal_kind=kind,
    )
    standing_refresh(creator_id=entry.creator_id, at=at)
    return reversal


@transaction.atomic
def measure_take(
    *,
    creator: Creator,
    measure: str,
    features: Sequence[str],
    ends_at: datetime | None,
    reason: str,
    by: User,
    at: datetime,
    evidence: Sequence[StoredFile],
    shop: Shop | None = None,
) -> LedgerEntry:
    """Record a measure of ops: zero points, but it may withdraw features until `ends_at` or a lift.

    Blocking the account withdraws every feature. Raises DomainError `measure_unknown`, `reason_missing`,
    `evidence_missing`, `features_missing`, `end_in_past`, `book_missing`.
    """
    if measure not in Measure.values:
        raise DomainError("measure_unknown", _("Choose a measure."), fields={"measure": _("Choose a measure.")})
    _check_reason(reason)
    _check_evidence(evidence)
    if measure == Measure.BLOCK_ACCOUNT:
        features = Feature.values
    if measure not in WITHDRAWING:
        features, ends_at = (), None
    elif not _known(features):
        text = _("Choose what is withdrawn: LIVE, video or showcase.")
        raise DomainError("features_missing", text, fields={"features": text})
    head = chain_lock(creator=creator)
    at = _in_order(at, head)
    if ends_at is not None and ends_at <= at:
        text = _("The end must be later than now. Leave it empty for no end.")
        raise DomainError("end_in_past", text, fields={"ends_at": text})
    entry = _append(
        creator=creator,
        kind=EntryKind.MEASURE,
        by=by,
        at=at,
        judged_by=book_for(creator, at),
        shop=shop,
        evidence=evidence,
        details={"reason": reason},
        measure=measure,
        features=_known(features),
        ends_at=ends_at,
    )
    _follow(entry, by=by, at=at)
    return entry


@transaction.atomic
def restriction_lift(
    *,
    creator: Creator,
    features: Sequence[str],
    reason: str,
    by: User,
    at: datetime,
    evidence: Sequence[StoredFile],
) -> LedgerEntry:
    """Give back the features now, whatever withdrew them.

    Raises DomainError `reason_missing`, `evidence_missing`, `features_missing`, `not_withdrawn`, `book_missing`.
    """
    _check_reason(reason)
    _check_evidence(evidence)
    head = chain_lock(creator=creator)
    at = _in_order(at, head)
    wanted = _known(features)
    withdrawn = set(creator.restrictions.in_force(at=at).values_list("feature", flat=True))
    if not wanted:
        text = _("Choose what is given back: LIVE, video or showcase.")
        raise DomainError("features_missing", text, fields={"features": text})
    if not withdrawn & set(wanted):
        text = _("None of these is withdrawn now. Reload the page.")
        raise DomainError("not_withdrawn", text, fields={"features": text}, status=409)
    entry = _append(
        creator=creator,
        kind=EntryKind.LIFT,
        by=by,
        at=at,
        judged_by=book_for(creator, at),
        evidence=evidence,
        details={"reason": reason},
        features=wanted,
    )
    standing_refresh(creator_id=creator.pk, at=at)
    return entry


@transaction.atomic
def details_erase(*, entry: LedgerEntry, by: User, at: datetime) -> EntryDetails:
    """Erase an entry's texts, names of files and its salt; the chain still verifies. Evidence files are forgotten.

    Raises DomainError `already_erased`.
    """
    details = EntryDetails.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if details.erased_at is not None:
        raise DomainError("already_erased", _("The texts of this entry were erased before."), status=409)
    for name in ("salt", "note", "internal_note", "content_link", "content_key", "reason"):
        setattr(details, name, "")
    details.evidence_sha256, details.erased_at, details.erased_by = [], at, by
    details.save()
    entry.notices.update(address="", subject="", body="")
    files = set(entry.evidence.values_list("file", flat=True))
    entry.evidence.all().delete()
    # Entries that were logged together share their files. The sweep of files removes the bytes that nothing names.
    shared = set(Evidence.objects.filter(file__in=files).values_list("file", flat=True))
    StoredFile.objects.filter(pk__in=files - shared).update(expires_at=at)
    return details


def rule_in_force(*, creator: Creator, rule_code: str, at: datetime) -> Rule:
    """The rule of the book in force in the creator's market at the instant. Raises `book_missing`, `rule_unknown`."""
    book = book_for(creator, at)
    rule = Rule.objects.select_related("book").filter(book=book, code=rule_code).first()
    if rule is None:
        text = _("%(book)s, in force at that time, has no such rule. Choose another one.") % {"book": book}
        raise DomainError("rule_unknown", text, fields={"rule_code": text})
    return rule


def chain_lock(*, creator: Creator) -> LedgerHead:
    """Hold the end of the creator's chain until the transaction ends."""
    LedgerHead.objects.bulk_create([LedgerHead(creator=creator)], ignore_conflicts=True)
    return LedgerHead.objects.select_for_update().get(pk=creator.pk)


def _in_order(at: datetime, head: LedgerHead) -> datetime:
    """The instant, or the first one after the chain's last entry when that one's host had its clock ahead.

    Not the same one: entries of one instant apply together, whichever was first.
    """
    last = head.recorded_at
    return at if last is None or last <= at else last + timedelta(microseconds=1)


def _append(
    *,
    creator: Creator,
    kind: EntryKind,
    by: User,
    at: datetime,
    judged_by: RuleBook,
    details: dict[str, str],
    evidence: Sequence[StoredFile] = (),
    **columns: Any,
) -> LedgerEntry:
    """Write an entry and its details; sequence and hashes are the database's."""
    salt = secrets.token_hex(16)
    texts = {name: details.get(name, "").strip() for name in ("note", "internal_note", "content_link", "reason")}
    digests = [file.sha256 for file in evidence]
    columns.setdefault("effective_at", at)
    entry = LedgerEntry.objects.create(
        creator=creator,
        sequence=0,
        kind=kind,
        recorded_at=at,
        recorded_by=by,
        judged_by=judged_by,
        details_digest=details_digest(salt=salt, evidence=digests, **texts),
        **columns,
    )
    EntryDetails.objects.create(
        entry=entry, salt=salt, content_key=details.get("content_key", ""), evidence_sha256=digests, **texts
    )
    if evidence:
        Evidence.objects.bulk_create([Evidence(entry=entry, file=file) for file in evidence])
        # An upload that no entry takes is swept; these are kept.
        StoredFile.objects.filter(pk__in=[file.pk for file in evidence]).update(expires_at=None)
    entry.refresh_from_db(fields=["sequence", "previous_hash", "hash"])
    return entry


def _follow(entry: LedgerEntry, *, by: User, at: datetime) -> None:
    """Store what the entry brings about, and let higher apps act on what it withdraws."""
    found = standing_refresh(creator_id=entry.creator_id, at=at)
    withdrawn = {row.feature for row in found.withdrawals if row.event == entry.pk and row.in_force(at)}
    if withdrawn:
        for consequence in consequences():
            consequence.apply(entry.creator, withdrawn, by, at)


def future_check(effective_at: datetime, at: datetime) -> None:
    """Raises DomainError `effective_in_future`."""
    if effective_at > at:
        text = _("It cannot have happened in the future.")
        raise DomainError("effective_in_future", text, fields={"effective_at": text})


def _check_time(effective_at: datetime, at: datetime, reason: str) -> None:
    future_check(effective_at, at)
    if effective_at <= at - POINTS_LAST and not reason.strip():
        text = _("It happened more than 90 days ago: say why it is logged now. It adds no points any more.")
        raise DomainError("late_without_reason", text, fields={"reason": text})


def link_key(link: str) -> str:
    """The normalised content link. Raises DomainError `link_invalid`."""
    try:
        return content_key(link)
    except ValueError as error:
        text = _("Write the whole link, such as https://www.tiktok.com/@handle/video/123.")
        raise DomainError("link_invalid", text, fields={"content_link": text}) from error


def book_for(creator: Creator, at: datetime) -> RuleBook:
    """The book in force in the creator's market. Raises DomainError `book_missing`."""
    book = book_in_force(creator.market_id, at=at)
    if book is None:
        raise DomainError(
            "book_missing", _("No rule book was in force in this market at that time. Publish one first.")
        )
    return book


def _check_repeat(
    creator: Creator, rule: Rule, key: str, effective_at: datetime, at: datetime, is_confirmed: bool
) -> None:
    if first := same_incident(creator=creator, rule_code=rule.code, key=key, at=at):
        text = _("The same incident is logged as %(case)s. An entry is corrected by a reversal.") % {"case": first.case}
        raise DomainError("same_incident", text, fields={"content_link": text}, status=409)
    if key or is_confirmed:
        return
    if first := possible_repeat(creator=creator, rule_code=rule.code, effective_at=effective_at, at=at):
        text = _("%(case)s is about the same rule within 24 hours. Confirm that this is another incident.")
        text = text % {"case": first.case}
        raise DomainError("repeat_unconfirmed", text, fields={"repeat_confirmed": text}, status=409)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        text = _("Say why.")
        raise DomainError("reason_missing", text, fields={"reason": text})


def _check_evidence(evidence: Sequence[StoredFile]) -> None:
    if not evidence:
        text = _("Add a file that proves it.")
        raise DomainError("evidence_missing", text, fields={"evidence": text})


def _known(features: Sequence[str]) -> list[str]:
    """The selling features among the texts, in their own order."""
    return [feature for feature in Feature.values if feature in features]
