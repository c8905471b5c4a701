"""What people change about a creator: corrections of values, and accounts that are one person."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError
from creators.metrics import BY_KEY
from creators.models import Creator, Person, Snapshot
from creators.services.merge import creators_lock, facts_merge
from creators.states import Quality

SOURCE = "manual"
WORDS = ("nickname", "language", "agency", "bio")


@transaction.atomic
def creator_edit(
    *,
    creator: Creator,
    by: User,
    at: datetime,
    as_of: date,
    words: Mapping[str, str] | None = None,
    metrics: Mapping[str, Decimal] | None = None,
) -> Snapshot:
    """Keep a person's corrections, which win over every list, and merge the creator again.

    `words` holds some of nickname, language, agency, bio; `metrics` values by key, money in USD, rates as fractions.
    Raises DomainError: nothing_changed, as_of_in_future, metric_not_editable.
    """
    words, metrics = dict(words or {}), dict(metrics or {})
    if not words and not metrics:
        raise DomainError("nothing_changed", _("Nothing was changed. Correct a value, then save."))
    if as_of > at.date():
        raise DomainError(
            "as_of_in_future", _("Choose a day that has begun."), fields={"as_of": _("Not in the future.")}
        )
    if any(key not in BY_KEY or BY_KEY[key].derived for key in metrics) or words.keys() - set(WORDS):
        raise DomainError("metric_not_editable", _("This value is calculated from others. Correct those instead."))
    creators_lock(ids_sql="%s", params=[creator.pk])
    snapshot = Snapshot.objects.create(
        creator=creator,
        source=SOURCE,
        quality=Quality.EDITED,
        currency="USD",
        as_of=as_of,
        recorded_by=by,
        recorded_at=at,
        **words,
        **{key: value if BY_KEY[key].kind != "count" else int(value) for key, value in metrics.items()},
    )
    facts_merge(creator_ids=[creator.pk])
    return snapshot


@transaction.atomic
def creators_link(*, creators: Sequence[Creator], by: User, at: datetime) -> Person:
    """Say that these creators are one person; persons that they belonged to become that one.

    Raises DomainError: link_needs_two.
    """
    ids = {creator.pk for creator in creators}
    if len(ids) < 2:
        raise DomainError("link_needs_two", _("Choose another creator: one alone cannot be linked."))
    held = list(Creator.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    known = sorted({creator.person_id for creator in held if creator.person_id})
    if known:
        person = Person.objects.get(pk=known[0])
    else:
        name = next((creator.nickname for creator in held if creator.nickname), held[0].handle)
        person = Person.objects.create(name=name[:120], created_by=by, created_at=at)
    Creator.objects.filter(pk__in=ids).exclude(person=person).update(person=person)
    Creator.objects.filter(person__in=known[1:]).update(person=person)
    Person.objects.filter(pk__in=known[1:]).delete()
    return person


@transaction.atomic
def creator_unlink(*, creator: Creator, by: User) -> None:
    """Take a creator out of its person; a person of whom one creator is left goes too.

    Raises DomainError: not_linked.
    """
    held = Creator.objects.select_for_update(of=("self",)).get(pk=creator.pk)
    if held.person_id is None:
        raise DomainError("not_linked", _("This creator is not linked to another one."))
    person = held.person_id
    held.person = None
    held.save(update_fields=["person"])
    rest = Creator.objects.filter(person=person)
    if len(rest) < 2:
        rest.update(person=None)
        Person.objects.filter(pk=person).delete()
