"""Who did what, when and from where."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.http import render_page, require
from violations.forms.history import HistoryFilterForm
from violations.selectors.history import history_page


@require_safe
@require(Permission.VIOLATION_EXPORT)
def violation_history(request: UserRequest) -> HttpResponse:
    """Every write of violations, newest first; a person and a period narrow it."""
    form = HistoryFilterForm(request.GET)
    wanted = form.wanted()
    context = {
        "form": form,
        "is_filtered": any(wanted.values()),
        "history": history_page(request.user, cursor=request.GET.get("cursor", ""), **wanted),
        "is_continued": bool(request.GET.get("cursor")),
    }
    return render_page(request, "violations/history_list.html", context)
