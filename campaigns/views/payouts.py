"""Pages of payouts."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.settlements import PayForm
from campaigns.models import Payout
from campaigns.selectors.freezes import freezes_of
from campaigns.selectors.settlements import exact, ready_of, rows_of
from campaigns.services import payouts as services
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require
from core.ui import format_number
from core.uploads.storage import file_open
from creators.selectors.shortlists import shops_of

ROWS = 50


def _payout(request: UserRequest, pk: int) -> Payout:
    found = Payout.objects.visible_to(request.user).select_related("shop", "made_by", "file")
    return get_object_or_404(found, pk=pk)


@require_safe
@require(Permission.SETTLEMENT_VIEW)
def payout_list(request: UserRequest) -> HttpResponse:
    """What waits for a payout, and the payouts of the user's shops, the newest first."""
    found = Payout.objects.visible_to(request.user).select_related("shop", "made_by")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    context = {
        "page": page,
        "rows": [{"payout": one, "total": exact(one.total, one.currency)} for one in page],
        "ready": ready_of(request.user, at=timezone.now()),
        "may_pay": request.user.can(Permission.SETTLEMENT_APPROVE),
        "range_text": _("%(start)s–%(end)s of %(total)s") % {name: format_number(one) for name, one in places.items()},
    }
    return render(request, "campaigns/payout_list.html", context)


@require_POST
@require(Permission.SETTLEMENT_APPROVE)
def payout_create(request: UserRequest) -> HttpResponse:
    """Make a payout of all that is approved in a shop and a currency."""
    key = request.POST.get("shop", "")
    shop = get_object_or_404(shops_of(request.user), pk=int(key) if key.isdecimal() else 0)
    currency = request.POST.get("currency", "")[:3].upper()
    payout = services.payout_create(shop=shop, currency=currency, by=request.user, at=timezone.now())
    flash(request, _("Payout made. Send its file to the bank, then say when it was paid."))
    return redirect(payout)


@require_safe
@require(Permission.SETTLEMENT_VIEW)
def payout_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The lines of a payout, its file, and the form that says it was paid."""
    payout = _payout(request, pk)
    return _detail(request, payout, PayForm(initial={"paid_on": timezone.localdate()}))


def _detail(request: UserRequest, payout: Payout, form: PayForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    keys = list(payout.lines.order_by("creator__handle", "pk").values_list("pk", "creator"))
    frozen = freezes_of({creator for _key, creator in keys}, at=now) if payout.paid_on is None else {}
    context = {
        "payout": payout,
        "title": _("Payout %(number)s") % {"number": f"PO-{payout.pk:05d}"},
        "total": exact(payout.total, payout.currency),
        "rows": rows_of([key for key, _creator in keys], request.user, at=now),
        "freezes": [one.text for one in frozen.values()],
        "form": form,
        "may_pay": request.user.can(Permission.SETTLEMENT_APPROVE) and payout.paid_on is None,
        "crumbs": [(_("Payouts"), reverse("payout_list"))],
    }
    return render(request, "campaigns/payout_detail.html", context, status=status)


@require_safe
@require(Permission.CAMPAIGN_EXPORT)
def payout_file(request: UserRequest, pk: int) -> FileResponse:
    """The payment file."""
    payout = _payout(request, pk)
    if payout.file is None:
        raise Http404
    response = FileResponse(
        file_open(payout.file), as_attachment=True, filename=payout.file.name, content_type=payout.file.content_type
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@require(Permission.SETTLEMENT_APPROVE)
def payout_pay(request: UserRequest, pk: int) -> HttpResponse:
    """The bank has paid it."""
    payout, form = _payout(request, pk), PayForm(request.POST)
    if form.is_valid():
        try:
            services.payout_pay(payout=payout, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Paid. The lines stay as they are from now on."))
            return redirect(payout)
    return _detail(request, payout, form, status=422)


@require_POST
@require(Permission.SETTLEMENT_APPROVE)
def payout_discard(request: UserRequest, pk: int) -> HttpResponse:
    """Take a payout back that was not paid."""
    count = services.payout_discard(payout=_payout(request, pk), by=request.user, at=timezone.now())
    text = ngettext("Discarded: %(count)s line is free again.", "Discarded: %(count)s lines are free again.", count)
    flash(request, text % {"count": format_number(count)})
    return redirect("payout_list")
