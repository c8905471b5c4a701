"""The desk of ops: what waits today, what is about to happen, and the ledger as a list."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.http import render_page, require


@require_safe
@require(Permission.VIOLATION_VIEW)
def violation_desk(request: UserRequest) -> HttpResponse:
    """The desk; the address holds the filters and the page of the list."""
    return render_page(request, "violations/desk.html", {"place": "desk"}, partial="results")
