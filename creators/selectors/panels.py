"""The tabs of a creator's profile, in the order of `config.composition.PANELS`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from core.ui import currency_symbol, format_compact, format_day, format_money
from creators.models import DailyMetric
from creators.selectors.profile import (
    Profile,
    contacts_of,
    daily_rows,
    history_of,
    places_of,
    shortlisted,
)

DAYS_CHOICES = (30, 90)


@dataclass(frozen=True)
class Asked:
    """What the address asks of a tab: the days of its charts, and the instant as of which it speaks (`is_past`)."""

    days: int
    at: datetime
    is_past: bool = False


@dataclass(frozen=True)
class Panel:
    """A tab: its template, and what that template is given; hidden from who lacks `permission`; `css` is its own."""

    key: str
    label: str | Promise
    template: str
    context: Callable[[Profile, User, Asked], dict[str, Any]]
    permission: str = ""
    css: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart of daily values, with the same numbers as a table (see components/chart.html)."""

    key: str
    title: str
    data: dict[str, Any]
    head: list[str]
    rows: list[list[str]]


def panels(user: User) -> list[Panel]:
    """The panels of every app that the user may open, in order."""
    found: list[Panel] = [import_string(path) for path in import_string(settings.PANELS)]
    return [panel for panel in found if not panel.permission or user.can(panel.permission)]


def overview(profile: Profile, user: User, asked: Asked) -> dict[str, Any]:
    rows = daily_rows(profile.creator, days=asked.days)
    return {
        "places": places_of(profile.creator),
        "contacts": contacts_of(profile.creator, user),
        "entries": shortlisted(profile.creator, user),
        "charts": _charts(rows, profile) if rows else [],
        "days": asked.days,
        "days_choices": DAYS_CHOICES,
    }


def history(profile: Profile, user: User, asked: Asked) -> dict[str, Any]:
    return {"history": history_of(profile.creator, user)}


OVERVIEW = Panel("overview", gettext_lazy("Overview"), "creators/panel_overview.html", overview)
HISTORY = Panel("history", gettext_lazy("History"), "creators/panel_history.html", history)


def _charts(rows: list[DailyMetric], profile: Profile) -> list[Chart]:
    language = get_language() or "en"
    currency = profile.creator.market.currency
    names = [_("Video"), _("LIVE"), _("Other")]
    views = [[row.views_video, row.views_live, row.views_other] for row in rows]
    cents = [[row.gmv_video_cents, row.gmv_live_cents, row.gmv_other_cents] for row in rows]
    money = [[one / 100 for one in line] for line in cents]
    days = [row.day for row in rows]
    labels = [format_day(day, language, days[-1]) for day in days]

    def chart(key: str, title: str, values: list[list[Any]], texts: list[list[str]], prefix: str) -> Chart:
        series = [
            {"name": name, "values": [line[place] for line in values], "stack": "all"}
            for place, name in enumerate(names)
        ]
        data = {"type": "bar", "labels": labels, "series": series, "language": language, "prefix": prefix}
        table = [[day.isoformat(), *line] for day, line in zip(days, texts, strict=True)]
        return Chart(key, title, data, [_("Day"), *names], table)

    counts = [[format_compact(one, language) for one in line] for line in views]
    amounts = [[format_money(one, currency, language) for one in line] for line in money]
    return [
        chart("daily-views", _("Daily views"), views, counts, ""),
        chart("daily-gmv", _("Daily GMV"), money, amounts, currency_symbol(currency)),
    ]
