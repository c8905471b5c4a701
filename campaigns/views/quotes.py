"""Quotes of creators: one more, one taken away."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.quotes import QuoteForm
from campaigns.models import Collaboration
from campaigns.selectors.quotes import quotes_shown
from campaigns.services import quotes as services
from campaigns.views.agreements import agreement_page, collaboration_of
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.COLLABORATION_EDIT)
def quote_create(request: UserRequest, pk: int) -> HttpResponse:
    """Record what the creator asks for; it stands beside the terms."""
    collaboration = collaboration_of(request, pk)
    if request.method != "POST":
        return redirect(_address(collaboration))
    form = QuoteForm(request.POST, currency=collaboration.plan.currency)
    if form.is_valid():
        try:
            services.quote_record(
                creator=collaboration.creator,
                shop=collaboration.shop,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Quote recorded."))
            return redirect(_address(collaboration))
    return agreement_page(request, collaboration, quote_form=form, status=422)


@require_POST
@require(Permission.COLLABORATION_EDIT)
def quote_remove(request: UserRequest, pk: int, quote_pk: int) -> HttpResponse:
    """Take a quote away that was written by mistake."""
    collaboration = collaboration_of(request, pk)
    quote = get_object_or_404(quotes_shown(request.user), pk=quote_pk, creator=collaboration.creator)
    services.quote_remove(quote=quote, by=request.user)
    flash(request, _("Quote removed."))
    return redirect(_address(collaboration))


def _address(collaboration: Collaboration) -> str:
    return f"{reverse('agreement_edit', args=[collaboration.pk])}#quotes"
