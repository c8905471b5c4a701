"""People and invitations: pages of admins, and the page that an invitation leads to."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import selectors, services
from accounts.forms import InvitationAcceptForm, InvitationForm, PersonForm
from accounts.http import UserRequest
from accounts.models import Invitation, User
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, public, require


@require(Permission.USER_MANAGE)
@require_safe
def people_list(request: UserRequest) -> HttpResponse:
    """Everybody with an account, and the invitations that wait for an answer."""
    people = User.objects.prefetch_related("shops").order_by("-is_active", "name", "email")
    invitations = Invitation.objects.open(at=timezone.now()).select_related("invited_by").prefetch_related("shops")
    context = {"people": people, "invitations": invitations.order_by("-created_at")}
    return render(request, "accounts/people_list.html", context)


@require(Permission.USER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: UserRequest, pk: int) -> HttpResponse:
    """A person's name, role and access, with what was changed before."""
    person = get_object_or_404(User, pk=pk)
    initial = {"name": person.name, "role": person.role, "is_active": person.is_active}
    form = PersonForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            services.user_update(user=person, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved %(name)s.") % {"name": person})
            return redirect("people_list")
    context = {"form": form, "person": person, "changes": selectors.user_changes(person)}
    return render(request, "accounts/person_edit.html", context)


@require(Permission.USER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_create(request: UserRequest) -> HttpResponse:
    """Invite a person; the answer shows the link, this once."""
    form = InvitationForm(request.POST or None, initial={"language": request.user.language})
    if form.is_valid():
        try:
            created = services.invitation_create(
                by=request.user,
                link=lambda secret: request.build_absolute_uri(reverse("invitation_accept", args=[secret])),
                **form.cleaned_data,
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            context = {"link": created.link, "invitation": created.invitation}
            return render(request, "accounts/invitation_created.html", context)
    context = {
        "title": _("Invite a person"),
        "form": form,
        "submit": _("Send the invitation"),
        "crumbs": [(_("People"), reverse("people_list"))],
        "cancel_url": reverse("people_list"),
    }
    return render(request, "accounts/invitation_create.html", context)


@require(Permission.USER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_revoke(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then make the link useless."""
    invitation = get_object_or_404(Invitation, pk=pk)
    if request.method == "POST":
        services.invitation_revoke(invitation=invitation, by=request.user)
        flash(request, _("The invitation of %(email)s is revoked.") % {"email": invitation.email})
        return redirect("people_list")
    context = {
        "title": _("Revoke the invitation"),
        "text": _("The link that %(email)s got stops working.") % {"email": invitation.email},
        "submit": _("Revoke"),
        "danger": True,
        "cancel_url": reverse("people_list"),
    }
    return render(request, "components/confirm_page.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Choose a name and a password; the account is made and signed in."""
    invitation = Invitation.objects.open(at=timezone.now()).with_secret(secret).first()
    if invitation is None:
        return render(request, "accounts/invitation_unusable.html", status=404)
    form = InvitationAcceptForm(request.POST or None)
    if form.is_valid():
        try:
            user = services.invitation_accept(secret=secret, **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            login(request, user)
            flash(request, _("Welcome, %(name)s.") % {"name": user})
            return redirect("home")
    return render(request, "accounts/invitation_accept.html", {"form": form, "invitation": invitation})
