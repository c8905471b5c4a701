"""The terms behind the creator's signed link: read, agreed to, kept as PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.models import Agreement
from campaigns.selectors.agreements import agreements_of, agreements_waiting, terms_shown
from campaigns.services.agreements import agreement_acknowledge
from campaigns.views.agreements import pdf_response
from core.errors import DomainError
from core.http import flash
from violations.models import CreatorLink
from violations.views.creator_page import opened


def _own(link: CreatorLink, pk: int) -> Agreement:
    return get_object_or_404(agreements_of(link.creator), pk=pk)


@require_safe
@opened
def creator_terms(request: HttpRequest, token: str, link: CreatorLink) -> HttpResponse:
    """The frozen terms of the creator's collaborations, in the language of the page."""
    context = {
        "token": token,
        "link": link,
        "all_terms": [terms_shown(agreement) for agreement in agreements_of(link.creator)],
        "waiting": set(agreements_waiting(link.creator).values_list("pk", flat=True)),
    }
    return render(request, "campaigns/agreement_creator.html", context)


@require_POST
@opened
def creator_terms_agree(request: HttpRequest, token: str, link: CreatorLink, pk: int) -> HttpResponse:
    """The creator agrees."""
    try:
        agreement_acknowledge(agreement=_own(link, pk), link=link, at=timezone.now())
    except DomainError as error:
        flash(request, str(error), "bad")
    else:
        flash(request, _("Thank you. The terms are agreed."))
    return redirect("creator_terms", token)


@require_safe
@opened
def creator_terms_pdf(request: HttpRequest, token: str, link: CreatorLink, pk: int) -> HttpResponse:
    """The terms as a file to keep, in the language of the page."""
    return pdf_response(_own(link, pk).collaboration, translation.get_language() or "en")
