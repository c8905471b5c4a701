"""The board of collaborations, and the calendar of what is due."""

from datetime import date, tzinfo
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.filters.collaborations import CollaborationFilter, collaboration_filter
from campaigns.selectors.board import board_of
from campaigns.selectors.calendar import month_of
from campaigns.selectors.listing import chips_of
from campaigns.states.collaborations import STAGES
from core.http import render_page, require


@require_safe
@require(Permission.PLAN_VIEW)
def collaboration_board(request: UserRequest) -> HttpResponse:
    """Cards by state; `more` names columns that show more of them. A fragment is the board alone."""
    chosen = collaboration_filter(request.GET, user=request.user, at=timezone.now())
    more = [state for state in request.GET.getlist("more") if state in STAGES]
    context = {
        "place": "board",
        "chosen": chosen,
        "chips": chips_of(chosen),
        "columns": board_of(chosen, more=more),
        "kept": [("more", state) for state in more],
        "may_edit": request.user.can(Permission.COLLABORATION_EDIT),
    }
    return render_page(request, "campaigns/board.html", context, partial="results")


@require_safe
@require(Permission.PLAN_VIEW)
def collaboration_calendar(request: UserRequest) -> HttpResponse:
    """What is due on each day of a month: in the time of the shop that is chosen, else in that of the page."""
    now = timezone.now()
    chosen = collaboration_filter(request.GET, user=request.user, at=now)
    zone = _zone(chosen)
    today = timezone.localtime(now, zone).date()
    context = {
        "place": "calendar",
        "chosen": chosen,
        "chips": chips_of(chosen),
        "month": month_of(chosen, first=_first(request.GET.get("month", ""), today), zone=zone),
        "kept": [("month", month) for month in request.GET.getlist("month")],
    }
    return render_page(request, "campaigns/calendar.html", context, partial="results")


def _zone(chosen: CollaborationFilter) -> tzinfo:
    shop = chosen.values.get("shop")
    return ZoneInfo(shop.time_zone) if shop else timezone.get_current_timezone()


def _first(text: str, today: date) -> date:
    """The first of the month that is asked for as 2026-11; of this month when it cannot be read."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if 2000 <= first.year <= 2100 else today.replace(day=1)
