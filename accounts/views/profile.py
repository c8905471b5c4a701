"""One's own profile, language and API tokens."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import ProfileForm, TokenForm
from accounts.http import UserRequest
from accounts.models import ApiToken, User
from accounts.states import Permission
from core.http import flash, public, require


@require(Permission.PROFILE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: UserRequest) -> HttpResponse:
    """One's name, shops, ways to sign in, and API tokens."""
    form = ProfileForm(request.POST or None, initial={"name": request.user.name})
    if form.is_valid():
        services.profile_update(user=request.user, by=request.user, **form.cleaned_data)
        flash(request, _("Saved."))
        return redirect("profile")
    tokens = ApiToken.objects.visible_to(request.user).usable(at=timezone.now()).order_by("-created_at")
    context = {"form": form, "tokens": tokens, "shops": request.user.shops.order_by("name")}
    return render(request, "accounts/profile.html", context)


@require(Permission.TOKEN_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_create(request: UserRequest) -> HttpResponse:
    """A new token; the answer shows its secret, this once."""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        created = services.token_create(user=request.user, by=request.user, **form.cleaned_data)
        return render(request, "accounts/token_created.html", {"token": created.token, "secret": created.secret})
    context = {
        "title": _("New API token"),
        "form": form,
        "submit": _("Create"),
        "crumbs": [(_("Profile"), reverse("profile"))],
        "cancel_url": reverse("profile"),
        "intro": _("A program that sends the token may do what you may do."),
    }
    return render(request, "components/form_page.html", context)


@require(Permission.TOKEN_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then make the token useless."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        services.token_revoke(token=token, by=request.user)
        flash(request, _("The token %(name)s is revoked.") % {"name": token.name})
        return redirect("profile")
    context = {
        "title": _("Revoke the token"),
        "text": _("Programs that send %(token)s are refused from then on.") % {"token": token},
        "submit": _("Revoke"),
        "danger": True,
        "crumbs": [(_("Profile"), reverse("profile"))],
        "cancel_url": reverse("profile"),
    }
    return render(request, "components/confirm_page.html", context)


@public
@require_POST
def language_set(request: HttpRequest) -> HttpResponse:
    """Switch the language, remembered in a cookie and with the user, and go back to where the person was."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax"
        )
        if isinstance(request.user, User):
            services.user_language_set(user=request.user, language=language, by=request.user)
    return response
