"""What staff do with the links of a creator: send one, see which work, revoke one."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, require
from creators.models import Creator
from violations.forms.links import LinkForm
from violations.models import CreatorLink
from violations.selectors.links import address_of, links_of
from violations.services.links import NewLink, link_create, link_revoke


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CREATOR_LINK_SEND)
def creator_link_create(request: UserRequest, pk: int) -> HttpResponse:
    """Send the creator a link; the answer shows it, this once. Beneath: the links that were sent before."""
    creator = get_object_or_404(Creator.objects.visible_to(request.user).select_related("market"), pk=pk)
    email, language = address_of(creator, request.user)
    form = LinkForm(request.POST or None, initial={"email": email, "language": language})
    new = _created(request, creator, form) if form.is_valid() else None
    context = {
        "creator": creator,
        "crumbs": [(_("Creators"), reverse("creator_list")), (str(creator), creator.get_absolute_url())],
        "form": form,
        "new": new,
        "links": links_of(creator),
        "now": timezone.now(),
    }
    return render(request, "violations/link_create.html", context, status=422 if form.errors else 200)


def _created(request: UserRequest, creator: Creator, form: LinkForm) -> NewLink | None:
    """The link, or None with what was refused in the form."""
    # The door speaks the creator's language too.
    language = urlencode({"language": form.cleaned_data["language"]})
    try:
        return link_create(
            creator=creator,
            by=request.user,
            at=timezone.now(),
            address=lambda token: request.build_absolute_uri(f"{reverse('creator_page', args=[token])}?{language}"),
            **form.cleaned_data,
        )
    except DomainError as error:
        add_refusal(form, error)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.CREATOR_LINK_SEND)
def creator_link_revoke(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then make the link useless, also where it is open."""
    visible = CreatorLink.objects.filter(creator__in=Creator.objects.visible_to(request.user))
    link = get_object_or_404(visible.select_related("creator"), pk=pk)
    address = reverse("creator_link_create", args=[link.creator_id])
    if request.method == "POST":
        link_revoke(link=link, by=request.user, at=timezone.now())
        flash(request, _("The link to %(email)s is revoked.") % {"email": link.email})
        return redirect(address)
    context = {
        "title": _("Revoke the link"),
        "text": _("The link that went to %(email)s stops working at once, also where it is open.")
        % {"email": link.email},
        "submit": _("Revoke"),
        "danger": True,
        "crumbs": [(str(link.creator), link.creator.get_absolute_url()), (_("Links"), address)],
        "cancel_url": address,
    }
    return render(request, "components/confirm_page.html", context)
