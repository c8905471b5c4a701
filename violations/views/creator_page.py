"""The page of a creator behind the signed link. Nobody here has an account: a mailed code opens one link for a while.

Whatever is wrong with a link, tampered, unknown, expired or revoked, everybody sees the same closed door.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, public
from core.models import StoredFile
from core.uploads.handlers import upload_is_too_large
from violations.forms.links import CodeForm, CreatorAnswerForm, CreatorAppealForm, ReviewForm
from violations.models import CreatorLink, LedgerEntry
from violations.selectors.appeals import appeal_until
from violations.selectors.creator_page import appeals_of, creator_page_of, metrics_of, more_pages, zone_of
from violations.selectors.links import link_of
from violations.services.appeals import appeal_answer, appeal_file, appeal_refusal, appeal_withdraw
from violations.services.evidence import evidence_store
from violations.services.links import code_ask, code_check, review_ask
from violations.states import AppealState, EntryKind

# How long a browser that entered a code sees the page.
OPEN_FOR = timedelta(hours=12)
SESSION_KEY = "creator_links"

PageView = Callable[..., HttpResponse]


def door(view: PageView) -> PageView:
    """A view that anybody may open; it is given the link where this browser has opened it, else None.

    The link's page is in the creator's language and market time. Nothing keeps or indexes the answer.
    """

    @wraps(view)
    def shown(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        link = _open_link(request, token)
        zone = zone_of(link.creator) if link else None
        with translation.override(_language(request, link)), timezone.override(zone):
            return _private(request, view(request, token, link, **kwargs))

    return public(shown)  # type: ignore[return-value]


def opened(view: PageView) -> PageView:
    """A view behind the door; who has not opened the link is sent back to it."""

    @wraps(view)
    def shown(request: HttpRequest, token: str, link: CreatorLink | None, **kwargs: Any) -> HttpResponse:
        if link is None:
            return redirect("creator_page", token)
        return view(request, token, link, **kwargs)

    return door(shown)


@require_safe
@door
def creator_page(request: HttpRequest, token: str, link: CreatorLink | None) -> HttpResponse:
    """The creator's page where this browser has entered a code, else the door."""
    if link is None:
        return render(request, "creator_page/door.html", {"token": token})
    now = timezone.now()
    context = {
        "token": token,
        "page": creator_page_of(link.creator, at=now),
        "more": more_pages(link.creator, at=now),
        "metrics": metrics_of(link.creator),
        "open_until": _open_until(request, link),
        "link": link,
    }
    return render(request, "creator_page/page.html", context)


@require_POST
@door
def creator_code_send(request: HttpRequest, token: str, link: CreatorLink | None) -> HttpResponse:
    """Have a code mailed; by POST, because scanners of mails open every link."""
    try:
        code_ask(token=token, address=_address(request))
    except DomainError as error:
        # The address of the switch of languages: this one takes no GET.
        context = {"token": token, "problem": str(error), "language_path": reverse("creator_page", args=[token])}
        return render(request, "creator_page/door.html", context, status=error.status)
    return redirect("creator_code_enter", token)


@require_http_methods(["GET", "HEAD", "POST"])
@door
def creator_code_enter(request: HttpRequest, token: str, link: CreatorLink | None) -> HttpResponse:
    """Enter the code; the right one opens this link, and no other, for 12 hours."""
    form, status = CodeForm(request.POST if request.method == "POST" else None), 200
    if form.is_valid():
        now = timezone.now()
        try:
            found = code_check(token=token, code=form.cleaned_data["code"], address=_address(request), at=now)
        except DomainError as error:
            add_refusal(form, error)
            status = error.status if error.status == 429 else status
        else:
            _open_remember(request, found, now)
            return redirect("creator_page", token)
    return render(request, "creator_page/code.html", {"token": token, "form": form}, status=status)


@require_POST
@opened
def creator_page_close(request: HttpRequest, token: str, link: CreatorLink) -> HttpResponse:
    """Close the page in this browser; the link still works."""
    request.session[SESSION_KEY] = {key: until for key, until in _opened(request).items() if key != str(link.pk)}
    return redirect("creator_page", token)


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def creator_page_appeal(request: HttpRequest, token: str, link: CreatorLink, pk: int) -> HttpResponse:
    """Appeal against one of the creator's own entries."""
    own = LedgerEntry.objects.filter(creator=link.creator, kind=EntryKind.VIOLATION)
    entry = get_object_or_404(own.select_related("creator__market", "rule__book", "judged_by", "details"), pk=pk)
    now = timezone.now()
    # Asked before the files are stored, so that nobody fills the disk against a closed window.
    refusal = appeal_refusal(entry=entry, at=now)
    form = CreatorAppealForm(*_posted(request), is_too_large=upload_is_too_large(request))

    def file(values: dict[str, Any]) -> str:
        appeal_file(entry=entry, statement=values["statement"], evidence=_stored(values["evidence"]), link=link, at=now)
        return _("Appeal filed. Somebody who did not log the entry decides.")

    if refusal is None and _done(request, form, file):
        return redirect("creator_page", token)
    context = {
        "token": token,
        "entry": entry,
        "form": form,
        "refusal": refusal,
        "until": appeal_until(entry),
        "is_second": entry.appeals.exists(),
    }
    return _form_page(request, "creator_page/appeal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def creator_page_answer(request: HttpRequest, token: str, link: CreatorLink, pk: int) -> HttpResponse:
    """Answer what a reviewer asked about one of the creator's own appeals."""
    asked = appeals_of(link.creator).filter(state=AppealState.EVIDENCE_ASKED)
    appeal = get_object_or_404(asked, pk=pk)
    form = CreatorAnswerForm(*_posted(request), is_too_large=upload_is_too_large(request))

    def answer(values: dict[str, Any]) -> str:
        files = _stored(values["evidence"])
        appeal_answer(appeal=appeal, statement=values["statement"], evidence=files, at=timezone.now())
        return _("Answered. The appeal is under review again.")

    if _done(request, form, answer):
        return redirect("creator_page", token)
    question = appeal.steps.filter(to_state=AppealState.EVIDENCE_ASKED).exclude(from_state=AppealState.EVIDENCE_ASKED)
    context = {"token": token, "entry": appeal.entry, "form": form, "question": question.last()}
    return _form_page(request, "creator_page/appeal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def creator_page_withdraw(request: HttpRequest, token: str, link: CreatorLink, pk: int) -> HttpResponse:
    """Ask, then take back an own appeal that is not decided yet."""
    appeal = get_object_or_404(appeals_of(link.creator).open().filter(filed_by=None), pk=pk)
    if request.method == "POST":
        appeal_withdraw(appeal=appeal, at=timezone.now())
        flash(request, _("Appeal withdrawn."))
        return redirect("creator_page", token)
    return render(request, "creator_page/withdraw.html", {"token": token, "appeal": appeal})


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def creator_page_review(request: HttpRequest, token: str, link: CreatorLink) -> HttpResponse:
    """Ask for a person's review of what is computed."""
    form = ReviewForm(request.POST if request.method == "POST" else None)

    def ask(values: dict[str, Any]) -> str:
        review_ask(link=link, address=request.build_absolute_uri(link.creator.get_absolute_url()), **values)
        return _("Asked. A person looks at it and answers by mail.")

    if _done(request, form, ask):
        return redirect("creator_page", token)
    return _form_page(request, "creator_page/review.html", {"token": token, "form": form, "link": link})


def _done(request: HttpRequest, form: forms.Form, act: Callable[[dict[str, Any]], str]) -> bool:
    """Do what a valid form asks and say so; what is refused stands in the form afterwards."""
    if not form.is_valid():
        return False
    try:
        flash(request, act(form.cleaned_data))
    except DomainError as error:
        add_refusal(form, error)
        return False
    return True


def _form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if context["form"].errors else 200)


def _posted(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _stored(uploads: list[Any]) -> list[StoredFile]:
    """The uploads as stored files; an appeal that is then refused leaves them to the sweep."""
    return [evidence_store(upload=upload, by=None) for upload in uploads]


def _opened(request: HttpRequest) -> dict[str, str]:
    """Until when this browser sees the pages of links, by the link's key."""
    found: dict[str, str] = request.session.get(SESSION_KEY, {})
    return found


def _open_until(request: HttpRequest, link: CreatorLink) -> datetime | None:
    """Until when this browser sees the page of the link; None when it does not."""
    until = _opened(request).get(str(link.pk))
    return datetime.fromisoformat(until) if until else None


def _open_link(request: HttpRequest, token: str) -> CreatorLink | None:
    """The link of the token, if it still works and this browser has opened it."""
    if not _opened(request):
        return None
    now = timezone.now()
    link = link_of(token, at=now)
    until = _open_until(request, link) if link else None
    return link if until and now < until else None


def _open_remember(request: HttpRequest, link: CreatorLink, at: datetime) -> None:
    """Remember in a fresh session that this browser has opened the link."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = _opened(request) | {str(link.pk): (at + OPEN_FOR).isoformat()}


def _private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with what keeps it out of caches, indexes and the logs of other sites, and its language."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    # Not no-referrer: with it browsers post forms with the origin "null", which the check against forgery refuses.
    response["Referrer-Policy"] = "same-origin"
    language = response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    if request.GET.get("language") == language:
        # The mail names its language, and so does the switch on the page.
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax"
        )
    return response


def _language(request: HttpRequest, link: CreatorLink | None) -> str:
    """What the address or an earlier one asks for, else the language of the link, else that of the browser."""
    for wanted in (request.GET.get("language", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if wanted in dict(settings.LANGUAGES):
            return wanted
    return link.language if link else translation.get_language() or settings.LANGUAGE_CODE


def _address(request: HttpRequest) -> str:
    """Who asks; behind the proxy of the deployment the address that the proxy wrote last."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_TLS else ""
    return forwarded.rpartition(",")[2].strip() or request.META["REMOTE_ADDR"]
