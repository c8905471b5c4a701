"""Samples as pages show them: by what is to be done, with how late that is and what the rules said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Sample
from campaigns.rules.fulfilment import parts_of
from campaigns.rules.tracking import tracking_url
from campaigns.selectors.results import results_of_contents
from campaigns.selectors.shown import SHOWN, shown
from campaigns.states.samples import SampleState
from core.ui import format_money, format_number

S = SampleState
Tab = Literal["decide", "ship", "way", "content", "done"]
TABS: tuple[Tab, ...] = get_args(Tab)
_STATES: dict[Tab, frozenset[SampleState]] = {
    "decide": frozenset({S.REQUESTED}),
    "ship": frozenset({S.APPROVED}),
    "way": frozenset({S.SHIPPED}),
    "content": frozenset({S.DELIVERED, S.DEFECTIVE}),
    "done": frozenset({S.REFUSED, S.FULFILLED, S.UNFULFILLED, S.RETURNED, S.LOST, S.CANCELLED}),
}
# What is due first comes first; what is done, the newest.
_ORDERS: dict[Tab, str] = {
    "decide": "decide_by", "ship": "ship_by", "way": "expected_on", "content": "content_due_at", "done": "-state_at",
}  # fmt: skip
RELATED = (
    "product", "collaboration__creator__market", "collaboration__creator__facts", "collaboration__plan",
    "collaboration__shop", "decided_by", "requested_by", "extended_by",
)  # fmt: skip
SOON = timedelta(days=1)
CHECKS: dict[str, str | Promise] = {
    "followers": gettext_lazy("Followers"),
    "sales": gettext_lazy("Sales in 30 days"),
    "standing": gettext_lazy("Standing"),
    "earlier": gettext_lazy("Earlier samples"),
    "market": gettext_lazy("Market"),
    "stock": gettext_lazy("Stock"),
    "cost": gettext_lazy("Cost"),
    "budget": gettext_lazy("Budget of the plan"),
}
PARTS: dict[str, str | Promise] = {
    "after_delivery": gettext_lazy("Published after the delivery"),
    "kept": gettext_lazy("Video public for 3 days"),
    "live_minutes": gettext_lazy("LIVE of at least 10 minutes"),
    "product": gettext_lazy("Product tagged"),
    "views": gettext_lazy("Views that the plan wants"),
}


@dataclass(frozen=True)
class Check:
    """A line of the pre-screen or of the test: what was looked at, what was found, and whether it passed."""

    label: str | Promise
    text: str
    passed: bool | None


@dataclass(frozen=True)
class SampleRow:
    """A sample of a list: `due_at` is when its next step is due, `due_text` how that stands, `urgency` its colour.

    `expected_cost` is what its approval would book; None once it is booked, or where nobody has said.
    """

    sample: Sample
    due_at: datetime | None
    due_text: str
    urgency: Literal["", "soon", "late"]
    failed: tuple[str, ...]
    tracking_url: str
    expected_cost: Decimal | None = None


def samples_of(user: User, *, tab: Tab, handle: str = "") -> QuerySet[Sample]:
    """The samples of the user's shops on a tab, what is due first at the top."""
    found = Sample.objects.visible_to(user).filter(state__in=_STATES[tab]).select_related(*RELATED)
    if handle := handle.replace("\0", "").strip().removeprefix("@"):
        found = found.filter(collaboration__creator__handle__icontains=handle)
    order = _ORDERS[tab]
    column = F(order.removeprefix("-"))
    return found.order_by(column.desc() if order.startswith("-") else column.asc(nulls_last=True), "pk")


def tab_counts(user: User) -> dict[str, int]:
    """How many samples stand on each tab; one query."""
    counts = {tab: Count("pk", filter=Q(state__in=sorted(states))) for tab, states in _STATES.items()}
    return Sample.objects.visible_to(user).order_by().aggregate(**counts)


def rows_of(samples: Iterable[Sample], *, at: datetime) -> list[SampleRow]:
    """The samples with how their next steps stand at the instant."""
    return [row_of(sample, at=at) for sample in samples]


def row_of(sample: Sample, *, at: datetime) -> SampleRow:
    """One sample with how its next step stands at the instant; on hold nothing is late."""
    due = due_of(sample)
    is_held = sample.collaboration.state == "on_hold"
    late = due is not None and due <= at and not is_held
    soon = due is not None and due - at <= SOON and not is_held
    failed = tuple(str(CHECKS[one["code"]]) for one in sample.screening if one["passed"] is False)
    return SampleRow(
        sample=sample,
        due_at=due,
        due_text=_("on hold") if is_held and due else left_text(due, at=at),
        urgency="late" if late else "soon" if soon else "",
        failed=failed,
        tracking_url=tracking_url(sample.carrier, sample.tracking),
        expected_cost=sample.product.sample_cost * sample.quantity
        if sample.state == S.REQUESTED and sample.product.sample_cost is not None
        else None,
    )


def due_of(sample: Sample) -> datetime | None:
    """When the next step of a sample is due; None where nobody waits."""
    return {
        S.REQUESTED: sample.decide_by, S.APPROVED: sample.ship_by, S.DELIVERED: sample.content_due_at,
    }.get(S(sample.state))  # fmt: skip


def left_text(due: datetime | None, *, at: datetime) -> str:
    """How long until then, or how long ago: "3 days left", "1 day late"; "" where nothing is due."""
    if due is None:
        return ""
    hours = int(abs(due - at).total_seconds() // 3600)
    if hours < 48:
        text = ngettext("%(count)s h left", "%(count)s h left", hours)
        late = ngettext("%(count)s h late", "%(count)s h late", hours)
        return (text if due > at else late) % {"count": hours}
    days = hours // 24
    text = ngettext("%(count)s day left", "%(count)s days left", days)
    late = ngettext("%(count)s day late", "%(count)s days late", days)
    return (text if due > at else late) % {"count": days}


def screening_of_page(sample: Sample) -> list[Check]:
    """The pre-screen in words, as it stood when the sample was asked for."""
    return [
        Check(CHECKS[one["code"]], _screened(one["code"], one["values"], sample), one["passed"])
        for one in sample.screening
        if one["code"] in CHECKS
    ]


def tests_of(sample: Sample, *, at: datetime) -> list[tuple[str, list[Check]]]:
    """For each published content of a received sample, the parts of the test and how they stand."""
    if sample.delivered_at is None:
        return []
    contents = list(sample.collaboration.contents.filter(state__in=SHOWN).order_by("number"))
    results = results_of_contents([content.pk for content in contents])
    tests = []
    for content in contents:
        parts = parts_of(
            shown(content, views=results[content.pk].views),
            product_id=sample.product_id,
            delivered_at=sample.delivered_at,
            min_views=sample.collaboration.plan.min_views,
            at=at,
        )
        tests.append((str(content), [Check(PARTS[part.code], "", part.passed) for part in parts]))
    return tests


def _screened(code: str, values: dict[str, Any], sample: Sample) -> str:
    if code == "followers":
        return _("%(value)s, wanted are %(least)s") % {
            "value": format_number(values["value"]), "least": format_number(values["least"]),
        }  # fmt: skip
    if code == "sales":
        return _money(values["value"], "USD")
    if code == "standing":
        found = len(values["findings"])
        text = ngettext(
            "%(count)s remark against working together", "%(count)s remarks against working together", found
        )
        return text % {"count": found} if found else _("nothing is known against it")
    if code == "earlier":
        return _("%(unfulfilled)s of %(received)s received not fulfilled") % values
    if code == "market":
        return _("creator %(creator)s, plan %(plan)s") % values
    if code == "stock":
        return _("%(stock)s in stock, %(quantity)s wanted") % values
    if code == "budget":
        money = {name: _money(values[name], sample.currency) for name in ("cost", "booked", "budget")}
        return _("%(booked)s booked for samples and %(cost)s for this one, of %(budget)s") % money
    return _money(values["cost"], sample.currency) if values["cost"] else _("nobody has said what it costs")


def _money(text: str | None, currency: str) -> str:
    return format_money(None if text is None else Decimal(text), currency, get_language() or "en")
