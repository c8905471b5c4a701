"""Pages without business words: help, preferences, the gallery of parts, and what is shown when something fails."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_prometheus.exports import ExportToDjangoView

from core import jobs, selectors, services
from core.forms import SampleForm
from core.http import AuthedRequest, public, render_page, require
from core.models import Job, StoredFile
from core.uploads.storage import file_open

PREFERENCES = {"theme": ("light", "dark", "auto"), "density": ("normal", "compact")}
YEAR_SECONDS = 365 * 86400
# Core knows permissions only as text. Everybody may see their own jobs; contacts leave only by this permission.
SEE, CONTACTS = "creator.view", "contact.export"


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The bare address leads to where people land after signing in."""
    return redirect(settings.LOGIN_REDIRECT_URL)


@public
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The keyboard map and how numbers are written."""
    return render(request, "core/help.html")


@public
@require_POST
def preference_set(request: HttpRequest) -> HttpResponse:
    """Remember the theme or the row height in a cookie and go back to where the person was."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, values in PREFERENCES.items():
        if request.POST.get(name) in values:
            response.set_cookie(name, request.POST[name], max_age=YEAR_SECONDS, samesite="Lax")
    return response


@public
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states, for people who build pages; only in debug."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "core/gallery.html", _samples())


def _samples() -> dict[str, Any]:
    """Invented values for the gallery."""
    week = ["1 Nov", "8 Nov", "15 Nov", "22 Nov"]
    views = [41_000, 52_300, 47_900, 61_200]
    return {
        "tabs": [
            {"label": "Overview", "url": "#", "current": True},
            {"label": "Collaborations", "url": "#", "count": 4},
            {"label": "Violations", "url": "#", "count": 12_447},
        ],
        "colours": ["ok", "info", "warn", "bad", "idle"],
        "columns": [{"key": "gmv", "label": "GMV 30d", "shown": True}, {"key": "gpm", "label": "GPM", "shown": False}],
        "pairs": [("Expires", "2027-02-20"), ("Threshold", "12, another 3 points away")],
        "now": timezone.now(),
        "form": SampleForm(),
        "failed_form": SampleForm({"name": "", "email": "nobody", "kind": "fast"}),
        "chart": {"type": "line", "labels": week, "series": [{"name": "Views", "values": views}]},
        "chart_head": ["Week", "Views"],
        "chart_rows": list(zip(week, views, strict=True)),
        "people": [("@tinlanternhome", 1_280_000, 212_480), ("@oatandember", 541_900, 66_920), ("@小满", 88_000, 940)],
        "pages": [("1", "#", True), ("2", "#", False), ("…", "", False), ("26", "#", False)],
        "rows_choices": [25, 50, 100],
    }


@require_safe
@require(SEE)
def job_detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """How far a job is, then its file; htmx asks for this part alone every second while the job is open."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    file = StoredFile.objects.filter(pk=job.result.get("file")).first()
    context = {
        "job": job,
        "progress": jobs.progress_get(job=job),
        "file": file,
        "title": job.params.get("title") or job.kind,
        "back": job.params.get("back", "/"),
    }
    return render_page(request, "core/job_detail.html", context, partial="job")


@require_POST
@require(SEE)
def job_cancel(request: AuthedRequest, pk: int) -> HttpResponse:
    """Ask a job to stop."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    jobs.job_cancel(job=job, by=request.user)
    return redirect("job_detail", pk=job.pk)


@require_safe
@require(SEE)
def file_download(request: AuthedRequest, pk: int) -> FileResponse:
    """A stored file, always as an attachment; to who had it made, and to admins."""
    file = get_object_or_404(StoredFile.objects.visible_to(request.user).unexpired(at=timezone.now()), pk=pk)
    if file.exports.filter(has_contacts=True).exists() and not request.user.can(CONTACTS):
        raise PermissionDenied(request.user.refusal(CONTACTS))
    opened = file_open(file)
    services.file_taken(file=file, by=request.user, at=timezone.now())
    response = FileResponse(opened, as_attachment=True, filename=file.name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@public
@require_safe
def prometheus_metrics(request: HttpRequest) -> HttpResponse:
    """Counters for Prometheus, by the bearer token METRICS_TOKEN; without one set there is nothing here."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN):
        raise Http404
    return ExportToDjangoView(request)


@public
@require_safe
def health_live(request: HttpRequest) -> HttpResponse:
    """The process answers; for supervisors that restart it otherwise."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
@never_cache
def health_ready(request: HttpRequest) -> JsonResponse:
    """Database, migrations and cache are fine; 503 says which is not, so that nobody is sent here."""
    state = selectors.readiness()
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the reason that the view gave."""
    return render(request, "errors/403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; programs get the error shape of the API."""
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "not_found", "message": _("There is no such address."), "fields": {}}, status=404)
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that needs neither the database nor the session."""
    return render(request, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere."""
    return render(request, "errors/csrf.html", status=403)
