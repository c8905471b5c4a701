"""What a person does today."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.states import Permission, RoleCode
from campaigns.selectors.day_tasks import day_of
from campaigns.selectors.my_day import urgent_first
from core.http import render_page, require


@require_safe
@require(Permission.PLAN_VIEW)
def my_day(request: UserRequest) -> HttpResponse:
    """Work by kind, what is late first; sellers see their own, everybody else the whole team's, or as `whose` says."""
    usual = "mine" if request.user.role == RoleCode.SELLER else "team"
    whose = request.GET.get("whose", usual)
    is_mine = whose == "mine"
    lists = day_of(request.user, at=timezone.now(), is_mine=is_mine)
    context = {
        "place": "day",
        "lists": urgent_first(lists),
        "all_lists": lists,
        "is_mine": is_mine,
        "number": sum(one.number for one in lists),
        "late": sum(one.late for one in lists),
    }
    return render_page(request, "campaigns/my_day.html", context)
