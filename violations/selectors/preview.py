"""What logging a violation would bring about, by the rules that judge it when it is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from creators.models import Creator
from violations.models import POINTS_LAST, LedgerEntry, Rule, RuleBook
from violations.rules.links import content_key
from violations.rules.plots import StepPlot, step_plot
from violations.rules.restrictions import Event, Standing, Threshold, Withdrawal, balance, standing
from violations.selectors.consequences import consequence_lines
from violations.selectors.incidents import possible_repeat, same_incident
from violations.selectors.standings import book_in_force, books_of, events_of
from violations.states import EntryKind

# The hypothetical entry; no row has it.
NEW = 0
# The meter ends a quarter behind the next threshold.
METER_ROOM = 1.25


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
        return {"before": self.before.balance * scale, "added": self.added * scale, "mark": mark * scale}

    @property
    def withdrawn(self) -> list[Withdrawal]:
        """The features that it would withdraw."""
        return [row for row in self.fired if row.feature]

    @property
    def strike_out(self) -> bool:
        return any(row.spent for row in self.fired)


def violation_preview(
    *, creator: Creator, rule_code: str, effective_at: datetime, at: datetime, content_link: str = ""
) -> Preview | None:
    """What `violation_log` would do with the same words; None when no such rule was or is in force.

    Raises ValueError for a content link that is none.
    """
    key = content_key(content_link)
    book, judged_by = book_in_force(creator.market_id, at=effective_at), book_in_force(creator.market_id, at=at)
    rule = book.rules.select_related("book").filter(code=rule_code).first() if book else None
    if rule is None or judged_by is None:
        return None
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
