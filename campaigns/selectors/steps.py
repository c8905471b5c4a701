"""The next step of a collaboration in words, and the button that takes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from campaigns.models import Collaboration, Content, Sample
from campaigns.rules.next_step import Step, next_step
from campaigns.states.collaborations import CollaborationState as C
from campaigns.states.contents import ContentKind, ContentState
from campaigns.states.samples import SampleState
from core.ui import format_day

CSS = {"late": "late", "soon": "soon", "": ""}


@dataclass(frozen=True)
class Button:
    """A link to where the next step is taken: the name of the address, its key, and its query."""

    label: str | Promise
    url_name: str
    args: tuple[int, ...] = ()
    query: str = ""

    @property
    def key(self) -> int | None:
        """The key in the address, if it has one."""
        return self.args[0] if self.args else None


@dataclass
class Parts:
    """What belongs to a collaboration, as far as the next step depends on it."""

    samples: list[Sample] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)

    @property
    def published(self) -> int:
        return sum(one.state == ContentState.PUBLISHED for one in self.contents)

    @property
    def wanted(self) -> int:
        return sum(one.state != ContentState.CANCELLED for one in self.contents)

    def sample_in(self, state: str) -> Sample | None:
        return next((one for one in self.samples if one.state == state), None)

    def content_in(self, state: str) -> Content | None:
        return next((one for one in self.contents if one.state == state), None)


def parts_of(collaborations: Sequence[Collaboration]) -> dict[int, Parts]:
    """Samples and contents of collaborations; two queries."""
    found = {one.pk: Parts() for one in collaborations}
    samples = Sample.objects.filter(collaboration__in=list(found)).order_by("pk")
    for sample in samples.only("collaboration_id", "state", "expected_on"):
        found[sample.collaboration_id].samples.append(sample)
    contents = Content.objects.filter(collaboration__in=list(found)).order_by("number")
    for content in contents.only("collaboration_id", "state", "kind"):
        found[content.collaboration_id].contents.append(content)
    return found


def step_of(one: Collaboration, parts: Parts, *, at: datetime) -> Step:
    """The next step; see `campaigns.rules.next_step`."""
    return next_step(
        one.state,
        due_at=one.due_at,
        at=at,
        samples=[sample.state for sample in parts.samples],
        contents=[content.state for content in parts.contents],
    )


def step_text(one: Collaboration, step: Step, parts: Parts, *, at: datetime) -> str:
    """The step as a few words with its date: "Reply by 25 Nov", "2 videos, 4 days late"."""
    today = timezone.localtime(at).date()
    if step.kind in {"closed", "ended", "held"}:
        return _end_text(one, today)
    if step.kind == "invite":
        return _("Ready to invite")
    if step.kind == "delivery":
        return _delivery_text(parts, today)
    what = _what(step, parts)
    if step.late_by is not None:
        return _("%(what)s, %(late)s late") % {"what": _late_what(step, what), "late": late_text(step.late_by)}
    if step.due_at is None:
        return what
    places = {"what": what, "day": day_text(step.due_at, today)}
    return _("%(what)s on %(day)s") % places if step.kind == "settle" else _("%(what)s by %(day)s") % places


def button_of(one: Collaboration, step: Step, parts: Parts) -> Button | None:
    """The button of the next step; None when there is nothing to do for us."""
    if step.kind == "invite":
        return Button(_("Invite"), "message_compose", query=f"collaborations={one.pk}")
    if step.kind == "reply" and step.urgency == "late":
        return Button(_("Withdraw"), "collaboration_move", (one.pk,), "to=dropped")
    if step.kind in {"decide", "ship"}:
        sample = parts.sample_in(SampleState.REQUESTED if step.kind == "decide" else SampleState.APPROVED)
        label = pgettext("sample", "Decide") if step.kind == "decide" else _("Ship")
        return Button(label, "sample_detail", (sample.pk,)) if sample else None
    if step.kind == "make":
        return Button(_("Remind"), "message_compose", query=f"collaborations={one.pk}")
    if step.kind in {"review", "publish"}:
        content = parts.content_in(ContentState.IN_REVIEW) or parts.content_in(ContentState.APPROVED)
        label = _("Review") if step.kind == "review" else _("Open")
        return Button(label, "content_detail", (content.pk,)) if content else None
    if step.kind == "settle" and step.urgency == "late":
        return Button(_("Close"), "collaboration_move", (one.pk,), "to=closed")
    return None


def late_text(late_by: timedelta) -> str:
    """4 days; under a day in hours."""
    if late_by.days:
        return ngettext("%(count)s day", "%(count)s days", late_by.days) % {"count": late_by.days}
    hours = max(1, late_by.seconds // 3600)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def day_text(moment: datetime, today: date) -> str:
    """The day of an instant in the current time zone."""
    return format_day(timezone.localtime(moment).date(), get_language() or "en", today)


def _what(step: Step, parts: Parts) -> str:
    if step.kind == "reply":
        return _("Reply")
    if step.kind == "decide":
        return _("Decide the sample")
    if step.kind == "ship":
        return _("Send the sample")
    if step.kind == "settle":
        return _("Settles")
    works = contents_text(step.count, parts)
    if step.kind == "review":
        return _("Check %(works)s") % {"works": works}
    return _("%(works)s to publish") % {"works": works} if step.kind == "publish" else works


def _late_what(step: Step, what: str) -> str:
    words = {"reply": _("No reply"), "settle": _("To close")}
    return words.get(step.kind, what)


def contents_text(count: int, parts: Parts) -> str:
    """2 videos, 1 LIVE, or 3 contents of both kinds."""
    kinds = {one.kind for one in parts.contents if one.state != ContentState.CANCELLED}
    if not count:
        return _("Content")
    if kinds == {ContentKind.VIDEO}:
        text = ngettext("%(count)s video", "%(count)s videos", count)
    elif kinds == {ContentKind.LIVE}:
        text = ngettext("%(count)s LIVE", "%(count)s LIVEs", count)
    else:
        text = ngettext("%(count)s content", "%(count)s contents", count)
    return text % {"count": count}


def _delivery_text(parts: Parts, today: date) -> str:
    sent = parts.sample_in(SampleState.SHIPPED)
    if sent is None or sent.expected_on is None:
        return _("On its way")
    return _("Delivery %(day)s") % {"day": format_day(sent.expected_on, get_language() or "en", today)}


def _end_text(one: Collaboration, today: date) -> str:
    """What it ended with: the reason that was given, else when."""
    if one.reason and one.state != C.CLOSED:
        return _("%(state)s: %(reason)s") % {"state": one.look.label, "reason": one.reason}
    return _("%(state)s %(day)s") % {"state": one.look.label, "day": day_text(one.state_at, today)}
