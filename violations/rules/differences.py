"""What a version of a rule book says, and how it differs from another one. Pure functions of plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, TypeVar

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Parameters:
    """What a book says apart from its rules and milestones; days are calendar days, `decision_days` working days."""

    name_en: str
    name_zh: str
    effective_from: datetime
    strike_count: int
    strike_days: int
    strike_features: tuple[str, ...]
    appeal_days: int
    decision_days: int
    repeat_count: int
    repeat_days: int


@dataclass(frozen=True)
class RuleValues:
    """A rule without its book."""

    code: str
    severity: str
    points: int
    strike: bool
    clause: str
    title_en: str
    title_zh: str
    text_en: str
    text_zh: str


@dataclass(frozen=True)
class MilestoneValues:
    """A milestone without its book; `days` None: until a reversal or a lift."""

    threshold: int
    features: tuple[str, ...]
    days: int | None
    blocks_seats: bool
    text_en: str
    text_zh: str


Part = TypeVar("Part", RuleValues, MilestoneValues)


@dataclass(frozen=True)
class Contents:
    """All that a version says."""

    parameters: Parameters
    rules: tuple[RuleValues, ...] = ()
    milestones: tuple[MilestoneValues, ...] = ()


@dataclass(frozen=True)
class FieldChange:
    """A field before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """A rule (by its code) or a milestone (by its threshold) that was added, removed or changed."""

    kind: Kind
    part: RuleValues | MilestoneValues
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class Differences:
    """What one version says otherwise than the one before; false when they say the same."""

    parameters: tuple[FieldChange, ...]
    rules: tuple[Difference, ...]
    milestones: tuple[Difference, ...]

    def __bool__(self) -> bool:
        return bool(self.parameters or self.rules or self.milestones)


def differences(before: Contents, after: Contents) -> Differences:
    """How `after` differs from `before`: removed parts first, then added ones, then changed ones."""
    return Differences(
        parameters=field_changes(before.parameters, after.parameters),
        rules=_parts(before.rules, after.rules, "code"),
        milestones=_parts(before.milestones, after.milestones, "threshold"),
    )


def field_changes(before: Any, after: Any) -> tuple[FieldChange, ...]:
    """The fields in which two values of one dataclass differ, in their order."""
    pairs = ((one.name, getattr(before, one.name), getattr(after, one.name)) for one in fields(after))
    return tuple(FieldChange(name, old, new) for name, old, new in pairs if old != new)


def _parts(before: Sequence[Part], after: Sequence[Part], key: str) -> tuple[Difference, ...]:
    old, new = _by_key(before, key), _by_key(after, key)
    removed: list[Difference] = [Difference("removed", part) for name, part in old.items() if name not in new]
    added: list[Difference] = [Difference("added", part) for name, part in new.items() if name not in old]
    changed: list[Difference] = [
        Difference("changed", part, field_changes(old[name], part))
        for name, part in new.items()
        if name in old and old[name] != part
    ]
    return (*removed, *added, *changed)


def _by_key(parts: Sequence[Part], key: str) -> Mapping[Any, Part]:
    return {getattr(part, key): part for part in parts}
