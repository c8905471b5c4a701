"""Pages of settlement lines: the list with its sums, one line, and what is decided about it."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.models import Shop
from accounts.states import Permission
from campaigns.filters.settlements import month_read, settlement_filter
from campaigns.forms.settlements import LimitForm, LineForm, ReasonForm
from campaigns.models import Collaboration, SettlementLine
from campaigns.rules.money import month_of
from campaigns.selectors.money import LineSums
from campaigns.selectors.settlements import RELATED, Listing, acts_of, exact, listing_of, parts_of, rows_of
from campaigns.services import settlement_exports
from campaigns.services import settlements as services
from campaigns.services.settings import settings_of
from core.errors import DomainError
from core.exports import FORMATS, table_response
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.lists import ROWS_CHOICES, CursorError, Page, rows_chosen
from core.services import extract_now
from core.ui import format_number
from creators.selectors.shortlists import shops_of

NOT_QUERY = ("cursor", "rows", "format")


def _line(request: UserRequest, pk: int) -> SettlementLine:
    found = SettlementLine.objects.visible_to(request.user).select_related(*RELATED, "statement", "adjusts")
    return get_object_or_404(found, pk=pk)


@require_safe
@require(Permission.SETTLEMENT_VIEW)
def settlement_list(request: UserRequest) -> HttpResponse:
    """Lines of the user's shops; the address holds the filters, and the sums follow them."""
    lines = settlement_filter(request.GET, user=request.user)
    listing = _listing(lines.qs, request)
    query = _query(request.GET)
    context = {
        "lines": lines,
        "listing": listing,
        "sums": [_sum_texts(one) for one in listing.sums],
        "tabs": _tabs(request),
        "tab": request.GET.get("tab", ""),
        "range_text": range_text(listing.page),
        "rows": rows_chosen(request.GET),
        "rows_choices": ROWS_CHOICES,
        "query": query,
        "shops": shops_of(request.user),
        "this_month": timezone.localdate().strftime("%Y-%m"),
        "may_approve": request.user.can(Permission.SETTLEMENT_APPROVE),
    }
    return render_page(request, "campaigns/settlement_list.html", context, partial="results")


def _listing(lines: Any, request: UserRequest) -> Listing:
    size, now = rows_chosen(request.GET), timezone.now()
    try:
        return listing_of(lines, request.user, at=now, size=size, cursor=request.GET.get("cursor", ""))
    except CursorError:
        return listing_of(lines, request.user, at=now, size=size)


def range_text(page: Page[Any]) -> str:
    total = format_number(page.count.number) + ("+" if page.count.is_capped else "")
    places = {"start": format_number(page.start), "end": format_number(page.end), "total": total}
    return _("%(start)s–%(end)s of %(total)s") % places


def _sum_texts(sums: LineSums) -> dict[str, str]:
    """The sums of a currency as text; what is nothing stays empty."""
    names = ("pending", "due", "approved", "disputed", "paid", "payable", "expected", "reported")
    texts = {name: exact(getattr(sums, name), sums.currency) if getattr(sums, name) else "" for name in names}
    return texts | {"currency": sums.currency}


def _tabs(request: UserRequest) -> list[dict[str, Any]]:
    labels = {"": _("All"), "approve": _("To approve"), "differences": _("Differences"), "disputed": _("Disputed")}
    address = reverse("settlement_list")
    tab = request.GET.get("tab", "")
    found = []
    for name, label in labels.items():
        query = request.GET.copy()
        for gone in ("cursor", "tab", "state", "payer"):
            query.pop(gone, None)
        if name:
            query["tab"] = name
        url = f"{address}?{query.urlencode()}" if query else address
        found.append({"label": label, "url": url, "current": name == tab})
    return found


def _query(data: QueryDict) -> str:
    query = data.copy()
    for name in NOT_QUERY:
        query.pop(name, None)
    return query.urlencode()


@require_safe
@require(Permission.CAMPAIGN_EXPORT)
def settlement_export(request: UserRequest) -> HttpResponseBase:
    """The filtered lines as CSV or XLSX."""
    asked = request.GET.get("format", "")
    extract = settlement_exports.lines_extract(
        query=_query(request.GET),
        file_format=asked if asked in FORMATS else "csv",
        by=request.user,
        at=timezone.now(),
    )
    return table_response(extract_now(extract=extract, by=request.user), extract.file_format)


@require_POST
@require(Permission.SETTLEMENT_APPROVE)
def settlement_approve(request: UserRequest) -> HttpResponse:
    """Approve the chosen lines; those that may not be are named."""
    keys = [int(text) for text in request.POST.getlist("line") if text.isdecimal() and len(text) < 18]
    lines = list(SettlementLine.objects.visible_to(request.user).filter(pk__in=keys))
    if not lines:
        flash(request, _("Choose lines first."), "warn")
        return redirect(_back(request))
    approval = services.lines_approve(lines=lines, by=request.user, at=timezone.now())
    if approval.approved:
        count = len(approval.approved)
        text = ngettext("%(count)s line approved.", "%(count)s lines approved.", count)
        flash(request, text % {"count": format_number(count)})
    for key, error in list(approval.refused.items())[:5]:
        flash(request, _("Line %(line)s: %(reason)s") % {"line": f"#{key}", "reason": error}, "bad")
    return redirect(_back(request))


def _back(request: UserRequest) -> str:
    """Where the form stood, if that is a page of ours."""
    asked = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse("settlement_list")


@require_POST
@require(Permission.SETTLEMENT_EDIT)
def settlement_refresh(request: UserRequest) -> HttpResponse:
    """Compute the lines of a shop and a month again."""
    key = request.POST.get("shop", "")
    shop = get_object_or_404(Shop.objects.visible_to(request.user), pk=int(key) if key.isdecimal() else 0)
    month = month_read(request.POST.get("month", "")) or month_of(timezone.localdate())
    changed = services.settlement_refresh(shop=shop, month=month, at=timezone.now())
    text = ngettext("Computed again: %(count)s line changed.", "Computed again: %(count)s lines changed.", changed)
    flash(request, text % {"count": format_number(changed)})
    return redirect(f"{reverse('settlement_list')}?shop={shop.pk}&month={month:%Y-%m}")


@require_safe
@require(Permission.SETTLEMENT_VIEW)
def settlement_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One line: how it was computed, what holds it, who did what."""
    return _detail(request, _line(request, pk), ReasonForm())


def _detail(request: UserRequest, line: SettlementLine, form: ReasonForm, status: int = 200) -> HttpResponse:
    labels = {
        "dispute": _("Dispute"),
        "resolve": _("It is right"),
        "withdraw": _("Withdraw the approval"),
        "cancel": _("Waive"),
    }
    context = {
        "line": line,
        "row": rows_of([line.pk], request.user, at=timezone.now())[0],
        "parts": parts_of(line),
        "moves": line.moves.select_related("by"),
        "corrections": [(one, exact(one.amount, one.currency)) for one in line.adjustments.order_by("pk")],
        "acts": [(act, labels[act]) for act in acts_of(line, request.user)],
        "form": form,
        "title": f"#{line.pk} {line.get_kind_display()}",
        "crumbs": [(_("Settlement"), reverse("settlement_list"))],
    }
    return render(request, "campaigns/settlement_detail.html", context, status=status)


@require_POST
@require(Permission.SETTLEMENT_EDIT)
def settlement_act(request: UserRequest, pk: int) -> HttpResponse:
    """Dispute, resolve, withdraw or waive a line, with the reason."""
    line = _line(request, pk)
    acts = {
        "dispute": services.line_dispute,
        "resolve": services.line_resolve,
        "withdraw": services.line_withdraw,
        "cancel": services.line_cancel,
    }
    act = acts.get(request.POST.get("act", ""))
    form = ReasonForm(request.POST)
    if act is not None and form.is_valid():
        try:
            act(line=line, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved."))
            return redirect("settlement_detail", pk=pk)
    return _detail(request, line, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SETTLEMENT_EDIT)
def settlement_create(request: UserRequest, pk: int) -> HttpResponse:
    """A compensation, or what is taken back, by hand."""
    found = Collaboration.objects.visible_to(request.user).select_related("creator", "plan")
    collaboration = get_object_or_404(found, pk=pk)
    form = LineForm(request.POST or None, currency=collaboration.plan.currency)
    if form.is_valid():
        try:
            line = services.line_add(
                collaboration=collaboration, by=request.user, at=timezone.now(), **form.cleaned_data
            )  # fmt: skip
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Added. It is due."))
            return redirect("settlement_detail", pk=line.pk)
    context = {
        "title": _("Add a line for %(creator)s") % {"creator": collaboration.creator},
        "form": form,
        "submit": _("Add the line"),
        "cancel_url": f"{reverse('settlement_list')}?creator={collaboration.creator.handle}",
        "crumbs": [(_("Settlement"), reverse("settlement_list"))],
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SHOP_MANAGE)
def settlement_limit(request: UserRequest) -> HttpResponse:
    """Above which amount a second person approves, for a shop."""
    key = request.GET.get("shop", "")
    chosen = shops_of(request.user).filter(pk=int(key) if key.isdecimal() else 0).first()
    initial = {"shop": chosen.pk, "limit": settings_of(shop=chosen).approval_limit} if chosen else {}
    form = LimitForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        try:
            services.approval_limit_update(
                shop=form.cleaned_data["shop"], limit=form.cleaned_data["limit"], by=request.user
            )  # fmt: skip
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved. It holds for what is approved from now on."))
            return redirect("settlement_list")
    context = {
        "title": _("Approval by a second person"),
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("settlement_list"),
        "crumbs": [(_("Settlement"), reverse("settlement_list"))],
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)
