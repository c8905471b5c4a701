"""Creators side by side."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.http import require
from creators.exports import metric_text
from creators.forms.shortlists import selected_ids
from creators.selectors.comparison import COMPARE_MAX, Line, compare
from creators.selectors.guards import marks_of
from creators.selectors.shortlists import rows_named


@require_safe
@require(Permission.CREATOR_VIEW)
def creator_compare(request: UserRequest) -> HttpResponse:
    """Up to five creators of `ids` with every metric, the best value of each marked."""
    ids = selected_ids(request.GET)
    rows = rows_named(ids[:COMPARE_MAX])
    shown = [row.creator.pk for row in rows]
    marks = marks_of(shown, request.user, timezone.now())
    context = {
        "rows": [
            (row, ",".join(str(pk) for pk in shown if pk != row.creator.pk), marks.get(row.creator.pk, ()))
            for row in rows
        ],
        "groups": [(label, [(line, _cells(line)) for line in lines]) for label, lines in compare(rows)],
        "ids": ",".join(map(str, shown)),
        "too_many": _too_many(len(ids)) if len(ids) > COMPARE_MAX else "",
        "may_edit": request.user.can(Permission.SHORTLIST_EDIT),
        "may_export": request.user.can(Permission.CREATOR_EXPORT),
    }
    return render(request, "creators/compare.html", context)


def _too_many(selected: int) -> str:
    places = {"selected": selected, "most": COMPARE_MAX}
    return _("%(selected)s creators are selected, and at most %(most)s fit side by side. These are the first.") % places


def _cells(line: Line) -> list[tuple[str, str, bool]]:
    """Text, mark and whether it is the best, for each creator."""
    language = get_language() or "en"
    texts = [metric_text(line.metric, fact.number, fact.value, language) for fact in line.facts]
    return [(text, mark, place in line.best) for place, (text, mark) in enumerate(texts)]
