"""Results of contents: one row for each day, and one for the first 24 hours. Written again, a row is replaced."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Content, ContentResult
from campaigns.rules.result_columns import COUNTS, MONEY, PROBLEMS
from campaigns.states.contents import ResultSource, ResultWindow
from core.errors import DomainError

Values = Mapping[str, int | Decimal | None]


@transaction.atomic
def result_write(
    *,
    content: Content,
    values: Values,
    source: str,
    by: User,
    at: datetime,
    day: date | None = None,
    window: str = ResultWindow.DAY,
) -> ContentResult:
    """Write what a content reached on a day (in its market) or in its first 24 hours (`day` is then not needed).

    Only the named values change: what is left out keeps what was said before, None takes it back. Money is in the
    plan's currency. Raises DomainError `content_not_published`, `window_unknown`, `result_unknown`, `day_missing`,
    `day_in_future`, `day_before_publication`, `number_negative`, `number_too_large`.
    """
    held = (
        Content.objects.select_for_update(of=("self",)).select_related("collaboration__plan__market").get(pk=content.pk)
    )
    if window not in ResultWindow.values:
        raise DomainError("window_unknown", _("Choose a day or the first 24 hours."))
    if held.published_at is None:
        text = _("This content was not published yet: write its link and time first.")
        raise DomainError("content_not_published", text, status=409)
    if window == ResultWindow.FIRST_24H:
        day = publication_day(held)
    code = day_problem(held, day, at=at)
    if code or day is None:
        raise DomainError(code, PROBLEMS[code], fields={"day": PROBLEMS[code]})
    _check_values(values)
    row = ContentResult.objects.filter(content=held, window=window, day=day).first()
    row = row or ContentResult(content=held, window=window, day=day)
    for name, value in values.items():
        setattr(row, name, value)
    row.source, row.recorded_by, row.recorded_at = ResultSource(source), by, at
    row.save()
    return row


@transaction.atomic
def result_remove(*, result: ContentResult) -> None:
    """Take a row back that was written by mistake; the sums follow."""
    Content.objects.select_for_update().get(pk=result.content_id)
    result.delete()


def publication_day(content: Content) -> date | None:
    """The day of publication in the content's market; None before it."""
    zone = ZoneInfo(content.collaboration.plan.market.time_zone)
    return content.published_at.astimezone(zone).date() if content.published_at else None


def day_problem(content: Content, day: date | None, *, at: datetime) -> str:
    """What is wrong with the day of a result, as a code of `PROBLEMS`; "" where it is right."""
    if day is None:
        return "day_missing"
    if day > at.astimezone(ZoneInfo(content.collaboration.plan.market.time_zone)).date():
        return "day_in_future"
    published_on = publication_day(content)
    return "day_before_publication" if published_on and day < published_on else ""


def _check_values(values: Values) -> None:
    for name, value in values.items():
        if name not in (*COUNTS, *MONEY):
            raise DomainError("result_unknown", _("There is no such figure: %(name)s.") % {"name": name})
        if value is None:
            continue
        if value < 0:
            raise DomainError(
                "number_negative", PROBLEMS["number_negative"], fields={name: PROBLEMS["number_negative"]}
            )
        if value >= 10**13:
            text = _("This number is too large.")
            raise DomainError("number_too_large", text, fields={name: text})
