"""Pages of products: the list with its export, one product with its stock, the form."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.filters.products import ProductFilter, product_filter
from campaigns.forms.products import ProductForm, StockForm
from campaigns.models import Product
from campaigns.selectors.products import changes_of, contribution_of, plans_of, rows_of, steps_of
from campaigns.services.product_exports import products_export
from campaigns.services.products import product_create as create
from campaigns.services.products import product_move as move
from campaigns.services.products import product_update as update
from campaigns.services.stock import stock_change
from campaigns.states.plans import PRODUCT_TRANSITIONS, ProductState
from core.errors import DomainError
from core.exports import FORMATS, table_response
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.ui import format_number

ROWS = 50
STOCK_ROWS = 30
# What belongs to the page of the list, not to the choice of rows.
NOT_QUERY = ("format", "page")
MOVES: dict[str, tuple[Any, str]] = {
    ProductState.ACTIVE: (gettext_lazy("Activate"), "player-play"),
    ProductState.PAUSED: (gettext_lazy("Pause"), "player-pause"),
    ProductState.RETIRED: (gettext_lazy("Retire"), "ban"),
}


def product_or_404(request: UserRequest, pk: int) -> Product:
    """The product of one of the user's shops."""
    found = Product.objects.visible_to(request.user).select_related("shop", "category", "created_by")
    return get_object_or_404(found, pk=pk)


def product_crumbs(product: Product | None = None) -> list[tuple[str, str]]:
    """The way to the list, or to a product."""
    crumbs = [(_("Products"), reverse("product_list"))]
    return [*crumbs, (product.title, product.get_absolute_url())] if product else crumbs


@require_safe
@require(Permission.PLAN_VIEW)
def product_list(request: UserRequest) -> HttpResponse:
    """The products of the user's shops; the address holds the filters. A fragment is the list alone."""
    products = product_filter(request.GET, user=request.user)
    page = Paginator(products.qs, ROWS).get_page(request.GET.get("page"))
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    context = {
        "place": "products",
        "products": products,
        "chips": _chips(products),
        "page": page,
        "rows": rows_of(list(page)),
        "ordering": products.ordering,
        "range_text": _("%(start)s–%(end)s of %(total)s") % {name: format_number(one) for name, one in places.items()},
        "count": page.paginator.count,
        "export_query": _query(request.GET),
        "may_edit": request.user.can(Permission.PRODUCT_EDIT),
        "may_export": request.user.can(Permission.CAMPAIGN_EXPORT),
    }
    return render_page(request, "campaigns/product_list.html", context, partial="results")


def _chips(products: ProductFilter) -> list[dict[str, Any]]:
    """The filters that are set, in words."""
    words = {"state": lambda value: ProductState(value).label}
    return [
        {"name": name, "label": products.filters[name].label, "shown": words.get(name, str)(value)}
        for name, value in products.values.items()
    ]


@require_safe
@require(Permission.CAMPAIGN_EXPORT)
def product_export(request: UserRequest) -> HttpResponseBase:
    """The filtered products as CSV (also without `format`) or XLSX."""
    asked = request.GET.get("format", "")
    file_format = asked if asked in FORMATS else "csv"
    return table_response(
        products_export(query=_query(request.GET), file_format=file_format, by=request.user), file_format
    )


def _query(data: QueryDict) -> str:
    query = data.copy()
    for name in NOT_QUERY:
        query.pop(name, None)
    return query.urlencode()


@require_safe
@require(Permission.PLAN_VIEW)
def product_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One product: what a piece leaves, its plans, its stock, and who changed what."""
    return _detail(request, product_or_404(request, pk), StockForm())


def _detail(request: UserRequest, product: Product, form: StockForm, *, status: int = 200) -> HttpResponse:
    may_edit = request.user.can(Permission.PRODUCT_EDIT)
    open_moves = PRODUCT_TRANSITIONS[product.state] if may_edit else frozenset()
    context = {
        "product": product,
        "crumbs": product_crumbs(),
        "left": contribution_of(product),
        "steps": steps_of(product),
        "plans": plans_of(product),
        "stock_moves": product.stock_moves.select_related("by", "sample")[:STOCK_ROWS],
        "changes": changes_of(product),
        "moves": [(to, *MOVES[to]) for to in ProductState if to in open_moves],
        "form": form,
        "may_edit": may_edit,
    }
    return render_page(request, "campaigns/product_detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PRODUCT_EDIT)
def product_create(request: UserRequest) -> HttpResponse:
    """Add a product."""
    form = ProductForm(request.POST or None, user=request.user)
    if form.is_valid():
        shop, stock = form.cleaned_data["shop"], form.cleaned_data["stock"] or 0
        try:
            made = create(shop=shop, values=form.values(), by=request.user, at=timezone.now(), stock=stock)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("%(product)s is added.") % {"product": made})
            return redirect(made)
    return _form_page(request, form, _("New product"), product_crumbs(), reverse("product_list"))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.PRODUCT_EDIT)
def product_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a product; its shop stays."""
    product = product_or_404(request, pk)
    form = ProductForm(request.POST or None, user=request.user, product=product)
    if form.is_valid():
        try:
            update(product=product, values=form.values(), by=request.user)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved."))
            return redirect(product)
    return _form_page(request, form, _("Edit product"), product_crumbs(product), product.get_absolute_url())


def _form_page(
    request: UserRequest, form: ProductForm, title: str, crumbs: list[tuple[str, str]], cancel_url: str
) -> HttpResponse:
    context = {"form": form, "title": title, "crumbs": crumbs, "cancel_url": cancel_url}
    return render(request, "campaigns/product_form.html", context, status=422 if form.errors else 200)


@require_POST
@require(Permission.PRODUCT_EDIT)
def product_move(request: UserRequest, pk: int) -> HttpResponse:
    """Pause, retire or activate a product."""
    product = product_or_404(request, pk)
    after = move(product=product, to=request.POST.get("to", ""), by=request.user)
    flash(request, _("%(product)s: %(state)s.") % {"product": after, "state": after.look.label})
    return redirect(product)


@require_POST
@require(Permission.PRODUCT_EDIT)
def product_stock(request: UserRequest, pk: int) -> HttpResponse:
    """Book samples that came in or went out."""
    product = product_or_404(request, pk)
    form = StockForm(request.POST)
    if not form.is_valid():
        return _detail(request, product, form, status=422)
    note = form.cleaned_data["note"]
    try:
        booked = stock_change(product=product, delta=form.delta, note=note, by=request.user, at=timezone.now())
    except DomainError as error:
        form.add_error("pieces", str(error.message))
        return _detail(request, product, form, status=422)
    flash(request, _("Booked: %(count)s samples in stock.") % {"count": format_number(booked.balance)})
    return redirect(product)
