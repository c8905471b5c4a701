"""Pages without business words: help, preferences, the gallery of parts, and what is shown when something fails."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

PREFERENCES = {"theme": ("light", "dark", "auto"), "density": ("normal", "compact")}
YEAR_SECONDS = 365 * 86400


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The keyboard map and how numbers are written."""
    return render(request, "core/help.html")


@require_POST
def preference_set(request: HttpRequest) -> HttpResponse:
    """Remember the theme or the row height in a cookie and go back to where the person was."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, {request.get_host()}, request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, values in PREFERENCES.items():
        if request.POST.get(name) in values:
            response.set_cookie(
                name, request.POST[name], max_age=YEAR_SECONDS, samesite="Lax"
            )
    return response


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states, for people who build pages; only in debug."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "core/gallery.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the reason that the view gave."""
    return render(request, "errors/403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that needs neither the database nor the session."""
    return render(request, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere."""
    return render(request, "errors/csrf.html", status=403)
