"""Pages of statements."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.models import Shop
from accounts.states import Permission
from campaigns.filters.settlements import month_read
from campaigns.forms.settlements import StatementForm
from campaigns.models import Statement
from campaigns.selectors.settlements import LineRow, exact
from campaigns.selectors.statements import (
    draft_of,
    lines_of,
    search,
    statement_name,
    sum_texts,
    texts_of,
    totals_of,
    waiting_of,
)
from campaigns.services import settlement_exports, statements
from core.exports import table_response
from core.http import flash, require
from core.ui import format_number
from creators.models import Creator
from creators.selectors.shortlists import shops_of

ROWS = 50


def _statement(request: UserRequest, pk: int) -> Statement:
    found = Statement.objects.visible_to(request.user).select_related("shop", "creator__market", "issued_by")
    return get_object_or_404(found, pk=pk)


@require_safe
@require(Permission.SETTLEMENT_VIEW)
def statement_list(request: UserRequest) -> HttpResponse:
    """Statements of the user's shops, the newest month first."""
    text = request.GET.get("q", "")
    found = search(Statement.objects.visible_to(request.user), text).select_related("shop", "creator__market")
    page = Paginator(found.order_by("-month", "-pk"), ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    context = {
        "page": page,
        "rows": [
            {"statement": one, "name": statement_name(one), "payable": exact(totals_of(one)["payable"], one.currency)}
            for one in page
        ],
        "q": text,
        "range_text": _("%(start)s–%(end)s of %(total)s") % {name: format_number(one) for name, one in places.items()},
    }
    return render(request, "campaigns/statement_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SETTLEMENT_EDIT)
def statement_create(request: UserRequest) -> HttpResponse:
    """Choose shop and month, look at who gets one, and issue them: one creator's or all."""
    data = request.POST if request.method == "POST" else request.GET
    initial = {"month": timezone.localdate().strftime("%Y-%m")}
    form = StatementForm(data if "shop" in data else None, user=request.user, initial=initial)
    shop, month = (form.cleaned_data["shop"], form.cleaned_data["month"]) if form.is_valid() else (None, None)
    if request.method == "POST" and shop and month:
        issued = statements.statements_issue(shop=shop, month=month, by=request.user, at=timezone.now())
        text = ngettext("%(count)s statement issued.", "%(count)s statements issued.", len(issued))
        flash(request, text % {"count": format_number(len(issued))})
        return redirect("statement_list")
    waiting = waiting_of(shop, month) if shop and month else []
    context = {
        "title": _("Issue statements"),
        "form": form,
        "shop": shop,
        "month": month,
        "waiting": [{"one": one, "amount": exact(one.amount, one.currency)} for one in waiting],
        "crumbs": [(_("Statements"), reverse("statement_list"))],
    }
    return render(request, "campaigns/statement_create.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SETTLEMENT_EDIT)
def statement_preview(request: UserRequest, shop_pk: int, creator_pk: int, month: str, currency: str) -> HttpResponse:
    """The statement of a creator as it would be issued; a POST issues it."""
    shop: Shop = get_object_or_404(shops_of(request.user), pk=shop_pk)
    creator = get_object_or_404(Creator.objects.visible_to(request.user).select_related("market"), pk=creator_pk)
    first = month_read(month)
    if first is None:
        return redirect("statement_create")
    if request.method == "POST":
        statement = statements.statement_issue(
            shop=shop, creator=creator, month=first, currency=currency, by=request.user, at=timezone.now()
        )
        flash(request, _("Issued. Its lines and sums stay as they are now."))
        return redirect(statement)
    draft = draft_of(shop, creator, first, currency)
    context: dict[str, Any] = {
        "title": _("Statement of %(creator)s") % {"creator": creator},
        "subtitle": f"{shop} · {first:%Y-%m} · {currency}",
        "rows": [LineRow(line) for line in draft.lines],
        "sums": texts_of(draft.totals, currency),
        "crumbs": [(_("Statements"), reverse("statement_list"))],
        "statement": None,
    }
    return render(request, "campaigns/statement_detail.html", context)


@require_safe
@require(Permission.SETTLEMENT_VIEW)
def statement_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A statement as it was issued."""
    statement = _statement(request, pk)
    context = {
        "title": statement_name(statement),
        "subtitle": f"{statement.shop} · {statement.creator} · {statement.month:%Y-%m} · {statement.currency}",
        "statement": statement,
        "rows": [LineRow(line) for line in lines_of(statement)],
        "sums": sum_texts(statement),
        "crumbs": [(_("Statements"), reverse("statement_list"))],
    }
    return render(request, "campaigns/statement_detail.html", context)


@require_safe
@require(Permission.CAMPAIGN_EXPORT)
def statement_download(request: UserRequest, pk: int) -> HttpResponseBase:
    """The statement as PDF, or with `format=xlsx` as a workbook."""
    statement, now = _statement(request, pk), timezone.now()
    if request.GET.get("format") == "xlsx":
        table = settlement_exports.statement_sheet(statement=statement, by=request.user, at=now)
        return table_response(table, "xlsx")
    paper = settlement_exports.statement_paper(statement=statement, by=request.user, at=now)
    response = HttpResponse(paper, content_type="application/pdf")
    name = f"{statement_name(statement)}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
