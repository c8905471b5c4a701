"""Appeals as pages show them: until when, how much time is left, what happened, and whom to write to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from accounts.rules import ROLES
from accounts.states import Permission, RoleCode
from violations.models import Appeal, AppealEvidence, AppealStep, CreatorLink, LedgerEntry, Notice
from violations.querysets import AppealQuerySet
from violations.rules.appeals import Mark, mark_of, parts_of, urgency
from violations.rules.windows import appeal_ends_at
from violations.states import APPEAL_LOOKS, APPEAL_OPEN, AppealState, NoticeState

# What rows and pages show of an appeal.
RELATED = (
    "entry__creator__market",
    "entry__creator__facts",
    "entry__rule__book",
    "entry__judged_by",
    "entry__shop",
    "entry__recorded_by",
    "filed_by",
    "filed_through",
    "assigned_to",
    "decided_by",
)


# Marks of steps that change the appeal's row.
CHANGING = (Mark.ASSIGNED, Mark.ESCALATED)


@dataclass(frozen=True)
class AppealRow:
    """An appeal in a list. `before` and `after` are the creator's balance now and without the entry."""

    appeal: Appeal
    time_left: str
    # Colour of the time left: bad, warn or "".
    urgency: str
    before: int
    after: int
    is_mine: bool


@dataclass(frozen=True)
class Inbox:
    """The open appeals, least time left first; the counts are of all open ones."""

    rows: list[AppealRow]
    open: int
    due_today: int
    mine: int


@dataclass(frozen=True)
class StepLine:
    """What happened: `who` is None where the creator or the clock did it, `note` is what a person wrote."""

    at: datetime
    who: User | None
    text: str | Promise
    note: str
    colour: str
    # The address from which the change came, where the history knows it.
    origin: str = ""


def appeal_until(entry: LedgerEntry) -> datetime | None:
    """The first instant at which an appeal is too late, in the creator's market time; None: no notice, no end."""
    given_at = entry.notices.given().order_by("given_at").values_list("given_at", flat=True).first()
    if given_at is None or entry.rule is None:
        return None
    return appeal_ends_at(given_at, days=entry.rule.book.appeal_days, time_zone=entry.creator.market.time_zone)


def appeals_shown(user: User) -> AppealQuerySet:
    """The appeals that the user sees, read with what pages show of them."""
    return Appeal.objects.visible_to(user).select_related(*RELATED)


def appeals_narrowed(
    appeals: AppealQuerySet, *, market: str = "", rule_code: str = "", reviewer: User | None = None
) -> AppealQuerySet:
    """Those of a market, about a rule, assigned to a reviewer; what is empty narrows nothing."""
    if market:
        appeals = appeals.filter(entry__creator__market=market)
    if rule_code:
        appeals = appeals.filter(entry__rule_code=rule_code)
    return appeals.filter(assigned_to=reviewer) if reviewer else appeals


def closed_newest(appeals: AppealQuerySet) -> AppealQuerySet:
    """Decided and withdrawn ones, the last filed first."""
    return appeals.exclude(state__in=APPEAL_OPEN).order_by("-filed_at", "-pk")


def reviewers_of(appeal: Appeal, *, at: datetime) -> QuerySet[User]:
    """Who may be given the appeal: deciders other than logger and notifiers, only admins when the time is over."""
    roles = [code for code, role in ROLES.items() if Permission.APPEAL_DECIDE in role.permissions]
    if at >= appeal.due_at:
        roles = [RoleCode.ADMIN]
    notifiers = appeal.entry.notices.values("created_by")
    people = User.objects.active().filter(role__in=roles).exclude(pk=appeal.entry.recorded_by_id)
    return people.exclude(pk__in=notifiers).order_by("name", "pk")


def appeal_evidence_shown(user: User) -> QuerySet[AppealEvidence]:
    """Files of appeals that the user may open: deciders and ops all, others their own appeals' and their shops'."""
    if user.can(Permission.APPEAL_DECIDE) or user.can(Permission.VIOLATION_LOG):
        return AppealEvidence.objects.all()
    return AppealEvidence.objects.filter(
        Q(appeal__filed_by=user) | Q(appeal__entry__shop__in=Shop.objects.visible_to(user))
    )


def inbox_of(user: User, *, at: datetime, limit: int | None = None) -> Inbox:
    """The open appeals, least time left first, at most `limit`: what stands under the form that logs a violation."""
    appeals = appeals_shown(user).open()
    return Inbox(rows_of(appeals.by_time_left()[:limit], user=user, at=at), **counts_of(user, at=at))


def counts_of(user: User, *, at: datetime) -> dict[str, int]:
    """How many appeals are open, due by the end of today, and assigned to the user."""
    appeals = Appeal.objects.visible_to(user).open()
    end_of_day = timezone.localtime(at).replace(hour=23, minute=59, second=59, microsecond=999_999)
    return {
        "open": appeals.count(),
        "due_today": appeals.filter(due_at__lte=end_of_day).count(),
        "mine": appeals.filter(assigned_to=user).count(),
    }


def rows_of(appeals: Iterable[Appeal], *, user: User, at: datetime) -> list[AppealRow]:
    """The appeals with time left and balances; two queries more, however many they are."""
    found = list(appeals)
    balances = _balances({appeal.entry.creator_id for appeal in found}, at)
    answered = LedgerEntry.objects.filter(answers__in=[appeal.entry_id for appeal in found])
    reversed_ids = set(answered.values_list("answers", flat=True))
    rows = []
    for appeal in found:
        before = balances.get(appeal.entry.creator_id, 0)
        takes = _counts(appeal.entry, at) and appeal.entry_id not in reversed_ids
        rows.append(
            AppealRow(
                appeal=appeal,
                time_left=time_left(appeal.due_at, at),
                urgency=urgency(appeal.due_at, at),
                before=before,
                after=before - appeal.entry.points if takes else before,
                is_mine=appeal.assigned_to_id == user.pk,
            )
        )
    return rows


def time_left(due_at: datetime, at: datetime) -> str:
    """2 h 14 m, 1 d 3 h; when the time is over: 3 h 5 m over."""
    days, hours, minutes = parts_of(due_at - at)
    if days:
        text = _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    else:
        text = _("%(hours)s h %(minutes)s m") % {"hours": hours, "minutes": minutes}
    return text if at < due_at else _("%(time)s over") % {"time": text}


def steps_of(appeal: Appeal, *, with_addresses: bool) -> list[StepLine]:
    """What happened to the appeal, in order; addresses of mails only for who works with them."""
    origins = iter(_origins(appeal))
    lines = []
    for step in appeal.steps.select_related("by"):
        mark = _mark(step)
        # Filing and mails change no row, so that no history is kept of them.
        has_history = step.from_state and (mark is None or mark[0] in CHANGING)
        origin = next(origins, "") if has_history and with_addresses else ""
        lines.append(_line(step, mark, with_addresses, origin))
    return lines


def contact_of(appeal: Appeal) -> tuple[str, str] | None:
    """The creator's address and language: of the link that the appeal came through, the last notice, the last link."""
    link = appeal.filed_through
    if link is not None and link.revoked_at is None:
        return link.email, link.language
    notices = Notice.objects.filter(entry=appeal.entry_id).exclude(address="").exclude(state=NoticeState.FAILED)
    if notice := notices.order_by("-pk").first():
        return notice.address, notice.language
    links = CreatorLink.objects.filter(creator=appeal.entry.creator_id, revoked_at=None)
    newest = links.order_by("-pk").first()
    return (newest.email, newest.language) if newest else None


def steps_to_mail(*, since: datetime) -> QuerySet[AppealStep]:
    """Questions and decisions since then of which no mail was begun."""
    told = (AppealState.EVIDENCE_ASKED, AppealState.UPHELD, AppealState.OVERTURNED)
    steps = AppealStep.objects.filter(to_state__in=told, at__gte=since).exclude(from_state=F("to_state"))
    return steps.filter(~Exists(mails_after(appeal=OuterRef("appeal"), step=OuterRef("pk"))))


def mails_after(*, appeal: Any, step: Any) -> QuerySet[AppealStep]:
    """Steps of the appeal, behind the step, that say that a mail was begun."""
    return AppealStep.objects.filter(appeal=appeal, pk__gt=step, note__startswith=f"{Mark.MAILED} ")


def _balances(creator_ids: Iterable[int], at: datetime) -> dict[int, int]:
    counting = LedgerEntry.objects.filter(creator__in=creator_ids).counting(at=at)
    return dict(counting.order_by().values_list("creator").annotate(Sum("points")))


def _counts(entry: LedgerEntry, at: datetime) -> bool:
    return entry.effective_at <= at and entry.expires_at is not None and at < entry.expires_at


def _mark(step: AppealStep) -> tuple[Mark, str] | None:
    return mark_of(step.note) if step.from_state == step.to_state else None


def _origins(appeal: Appeal) -> list[str]:
    """The address behind each change of the appeal's row, oldest first, from the history that the database keeps."""
    events = apps.get_model("violations", "AppealEvent")._default_manager.filter(pgh_obj_id=appeal.pk)
    contexts = events.order_by("pgh_id").values_list("pgh_context__metadata", flat=True)
    return [(context or {}).get("address", "") for context in contexts]


def _line(step: AppealStep, mark: tuple[Mark, str] | None, with_addresses: bool, origin: str) -> StepLine:
    if mark is None:
        return StepLine(step.at, step.by, _moved(step), step.note, APPEAL_LOOKS[step.to_state].colour, origin)
    kind, text = mark
    hidden = text if with_addresses else _("the creator")
    texts = {
        Mark.ASSIGNED: _("Assigned to %(name)s") % {"name": text},
        Mark.ESCALATED: _("The time to decide is over: an admin decides"),
        Mark.MAILED: _("Mailed to %(address)s") % {"address": hidden},
        Mark.UNSENT: _("The mail to %(address)s could not be sent") % {"address": hidden},
    }
    colour = "warn" if kind in (Mark.ESCALATED, Mark.UNSENT) else "idle"
    return StepLine(step.at, step.by, texts[kind], "", colour, origin)


def _moved(step: AppealStep) -> str | Promise:
    if not step.from_state:
        return _("Filed")
    if (step.from_state, step.to_state) == (AppealState.EVIDENCE_ASKED, AppealState.UNDER_REVIEW) and step.note:
        return _("Answered")
    return APPEAL_LOOKS[step.to_state].label
