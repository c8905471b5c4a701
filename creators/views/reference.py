"""Pages of the reference lists: exchange rates and column headers."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require
from creators.forms.reference import AliasForm, RateForm
from creators.models import ExchangeRate, HeaderAlias
from creators.rules.headers import normalise_header
from creators.services import reference as services
from creators.services.imports import FIELDS

ROWS = 100


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REFERENCE_EDIT)
def rate_list(request: UserRequest) -> HttpResponse:
    """The exchange rates, and a form for a new one."""
    form = RateForm(request.POST or None)
    if form.is_valid():
        try:
            rate = services.rate_set(by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved the rate of %(currency)s.") % {"currency": rate.currency})
            return redirect("rate_list")
    return render(request, "reference/rate_list.html", {"form": form, "rates": ExchangeRate.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.REFERENCE_EDIT)
def alias_list(request: UserRequest) -> HttpResponse:
    """What the headers of lists mean, and a form for a new one."""
    form = AliasForm(request.POST or None)
    if form.is_valid():
        try:
            alias = services.alias_set(by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved the header %(header)s.") % {"header": alias.header})
            return redirect("alias_list")
    query = request.GET.get("q", "").strip()
    aliases = (
        HeaderAlias.objects.filter(header__contains=normalise_header(query)) if query else HeaderAlias.objects.all()
    )
    page = Paginator(aliases, ROWS).get_page(request.GET.get("page"))
    rows = [{"alias": alias, "label": FIELDS.get(alias.field, "")} for alias in page]
    return render(request, "reference/alias_list.html", {"form": form, "page": page, "rows": rows, "query": query})


@require_POST
@require(Permission.REFERENCE_EDIT)
def alias_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Forget a header."""
    alias = get_object_or_404(HeaderAlias, pk=pk)
    services.alias_delete(alias=alias, by=request.user)
    flash(request, _("Removed the header %(header)s.") % {"header": alias.header})
    return redirect("alias_list")
