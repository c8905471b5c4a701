"""Pages of the platform's own Creator Health Rating."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.lists import ROWS_CHOICES, CursorError, rows_chosen
from core.ui import format_number
from creators.models import Creator
from violations.forms.health import HealthFilterForm, HealthForm
from violations.selectors.health import ORDERS, RatingPage, bands_on, rating_page, ratings_newest
from violations.services.health import rating_record


@require_safe
@require(Permission.VIOLATION_VIEW)
def health_list(request: UserRequest) -> HttpResponse:
    """The newest rating of each creator, the lowest score first; a market and a band narrow it."""
    today = timezone.localdate()
    bands = bands_on(today)
    form = HealthFilterForm(request.GET, bands=bands)
    wanted = form.cleaned_data if form.is_valid() else {}
    market = wanted.get("market")
    found = ratings_newest(market=market.pk if market else "", floor=wanted.get("band"), on=today)
    ordering = request.GET.get("ordering", ORDERS[0])
    options: dict[str, Any] = {"ordering": ordering, "size": rows_chosen(request.GET), "on": today}
    try:
        listing = rating_page(found, cursor=request.GET.get("cursor", ""), **options)
    except CursorError:
        listing = rating_page(found, cursor="", **options)
    context = {
        "listing": listing,
        "form": form,
        "bands": bands,
        "is_filtered": bool(market) or wanted.get("band") is not None,
        "ordering": ordering if ordering in ORDERS else ORDERS[0],
        "range_text": _range_text(listing),
        "rows": rows_chosen(request.GET),
        "rows_choices": ROWS_CHOICES,
        "may_record": request.user.can(Permission.HEALTH_RECORD),
    }
    return render_page(request, "violations/health_list.html", context)


def _range_text(listing: RatingPage) -> str:
    count = listing.page.count
    total = format_number(count.number) + ("+" if count.is_capped else "")
    places = {"start": format_number(listing.page.start), "end": format_number(listing.page.end), "total": total}
    return _("%(start)s–%(end)s of %(total)s") % places


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.HEALTH_RECORD)
def health_create(request: UserRequest, pk: int) -> HttpResponse:
    """Write down what the platform shows of a creator."""
    visible = Creator.objects.visible_to(request.user).select_related("market")
    creator = get_object_or_404(visible, pk=pk)
    form = HealthForm(request.POST or None, initial={"as_of": timezone.localdate()})
    if form.is_valid():
        try:
            rating_record(creator=creator, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Rating of %(creator)s saved.") % {"creator": creator})
            return redirect(creator)
    context = {
        "title": _("Health rating of %(creator)s") % {"creator": creator},
        "form": form,
        "submit": _("Save the rating"),
        "cancel_url": creator.get_absolute_url(),
        "intro": _("The platform's own number, written down as it is. It is never computed here."),
        "note": _("The same day and source again replaces the rating."),
        "crumbs": [(_("Health rating"), reverse("health_list")), (str(creator), creator.get_absolute_url())],
    }
    return render(request, "components/form_page.html", context)
