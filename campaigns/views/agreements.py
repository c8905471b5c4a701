"""Pages of the terms of a collaboration."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.exports.terms import CONTENT_TYPE, terms_file_name, terms_pdf
from campaigns.forms.agreements import AgreementForm, agreement_initial
from campaigns.forms.quotes import QuoteForm
from campaigns.models import Collaboration
from campaigns.rules.terms import ALLOWED
from campaigns.selectors.agreements import terms_read
from campaigns.selectors.quotes import listed_quote_of, quote_lines, quotes_of
from campaigns.services.agreements import agreement_write
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require

RELATED = ("shop", "creator__market", "plan__campaign", "plan__market", "owner")


def collaboration_of(request: UserRequest, pk: int) -> Collaboration:
    """The collaboration, for members of its shop."""
    visible = Collaboration.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(visible, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.COLLABORATION_EDIT)
def agreement_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Write the terms; frozen ones are shown and refuse changes."""
    collaboration = collaboration_of(request, pk)
    terms = terms_read(collaboration)
    options: dict[str, Any] = {
        "currency": terms.agreement.currency,
        "quotes": quotes_of(collaboration.creator, collaboration.shop),
    }
    if request.method != "POST":
        form = AgreementForm(initial=agreement_initial(terms.agreement) | _asked(request), **options)
        return agreement_page(request, collaboration, form=form)
    form = AgreementForm(request.POST, **options)
    if form.is_valid():
        try:
            agreement_write(collaboration=collaboration, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            if not error.fields:
                raise
            add_refusal(form, error)
        else:
            flash(request, _("Terms saved. They freeze when the collaboration is accepted."))
            return redirect(collaboration)
    return agreement_page(request, collaboration, form=form, status=422)


def agreement_page(
    request: UserRequest,
    collaboration: Collaboration,
    *,
    form: AgreementForm | None = None,
    quote_form: QuoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form of the terms with the creator's quotes beside it."""
    now, terms = timezone.now(), terms_read(collaboration)
    currency = terms.agreement.currency
    quotes = quotes_of(collaboration.creator, collaboration.shop)
    form = form or AgreementForm(initial=agreement_initial(terms.agreement), currency=currency, quotes=quotes)
    context = {
        "collaboration": collaboration,
        "crumbs": _crumbs(collaboration),
        "terms": terms,
        "form": form,
        "allowed": ALLOWED,
        "quotes": quote_lines(collaboration.creator, collaboration.shop, today=now.date()),
        "listed": listed_quote_of(collaboration.creator),
        "quote_form": quote_form or QuoteForm(currency=currency),
        "may_quote": True,
        "may_write": not terms.is_frozen and not collaboration.is_over,
    }
    return render_page(request, "campaigns/agreement_edit.html", context, status=status)


@require_safe
@require(Permission.PLAN_VIEW)
def agreement_pdf(request: UserRequest, pk: int) -> HttpResponse:
    """The terms as a PDF; `language` names another one than that of the page."""
    collaboration = collaboration_of(request, pk)
    asked = request.GET.get("language", "")
    language = asked if translation.check_for_language(asked) else translation.get_language()
    return pdf_response(collaboration, language)


def pdf_response(collaboration: Collaboration, language: str) -> HttpResponse:
    """The terms as a file to keep."""
    response = HttpResponse(terms_pdf(collaboration, language=language), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, terms_file_name(collaboration)) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _asked(request: UserRequest) -> dict[str, str]:
    """The basis that a link or a button without scripts names."""
    basis = request.GET.get("basis", "")
    return {"basis": basis} if basis in ALLOWED else {}


def _crumbs(collaboration: Collaboration) -> list[tuple[str, str]]:
    return [
        (_("Collaborations"), reverse("collaboration_list")),
        (str(collaboration), collaboration.get_absolute_url()),
    ]
