"""Pages that log a violation: the form with its live preview, and whom a text may mean."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require
from core.models import StoredFile
from core.uploads.handlers import upload_is_too_large
from violations.forms.blacklist import ACCEPT, TOO_LARGE
from violations.forms.entries import EntryForm, PreviewForm
from violations.models import LedgerEntry
from violations.selectors.appeals import inbox_of
from violations.selectors.cases import uploads_of
from violations.selectors.drafts import Draft, draft_of
from violations.services.cases import case_open
from violations.services.evidence import evidence_store_all

# Appeals under the form.
APPEALS = 7


@dataclass(frozen=True)
class Files:
    """What was uploaded with the form or before it."""

    evidence: list[StoredFile]
    proof: StoredFile | None
    problems: list[str]
    proof_problems: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.VIOLATION_LOG)
def violation_create(request: UserRequest) -> HttpResponse:
    """Log a violation; every button but that one shows the form again with what follows from it so far."""
    if request.method != "POST":
        draft = _draft(request, request.GET)
        return _page(request, EntryForm(initial=_initial(request, draft), user=request.user, draft=draft), draft)
    files, draft = _files(request), _draft(request, request.POST)
    if request.POST.get("action") != "log":
        form = EntryForm(initial=_rewritten(request, draft), user=request.user, draft=draft)
        return _page(request, form, draft, files)
    form = EntryForm(request.POST, user=request.user, draft=draft)
    _add_problems(form, files)
    if form.is_valid() and (entry := _logged(request, form, files)):
        text = ngettext("Logged as %(case)s: %(points)s point.", "Logged as %(case)s: %(points)s points.", entry.points)
        flash(request, text % {"case": entry.case, "points": entry.points})
        return redirect(entry)
    return _page(request, form, draft, files, status=422)


@require_POST
@require(Permission.VIOLATION_LOG)
def violation_preview(request: UserRequest) -> HttpResponse:
    """What logging would bring about, for the panel beside the form; nothing is written."""
    return render(request, "violations/preview.html", {"draft": _draft(request, request.POST), "is_live": True})


@require_safe
@require(Permission.VIOLATION_LOG)
def violation_creators(request: UserRequest) -> HttpResponse:
    """Creators that the typed text may mean."""
    return render(request, "violations/matches.html", {"draft": _draft(request, request.GET), "is_live": True})


@require_POST
@require(Permission.VIOLATION_LOG)
def evidence_upload(request: UserRequest) -> HttpResponse:
    """Take files of the form before it is sent, and show their digests."""
    files = _files(request)
    context = {"files": files.evidence, "problems": files.problems}
    return render(request, "violations/evidence_rows.html", context)


def _draft(request: UserRequest, data: Any) -> Draft:
    written = PreviewForm(data, user=request.user).written()
    if data.get("action") == "change":
        written |= {"creator": None, "creator_text": ""}
    return draft_of(user=request.user, at=timezone.now(), **written)


def _files(request: UserRequest) -> Files:
    """Files that come with the form are stored before anything else is looked at, so that none is sent twice."""
    # The body is read first: a file that was cut off is not among the files.
    uploads, proofs = request.FILES.getlist("evidence"), request.FILES.getlist("notice_proof")
    too_large = [str(TOO_LARGE)] if upload_is_too_large(request) else []
    stored, problems = evidence_store_all(uploads=uploads, by=request.user)
    proof, proof_problems = evidence_store_all(uploads=proofs, by=request.user)
    dropped = request.POST.get("drop", "")
    kept = uploads_of(request.user, [key for key in request.POST.getlist("uploaded") if key != dropped])
    proof += uploads_of(request.user, request.POST.getlist("proof_uploaded"))
    return Files([*kept, *stored], proof[0] if proof else None, too_large + problems, proof_problems)


def _initial(request: UserRequest, draft: Draft) -> dict[str, Any]:
    """A new form: now, and where the creator is written to when that is known."""
    channel = "mail" if draft.address else ""
    query = {name: request.GET[name] for name in ("rule_code", "content_link", "creator_text") if name in request.GET}
    return query | _people(draft) | {"effective_at": timezone.localtime(), "notice_channel": channel}


def _rewritten(request: UserRequest, draft: Draft) -> dict[str, Any]:
    """The form as it was written, with what has become known."""
    written = request.POST.dict()
    known = _people(draft)
    if written.get("notice_address"):
        known = {"creator": known["creator"]}
    if request.POST.get("action") == "change":
        written["creator_text"] = ""
    return written | known


def _people(draft: Draft) -> dict[str, Any]:
    creator = draft.creator.creator.pk if draft.creator else None
    return {"creator": creator, "notice_address": draft.address, "notice_language": draft.language}


def _add_problems(form: EntryForm, files: Files) -> None:
    for problem in (*files.problems, *files.proof_problems):
        form.add_error(None, problem)


def _logged(request: UserRequest, form: EntryForm, files: Files) -> LedgerEntry | None:
    """The new entry; None when a rule refused it, which the form then says."""
    try:
        return case_open(
            incident=form.incident(files.evidence),
            notice=form.notice(files.proof),
            by=request.user,
            at=timezone.now(),
        )
    except DomainError as error:
        error.fields = {NOTICE_FIELDS.get(name, name): text for name, text in error.fields.items()}
        add_refusal(form, error)
        return None


NOTICE_FIELDS = {"address": "notice_address", "given_at": "notice_given_at", "channel": "notice_channel"}


def _page(
    request: UserRequest, form: EntryForm, draft: Draft, files: Files | None = None, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    inbox = inbox_of(request.user, at=now, limit=APPEALS)
    context = {
        "form": form,
        "draft": draft,
        "files": files.evidence if files else [],
        "problems": files.problems if files else [],
        "proof": files.proof if files else None,
        "chosen_severity": draft.rule.severity if draft.rule else request.POST.get("severity", ""),
        "accept": ACCEPT,
        "place": "log",
        "zone": timezone.get_current_timezone_name(),
        "inbox": inbox,
        "rows": inbox.rows,
        "may_decide": request.user.can(Permission.APPEAL_DECIDE),
    }
    return render_page(request, "violations/violation_create.html", context, partial="log", status=status)
