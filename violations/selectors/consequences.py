"""What a restriction touches in higher apps: they say it in the preview, and act when it is logged."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from creators.models import Creator


@dataclass(frozen=True)
class Consequence:
    """`lines` says in words what withdrawing the features from the creator would touch; `apply` does it.

    `apply` runs in the transaction that writes the entry. Listed in `config.composition.CONSEQUENCES`.
    """

    lines: Callable[[Creator, Collection[str], datetime], list[str]]
    apply: Callable[[Creator, Collection[str], User, datetime], None]


def consequences() -> list[Consequence]:
    """Those of every app, in order."""
    return [import_string(path) for path in import_string(settings.CONSEQUENCES)]


def consequence_lines(creator: Creator, features: Collection[str], at: datetime) -> list[str]:
    """What withdrawing these features would touch, a sentence each."""
    return [line for one in consequences() for line in one.lines(creator, features, at)] if features else []
