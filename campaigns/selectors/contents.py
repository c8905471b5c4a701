"""Contents as pages show them: the review queue first, then what is due, out and over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from campaigns.models import Content, ContentResult, Product
from campaigns.rules.due import REVIEW_DAYS
from campaigns.rules.utm import utm_word
from campaigns.selectors.results import Figures, results_of_contents
from campaigns.selectors.samples import SOON, left_text
from campaigns.states.contents import ContentState, ResultWindow

S = ContentState
# Not out yet, and waited for.
WAITING = frozenset({S.DUE, S.IN_REVIEW, S.CHANGES_ASKED, S.APPROVED})
Tab = Literal["review", "due", "approved", "published", "over"]
TABS: tuple[Tab, ...] = get_args(Tab)
_STATES: dict[Tab, frozenset[ContentState]] = {
    "review": frozenset({S.IN_REVIEW}),
    "due": frozenset({S.DUE, S.CHANGES_ASKED}),
    "approved": frozenset({S.APPROVED}),
    "published": frozenset({S.PUBLISHED}),
    "over": frozenset({S.TAKEN_DOWN, S.CANCELLED}),
}
_ORDERS: dict[Tab, str] = {
    "review": "state_at", "due": "due_at", "approved": "due_at", "published": "-published_at", "over": "-state_at",
}  # fmt: skip
RELATED = (
    "product", "collaboration__creator__market", "collaboration__plan__campaign", "collaboration__plan__market",
    "collaboration__shop", "collaboration__owner",
)  # fmt: skip
ITEMS: dict[str, str | Promise] = {
    "point": gettext_lazy("Says"),
    "forbidden": gettext_lazy("None of the words that must not appear"),
    "medical": gettext_lazy("No medical claim"),
    "absolute": gettext_lazy("No absolute claim"),
    "disclosure": gettext_lazy("Says that it is paid for (#ad, paid partnership)"),
    "rights": gettext_lazy("Rights to use it are agreed"),
}


@dataclass(frozen=True)
class ContentRow:
    """A content of a list with its figures; `due_at` is when its next step is due, `urgency` its colour."""

    content: Content
    figures: Figures
    due_at: datetime | None
    due_text: str
    urgency: Literal["", "soon", "late"]


@dataclass(frozen=True)
class Item:
    """An item of a checklist in words; `passed` None: nothing could be read, look yourself."""

    place: int
    label: str
    found: tuple[str, ...]
    passed: bool | None

    @property
    def text(self) -> str:
        """The words that were found."""
        return ", ".join(self.found)


def contents_of(user: User, *, tab: Tab, handle: str = "") -> QuerySet[Content]:
    """The contents of the user's shops on a tab; what waits longest, or is due first, at the top."""
    found = Content.objects.visible_to(user).filter(state__in=_STATES[tab]).select_related(*RELATED)
    if handle := handle.replace("\0", "").strip().removeprefix("@"):
        found = found.filter(collaboration__creator__handle__icontains=handle)
    order = _ORDERS[tab]
    column = F(order.removeprefix("-"))
    return found.order_by(column.desc() if order.startswith("-") else column.asc(nulls_last=True), "pk")


def tab_counts(user: User) -> dict[str, int]:
    """How many contents stand on each tab; one query."""
    counts = {tab: Count("pk", filter=Q(state__in=sorted(states))) for tab, states in _STATES.items()}
    return Content.objects.visible_to(user).order_by().aggregate(**counts)


def rows_of(contents: Iterable[Content], *, at: datetime) -> list[ContentRow]:
    """The contents with their figures and how their next steps stand at the instant; one query."""
    contents = list(contents)
    figures = results_of_contents([content.pk for content in contents])
    return [_row(content, figures[content.pk], at) for content in contents]


def due_of(content: Content) -> datetime | None:
    """When the next step of a content is due: the review two days after the draft; None where nobody waits."""
    if content.state == S.IN_REVIEW:
        return content.state_at + timedelta(days=REVIEW_DAYS)
    return content.due_at if content.state in WAITING else None


def items_of(checklist: Sequence[dict[str, Any]]) -> list[Item]:
    """A checklist in words, each item with its place."""
    return [
        Item(place, _item_label(one), tuple(one.get("found", ())), one["passed"]) for place, one in enumerate(checklist)
    ]


def results_by_day(content: Content) -> list[ContentResult]:
    """The rows of a content by day, the newest first."""
    rows = content.results.filter(window=ResultWindow.DAY).select_related("recorded_by")
    return list(rows.order_by("-day"))


def first_day_of(content: Content) -> ContentResult | None:
    """What the content reached in its first 24 hours."""
    return content.results.filter(window=ResultWindow.FIRST_24H).select_related("recorded_by").order_by("-pk").first()


def products_of(content: Content) -> QuerySet[Product]:
    """The products that may be tagged in a content: those of its plan."""
    return plan_products(content.collaboration.plan_id)


def plan_products(plan_id: int) -> QuerySet[Product]:
    """The products of a plan in its order."""
    lines = Product.objects.filter(plan_products__plan=plan_id, plan_products__removed_at__isnull=True)
    return lines.order_by("plan_products__slot")


def utm_marks_of(content: Content) -> dict[str, str]:
    """The marks that a link of a content has where nobody writes others."""
    plan = content.collaboration.plan
    name = plan.campaign.name if plan.campaign else plan.name
    handle = utm_word(content.collaboration.creator.handle)
    return {"source": "tiktok", "medium": "creator", "campaign": utm_word(name), "content": f"{handle}-{content.pk}"}


def _row(content: Content, figures: Figures, at: datetime) -> ContentRow:
    due = due_of(content)
    is_held = content.collaboration.state == "on_hold"
    late = due is not None and due <= at and not is_held
    soon = due is not None and due - at <= SOON and not is_held
    text = _("on hold") if is_held and due else left_text(due, at=at)
    return ContentRow(content, figures, due, text, "late" if late else "soon" if soon else "")


def _item_label(one: dict[str, Any]) -> str:
    label = str(ITEMS[one["code"]])
    return f"{label}: {one['text']}" if one.get("text") else label
