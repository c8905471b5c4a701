"""Shops and who works for them."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors, services
from accounts.forms import MemberForm, ShopEditForm, ShopForm
from accounts.http import UserRequest
from accounts.models import Shop, User
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require


@require(Permission.SHOP_MANAGE)
@require_safe
def shop_list(request: UserRequest) -> HttpResponse:
    """Every shop with the number of its members."""
    shops = Shop.objects.visible_to(request.user).annotate(size=Count("memberships")).order_by("-is_active", "name")
    return render(request, "accounts/shop_list.html", {"shops": shops})


@require(Permission.SHOP_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def shop_create(request: UserRequest) -> HttpResponse:
    """A new shop; its members are chosen on the page that follows."""
    form = ShopForm(request.POST or None)
    if form.is_valid():
        try:
            shop = services.shop_create(by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("%(shop)s is there. Add its members.") % {"shop": shop})
            return redirect("shop_edit", pk=shop.pk)
    context = {
        "title": _("New shop"),
        "form": form,
        "submit": _("Create the shop"),
        "crumbs": [(_("Shops"), reverse("shop_list"))],
        "cancel_url": reverse("shop_list"),
    }
    return render(request, "accounts/shop_create.html", context)


@require(Permission.SHOP_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def shop_edit(request: UserRequest, pk: int) -> HttpResponse:
    """A shop's name, market and members, with what was changed before."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user), pk=pk)
    initial = {name: getattr(shop, name) for name in ShopEditForm.base_fields}
    form = ShopEditForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            services.shop_update(shop=shop, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved %(name)s.") % {"name": shop})
            return redirect("shop_list")
    context = {
        "form": form,
        "shop": shop,
        "memberships": shop.memberships.select_related("user", "added_by").order_by("user__name", "user__email"),
        "member_form": MemberForm(shop=shop),
        "changes": selectors.shop_changes(shop),
    }
    return render(request, "accounts/shop_edit.html", context)


@require(Permission.SHOP_MANAGE)
@require_POST
def membership_add(request: UserRequest, pk: int) -> HttpResponse:
    """Add the chosen person to the shop."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user), pk=pk)
    form = MemberForm(request.POST, shop=shop)
    if form.is_valid():
        services.membership_add(shop=shop, by=request.user, **form.cleaned_data)
        flash(request, _("%(name)s works for %(shop)s now.") % {"name": form.cleaned_data["user"], "shop": shop})
    else:
        flash(request, _("Choose a person of the list."), "warn")
    return redirect("shop_edit", pk=shop.pk)


@require(Permission.SHOP_MANAGE)
@require_POST
def membership_remove(request: UserRequest, pk: int, user_pk: int) -> HttpResponse:
    """Take a person out of the shop."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user), pk=pk)
    person = get_object_or_404(User, pk=user_pk)
    services.membership_remove(shop=shop, user=person, by=request.user)
    flash(request, _("%(name)s no longer works for %(shop)s.") % {"name": person, "shop": shop})
    return redirect("shop_edit", pk=shop.pk)
