"""A known handle with another id: a person says whether it is the same creator."""

import json
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from creators.models import Creator, CreatorConflict, CreatorHandle
from creators.services.imports.stage import METRIC_KEYS, SNAPSHOT_COLUMNS
from creators.services.merge import creators_lock, facts_merge
from creators.states import CONFLICT_TRANSITIONS, ConflictState

SNAPSHOT = """
INSERT INTO creators_snapshot (creator_id, source_import_id, source, quality, recorded_by_id, recorded_at, {columns})
SELECT %s, %s, %s, %s, %s, %s, {values} FROM jsonb_populate_record(NULL::creators_snapshot, %s) s"""


@transaction.atomic
def conflict_resolve(
    *, conflict: CreatorConflict, decision: ConflictState, by: User, note: str = ""
) -> CreatorConflict:
    """Resolve a conflict: the same creator takes the new id and the row's values; another creator takes the handle,
    and the old one keeps a marked handle; or the row is ignored.

    Raises DomainError `conflict_resolved` when somebody was quicker, `id_taken` when the id is another creator's.
    """
    held = CreatorConflict.objects.select_for_update(of=("self",)).select_related("source_import").get(pk=conflict.pk)
    if decision not in CONFLICT_TRANSITIONS[held.state]:
        raise DomainError("conflict_resolved", _("This conflict has already been resolved."), status=409)
    if decision == ConflictState.SAME:
        _snapshot(held, _take_id(held), by)
    elif decision == ConflictState.OTHER:
        _snapshot(held, _take_handle(held), by)
    held.state, held.resolved_by, held.resolved_at, held.note = decision, by, timezone.now(), note.strip()
    held.save(update_fields=["state", "resolved_by", "resolved_at", "note"])
    return held


def _take_id(conflict: CreatorConflict) -> int:
    """The creator with the handle is meant: it takes the id of the list."""
    creators_lock(ids_sql="%s", params=[conflict.creator_id])
    creator = Creator.objects.get(pk=conflict.creator_id)
    others = Creator.objects.filter(market_id=creator.market_id, external_id=conflict.external_id)
    if others.exclude(pk=creator.pk).exists():
        message = _("Another creator has the id %(id)s. Choose “another creator took the handle”, or ignore the row.")
        raise DomainError("id_taken", message % {"id": conflict.external_id}, status=409)
    creator.external_id = conflict.external_id
    creator.save(update_fields=["external_id"])
    return creator.pk


def _take_handle(conflict: CreatorConflict) -> int:
    """The handle has passed to the creator with the list's id (a new one if unknown); the old holder gives it up."""
    creators_lock(ids_sql="%s", params=[conflict.creator_id])
    old = Creator.objects.get(pk=conflict.creator_id)
    day = conflict.values["as_of"]
    given_up = f"{old.handle[:50]}.{old.pk}"
    CreatorHandle.objects.create(creator=old, handle=old.handle, replaced_by=given_up, until=day)
    handle, old.handle = old.handle, given_up
    old.save(update_fields=["handle"])
    facts_merge(creator_ids=[old.pk])
    creator = Creator.objects.filter(market_id=old.market_id, external_id=conflict.external_id).first()
    if creator is None:
        creator = Creator(
            market_id=old.market_id, external_id=conflict.external_id, first_seen_on=day, last_seen_on=day
        )
    else:
        CreatorHandle.objects.create(creator=creator, handle=creator.handle, replaced_by=handle, until=day)
    creator.handle = handle
    creator.save()
    return creator.pk


def _snapshot(conflict: CreatorConflict, creator_id: int, by: User) -> None:
    """Write the row that the conflict held back, and merge it."""
    source_import = conflict.source_import
    columns = [*SNAPSHOT_COLUMNS, *METRIC_KEYS]
    statement = SNAPSHOT.format(columns=", ".join(columns), values=", ".join(f"s.{column}" for column in columns))
    values: list[Any] = [
        creator_id,
        source_import.pk,
        source_import.source,
        source_import.quality,
        by.pk,
        timezone.now(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, json.dumps(conflict.values)])
    facts_merge(creator_ids=[creator_id])
