"""Breaches of collaborations that become violations of the ledger, with the evidence of their problem."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.models import User
from campaigns.models import Problem
from campaigns.services.problems import check_waiting, problem_hold
from core.models import StoredFile
from violations.models import LedgerEntry
from violations.services.cases import Incident, case_open


@transaction.atomic
def problem_log(*, problem: Problem, incident: Incident, files: Collection[int], by: User, at: datetime) -> LedgerEntry:
    """Log the violation of a handed problem and link the two; `files` are keys of its files that go along.

    Creator and shop are those of the collaboration. The creator is told from the case. Raises DomainError
    `not_handed`, `logged_already` (409), and what `violation_log` raises.
    """
    held = problem_hold(problem=problem)
    check_waiting(held)
    kept = held.files.filter(pk__in=files).select_related("file")
    incident = replace(
        incident,
        creator=held.collaboration.creator,
        shop=held.collaboration.shop,
        evidence=[*incident.evidence, *(_copied(one.file, by=by, at=at) for one in kept)],
    )
    entry = case_open(incident=incident, notice=None, by=by, at=at)
    held.entry = entry
    held.save(update_fields=["entry"])
    return entry


def _copied(file: StoredFile, *, by: User, at: datetime) -> StoredFile:
    """A row of its own on the same bytes: erasing the entry forgets its evidence and leaves the problem's."""
    return StoredFile.objects.create(
        sha256=file.sha256,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        uploaded_by=by,
        uploaded_at=at,
        expires_at=None,
    )
