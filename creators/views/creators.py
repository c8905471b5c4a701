"""The directory: its list, and the counts beside its filters."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.exports import Column
from core.http import render_page, require
from core.lists import ROWS_CHOICES, CursorError, rows_chosen
from core.ui import format_number
from creators.exports import CHOOSABLE, cell, columns_chosen, heads
from creators.filters import GOALS, CreatorFilter, chips_of, creator_filter, shown_facets, unshown
from creators.models import CreatorFacts
from creators.selectors.directory import (
    FRESH_DAYS,
    Listing,
    Relaxation,
    Totals,
    directory_languages,
    directory_page,
    directory_totals,
    market_counts,
    relaxation,
)
from creators.selectors.guards import marks_of

COLUMNS_COOKIE = "columns"
YEAR_SECONDS = 365 * 86400
# What the filter form does not show and keeps.
STATE = ("goal", "ordering", "rows", "columns")


@require_safe
@require(Permission.CREATOR_VIEW)
def creator_list(request: UserRequest) -> HttpResponse:
    """The directory; the address holds filters, order, columns and page."""
    directory = creator_filter(request.GET, CreatorFacts.objects.visible_to(request.user))
    listing, is_restarted = _listing(directory, request)
    context = {
        "is_restarted": is_restarted,
        "open_pk": opened if (opened := request.GET.get("open", "")).isdecimal() and opened.isascii() else "",
        "may_shortlist": request.user.can(Permission.SHORTLIST_EDIT),
        "may_export": request.user.can(Permission.CREATOR_EXPORT),
        **_table(request, listing),
        **_filters(directory, listing),
    }
    response = render_page(request, "creators/creator_list.html", context, partial="results")
    if "columns" in request.GET:
        chosen = ".".join(column.key for column in context["columns"])
        response.set_cookie(COLUMNS_COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax")
    return response


@require_safe
@require(Permission.CREATOR_VIEW)
def creator_facets(request: UserRequest) -> HttpResponse:
    """How many creators of each market pass the other filters, as parts that htmx puts beside the choices."""
    directory = creator_filter(request.GET, CreatorFacts.objects.visible_to(request.user))
    counts = market_counts(directory)
    lines = [(market.pk, counts.get(market.pk, 0)) for market in directory.markets]
    return render(request, "creators/facet_counts.html", {"lines": lines})


def _listing(directory: CreatorFilter, request: HttpRequest) -> tuple[Listing, bool]:
    """The page asked for; the first one, and True, when its cursor cannot be read."""
    size, cursor = rows_chosen(request.GET), request.GET.get("cursor", "")
    # Only the metrics that the table shows are opened to their sources.
    wanted: dict[str, Any] = {"categories": directory.categories, "keys": {c.key for c in _columns(request)}}
    try:
        return directory_page(directory, size=size, cursor=cursor, **wanted), False
    except CursorError:
        return directory_page(directory, size=size, **wanted), True


def _columns(request: HttpRequest) -> list[Column]:
    """The columns that the address names, else those remembered."""
    return columns_chosen(request.GET.getlist("columns") or request.COOKIES.get(COLUMNS_COOKIE, "").split("."))


def _table(request: UserRequest, listing: Listing) -> dict[str, Any]:
    """What the table shows, and what its links keep."""
    columns = [column for column in _columns(request) if column.key != "tier" or _has_tiers(listing)]
    language = get_language() or "en"
    marks = marks_of([row.creator.pk for row in listing.rows], request.user, timezone.now())
    query = [(name, value) for name, values in request.GET.lists() for value in values if value]
    return {
        "listing": listing,
        "columns": columns,
        "choosable": [{"key": column.key, "label": column.header, "shown": column in columns} for column in CHOOSABLE],
        "heads": heads(columns),
        "lines": [
            (row, [cell(column, row, language) for column in columns], marks.get(row.creator.pk, ()))
            for row in listing.rows
        ],
        "range_text": _range_text(listing),
        "rows": rows_chosen(request.GET),
        "rows_choices": ROWS_CHOICES,
        "state": [(name, value) for name, value in query if name in STATE],
        "kept": [(name, value) for name, value in query if name not in ("columns", "cursor", "open")],
    }


def _has_tiers(listing: Listing) -> bool:
    """Tiers come from scoring; a column of dashes says nothing."""
    return any(row.facts.tier for row in listing.rows)


def _range_text(listing: Listing) -> str:
    total = format_number(listing.count.number) + ("+" if listing.count.is_capped else "")
    places = {"start": format_number(listing.page.start), "end": format_number(listing.page.end), "total": total}
    return _("%(start)s–%(end)s of %(total)s") % places


def _filters(directory: CreatorFilter, listing: Listing) -> dict[str, Any]:
    """What the filters say, and where they stand in the whole directory."""
    totals = directory_totals()
    facets = shown_facets(directory, directory_languages())
    return {
        "directory": directory,
        "chips": chips_of(directory),
        "goals": GOALS.items(),
        "goal": directory.values.get("goal", "custom"),
        "facets": facets,
        "unshown": unshown(directory, facets),
        "totals": totals,
        "is_old": _is_old(totals),
        "relax": None if listing.rows else _relax(relaxation(directory)),
    }


def _is_old(totals: Totals) -> bool:
    return totals.as_of is not None and (timezone.localdate() - totals.as_of).days > FRESH_DAYS


def _relax(found: Relaxation | None) -> dict[str, Any] | None:
    """The filter to relax, in words."""
    if found is None:
        return None
    removed = format_number(found.removed.number) + ("+" if found.removed.is_capped else "")
    places = {"filter": f"{found.chip.label} {found.chip.shown}", "removed": removed}
    return {"chip": found.chip, "text": _("%(filter)s removed %(removed)s.") % places}
