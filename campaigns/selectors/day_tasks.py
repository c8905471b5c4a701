"""The kinds of work of a day, and a person's day made of them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Permission
from campaigns.models import Collaboration, Content, Problem, Reminder, Sample, SettlementLine
from campaigns.rules.selling import Fall
from campaigns.selectors.my_day import AHEAD, SHOWN, Day, Source, Task, TaskList, tasks_of
from campaigns.selectors.selling import stopped_selling
from campaigns.selectors.steps import Button, day_text
from campaigns.states.collaborations import CollaborationState
from campaigns.states.contents import ContentState
from campaigns.states.samples import SampleState
from campaigns.states.settlements import LineState
from core.ui import format_money, format_percent

_MAKING = (ContentState.DUE, ContentState.CHANGES_ASKED)
_PAYING = (LineState.DUE, LineState.APPROVED)
_MORE = gettext_lazy("Show all")


def day_of(user: User, *, at: datetime, is_mine: bool) -> list[TaskList]:
    """The lists of a person's day in its order; those without a task are there too, with nothing in them."""
    day = Day(user, at, is_mine)
    sources = [one for one in SOURCES if not one.permission or user.can(one.permission)]
    return [*(tasks_of(source, day) for source in sources), _stopped(day)]


def _sample(day: Day, sample: Sample) -> Task:
    is_new = sample.state == SampleState.REQUESTED
    text, css = day.due_text(sample.decide_by if is_new else sample.ship_by)
    button = Button(pgettext("sample", "Decide") if is_new else _("Ship"), "sample_detail", (sample.pk,))
    one = sample.collaboration
    return Task(one.creator, str(sample.product), one.get_absolute_url(), text, css, button)


def _review(day: Day, content: Content) -> Task:
    one = content.collaboration
    since = _("since %(day)s") % {"day": day_text(content.state_at, day.today)}
    button = Button(_("Review"), "content_detail", (content.pk,))
    return Task(one.creator, f"{content} · {one.plan}", one.get_absolute_url(), since, button=button)


def _content(day: Day, content: Content) -> Task:
    one = content.collaboration
    return Task(
        one.creator, f"{content} · {one.plan}", one.get_absolute_url(), *day.due_text(content.due_at), _remind(one)
    )


def _reply(day: Day, one: Collaboration) -> Task:
    return Task(one.creator, str(one.plan), one.get_absolute_url(), *day.due_text(one.due_at), _remind(one))


def _reminder(day: Day, reminder: Reminder) -> Task:
    conversation = reminder.conversation
    button = Button(_("Open"), "conversation_detail", (conversation.pk,))
    what, url = reminder.note or _("No reply yet"), conversation.get_absolute_url()
    return Task(conversation.creator, what, url, *day.due_text(reminder.due_at), button)


def _problem(day: Day, problem: Problem) -> Task:
    one = problem.collaboration
    button = Button(_("Open"), "problem_detail", (problem.pk,))
    return Task(one.creator, problem.summary, one.get_absolute_url(), *day.due_text(problem.due_on), button)


def _line(day: Day, line: SettlementLine) -> Task:
    amount = format_money(line.amount, line.currency, get_language() or "en")
    label = _("Approve") if line.state == LineState.DUE else _("Pay")
    button = Button(label, "settlement_list", query=f"state={line.state}")
    what, url = f"{line.get_kind_display()} {amount}", line.collaboration.get_absolute_url()
    return Task(line.creator, what, url, *day.due_text(line.due_on), button)


def _remind(one: Collaboration) -> Button:
    return Button(_("Remind"), "message_compose", query=f"collaborations={one.pk}")


def _reminders(day: Day) -> Any:
    rows = Reminder.objects.filter(done_at__isnull=True, due_at__lte=day.at + timedelta(days=1))
    return rows.filter(for_user=day.user) if day.is_mine else rows.filter(conversation__shop__in=day.shops)


def _problems(day: Day) -> Any:
    rows = Problem.objects.open().filter(collaboration__shop__in=day.shops)
    return rows.filter(owner=day.user) if day.is_mine else rows


def _lines(day: Day) -> Any:
    rows = SettlementLine.objects.payable().filter(shop__in=day.shops, state__in=_PAYING)
    return rows.filter(collaboration__owner=day.user) if day.is_mine else rows


def _stopped(day: Day) -> TaskList:
    fallen = stopped_selling(day.collaborations, at=day.at)
    first = Collaboration.objects.select_related("creator", "plan").in_bulk([pk for pk, _some in fallen[:SHOWN]])
    tasks = []
    for pk, some in fallen[:SHOWN]:
        one = first[pk]
        text = " · ".join(fall_text(fall, one.plan.currency) for fall in some)
        ask = Button(_("Ask"), "message_compose", query=f"collaborations={pk}")
        tasks.append(Task(one.creator, text, one.get_absolute_url(), _("check rivals' commission"), "soon", ask))
    more = Button(_MORE, "collaboration_list", query=f"state={CollaborationState.PUBLISHED}")
    return TaskList("stopped", _("Stopped selling"), len(fallen), 0, tasks, more)


def fall_text(fall: Fall, currency: str) -> str:
    """GMV a day $120 → $40; conversion 3.1% → 1.2%."""
    if fall.what == "conversion":
        shares = {"before": format_percent(fall.before, 1), "now": format_percent(fall.now, 1)}
        return _("Conversion %(before)s → %(now)s") % shares
    language = get_language() or "en"
    sums = {"before": format_money(fall.before, currency, language), "now": format_money(fall.now, currency, language)}
    return _("GMV a day %(before)s → %(now)s") % sums


ABOUT_SAMPLE = ("collaboration__creator", "product")
ABOUT_CONTENT = ("collaboration__creator", "collaboration__plan")
SOURCES: tuple[Source, ...] = (
    Source(
        "ship", gettext_lazy("Samples to ship"), lambda day: day.of(Sample.objects.to_ship()), "ship_by", _sample,
        Button(_MORE, "sample_list", query=f"state={SampleState.APPROVED}"), ABOUT_SAMPLE,
    ),
    Source(
        "decide", gettext_lazy("Samples to decide"), lambda day: day.of(Sample.objects.to_decide()), "decide_by",
        _sample, Button(_MORE, "sample_list", query=f"state={SampleState.REQUESTED}"), ABOUT_SAMPLE,
    ),
    Source(
        "review", gettext_lazy("Reviews waiting"), lambda day: day.of(Content.objects.in_review()), "state_at",
        _review, Button(_MORE, "content_list", query=f"state={ContentState.IN_REVIEW}"), ABOUT_CONTENT,
        may_be_late=False,
    ),
    Source(
        "content", gettext_lazy("Content due"),
        lambda day: day.of(Content.objects.filter(state__in=_MAKING, due_at__lte=day.at + AHEAD)), "due_at",
        _content, Button(_MORE, "collaboration_list", query=f"state={CollaborationState.CONTENT_DUE}"),
        ABOUT_CONTENT,
    ),
    Source(
        "reply", gettext_lazy("Invitations without a reply"),
        lambda day: day.collaborations.filter(state=CollaborationState.INVITED, due_at__lte=day.at + AHEAD),
        "due_at", _reply, Button(_MORE, "collaboration_list", query=f"state={CollaborationState.INVITED}"),
        ("creator", "plan"),
    ),
    Source(
        "remind", gettext_lazy("Reminders"), _reminders, "due_at", _reminder, Button(_MORE, "conversation_list"),
        ("conversation__creator",),
    ),
    Source(
        "problem", gettext_lazy("Problems"), _problems, "due_on", _problem, Button(_MORE, "problem_list"),
        ("collaboration__creator",),
    ),
    Source(
        "settle", gettext_lazy("Settlements due"), _lines, "due_on", _line, Button(_MORE, "settlement_list"),
        ("creator", "collaboration"), permission=Permission.SETTLEMENT_VIEW,
    ),
)  # fmt: skip
