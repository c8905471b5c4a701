"""What logging a violation would bring about, by the rules that judge it when it is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from creators.models import Creator
from violations.models import POINTS_LAST, LedgerEntry, Rule, RuleBook
from violations.rules.plots import StepPlot, step_plot
from violations.rules.restrictions import Event, Standing, Threshold, Withdrawal, balance, standing
from violations.rules.windows import appeal_ends_at
from violations.selectors.consequences import consequence_lines
from violations.selectors.incidents import possible_repeat, same_incident
from violations.selectors.standings import books_of, events_of
from violations.services.ledger import book_for, future_check, link_key, rule_in_force
from violations.states import EntryKind, Feature

# The hypothetical entry; no row has it.
NEW = 0
# The meter ends a quarter behind the next threshold.
METER_ROOM = 1.25
# Marks of the meter that are closer overlap; percent.
MARK_GAP = 16


@dataclass(frozen=True)
class FiredLine:
    """Something that an entry would fire; a withdrawal without an end lasts until a reversal or a lift."""

    label: str | Promise
    is_withdrawal: bool = False
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Preview:
    """Before and after a hypothetical entry; `fired` are the withdrawals and warnings that it would bring about."""

    creator: Creator
    rule: Rule
    judged_by: RuleBook
    before: Standing
    after: Standing
    effective_at: datetime
    fired: tuple[Withdrawal, ...]
    next_threshold: Threshold | None
    touched: list[str]
    same: LedgerEntry | None
    repeat: LedgerEntry | None
    plot: StepPlot
    plot_threshold: int | None

    @property
    def appeal_until(self) -> datetime:
        """The last minute in which an appeal can be filed, when the creator is told at once."""
        days, zone = self.rule.book.appeal_days, self.creator.market.time_zone
        return appeal_ends_at(self.after.at, days=days, time_zone=zone) - timedelta(minutes=1)

    @property
    def fired_lines(self) -> list[FiredLine]:
        """What would fire, in words: a line for each feature with its latest end, and one for each warning."""
        lines = [
            FiredLine(_("Written warning at %(balance)s") % {"balance": row.threshold})
            for row in self.fired
            if not row.feature and not row.spent
        ]
        ends: dict[str, list[datetime | None]] = {}
        for row in self.withdrawn:
            ends.setdefault(row.feature, []).append(row.ends_at)
        for feature in Feature:
            if found := ends.get(feature):
                known = [end for end in found if end is not None]
                lines.append(FiredLine(feature.label, True, max(known) if len(known) == len(found) else None))
        return lines

    @property
    def expires_at(self) -> datetime:
        return self.effective_at + POINTS_LAST

    @property
    def is_expired(self) -> bool:
        """Too old to add anything."""
        return self.expires_at <= self.after.at

    @property
    def added(self) -> int:
        return self.after.balance - self.before.balance

    @property
    def points_away(self) -> int | None:
        """How many points are left to the next threshold."""
        return self.next_threshold.balance - self.after.balance if self.next_threshold else None

    @property
    def meter(self) -> dict[str, float]:
        """Shares of the meter in percent: the balance before, what is added, the mark of the next threshold."""
        mark = self.next_threshold.balance if self.next_threshold else max(self.after.balance, 1)
        scale = 100 / (mark * METER_ROOM)
        shares = {"before": self.before.balance, "added": self.added, "end": self.after.balance, "mark": mark}
        return {name: balance * scale for name, balance in shares.items()}

    @property
    def is_near(self) -> bool:
        """The marks of the new balance and of the threshold would overlap."""
        return self.meter["mark"] - self.meter["end"] < MARK_GAP

    @property
    def withdrawn(self) -> list[Withdrawal]:
        """The features that it would withdraw."""
        return [row for row in self.fired if row.feature]

    @property
    def strike_out(self) -> bool:
        return any(row.spent for row in self.fired)


def violation_preview(
    *, creator: Creator, rule_code: str, effective_at: datetime, at: datetime, content_link: str = ""
) -> Preview:
    """What `violation_log` would do with the same words.

    Raises DomainError `effective_in_future`, `link_invalid`, `book_missing`, `rule_unknown`, as the log would.
    """
    future_check(effective_at, at)
    key = link_key(content_link)
    rule = rule_in_force(creator=creator, rule_code=rule_code, at=effective_at)
    judged_by = book_for(creator, at)
    books, events = books_of(), events_of([creator.pk]).get(creator.pk, [])
    new = Event(
        NEW,
        EntryKind.VIOLATION,
        recorded_at=at,
        effective_at=effective_at,
        expires_at=effective_at + POINTS_LAST,
        points=rule.points,
        strike=rule.strike,
        book=judged_by.pk,
    )
    before, after = standing(events, books, at=at), standing([*events, new], books, at=at)
    known = {(row.key, row.feature) for row in before.withdrawals}
    fired = tuple(row for row in after.withdrawals if (row.key, row.feature) not in known)
    thresholds = books[judged_by.pk].thresholds
    coming = next_threshold(thresholds, after.balance)
    return Preview(
        creator=creator,
        rule=rule,
        judged_by=judged_by,
        before=before,
        after=after,
        effective_at=effective_at,
        fired=fired,
        next_threshold=coming,
        touched=consequence_lines(creator, [row.feature for row in fired if row.feature], at),
        same=same_incident(creator=creator, rule_code=rule_code, key=key, at=at),
        repeat=None if key else possible_repeat(creator=creator, rule_code=rule_code, effective_at=effective_at, at=at),
        plot=balance_plot([*events, new], thresholds, at=at),
        plot_threshold=coming.balance if coming else None,
    )


def next_threshold(thresholds: Sequence[Threshold], reached: int) -> Threshold | None:
    """The lowest milestone above a balance."""
    return next((one for one in thresholds if one.balance > reached), None)


def balance_plot(events: Sequence[Event], thresholds: Sequence[Threshold], *, at: datetime) -> StepPlot:
    """The balance from the instant on, if nothing is added: it falls whenever points expire."""
    ends = sorted({event.expires_at for event in events if event.counts(at) and event.expires_at})
    steps = [(at, balance(events, at=at)), *((end, balance(events, at=end)) for end in ends)]
    kept = [step for place, step in enumerate(steps) if not place or step[1] != steps[place - 1][1]]
    coming = next_threshold(thresholds, kept[0][1])
    return step_plot(kept, threshold=coming.balance if coming else None)
