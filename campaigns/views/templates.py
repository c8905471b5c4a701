"""Pages of message templates."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from campaigns.forms.outreach import TemplateForm
from campaigns.models import MessageTemplate
from campaigns.rules.variables import VARIABLES
from campaigns.selectors.outreach import template_groups
from campaigns.services import templates as services
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, render_page, require


def _template(request: UserRequest, pk: int) -> MessageTemplate:
    visible = MessageTemplate.objects.visible_to(request.user).current().select_related("shop")
    return get_object_or_404(visible, pk=pk)


@require_safe
@require(Permission.PLAN_VIEW)
def template_list(request: UserRequest) -> HttpResponse:
    """The templates of the user's shops: one line a text, with its translations."""
    context = {
        "groups": template_groups(request.user),
        "variables": VARIABLES,
        "may_edit": request.user.can(Permission.OUTREACH_SEND),
    }
    return render_page(request, "campaigns/template_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.OUTREACH_SEND)
def template_create(request: UserRequest) -> HttpResponse:
    """A new template; `like` is one whose translation it becomes."""
    key = request.GET.get("like", "")
    like = _template(request, int(key)) if key.isdecimal() and len(key) < 18 else None
    names = ("shop", "name", "stage", "subject", "body")
    initial = {name: getattr(like, name) for name in names} if like else {}
    return _form(request, TemplateForm(request.POST or None, user=request.user, initial=initial), None)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.OUTREACH_SEND)
def template_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a template; messages that were written with it stay as they are."""
    template = _template(request, pk)
    names = ("shop", "name", "stage", "language", "subject", "body")
    initial = {name: getattr(template, name) for name in names}
    form = TemplateForm(request.POST or None, user=request.user, initial=initial)
    # A template does not change its shop.
    form.fields.pop("shop")
    return _form(request, form, template)


def _form(request: UserRequest, form: TemplateForm, template: MessageTemplate | None) -> HttpResponse:
    if form.is_valid():
        values: dict[str, Any] = {"shop": template.shop if template else None, **form.cleaned_data}
        try:
            services.template_save(template=template, by=request.user, at=timezone.now(), **values)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Template saved."))
            return redirect("template_list")
    context = {
        "title": _("Change the template") if template else _("New template"),
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("template_list"),
        "crumbs": [(_("Templates"), reverse("template_list"))],
    }
    return render(request, "components/form_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.OUTREACH_SEND)
def template_archive(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then take the template out of use."""
    template = _template(request, pk)
    if request.method == "POST":
        services.template_archive(template=template, by=request.user, at=timezone.now())
        flash(request, _("“%(name)s” is out of use.") % {"name": template})
        return redirect("template_list")
    context = {
        "title": _("Take the template out of use"),
        "text": _("“%(name)s” is offered no more. Messages that were written with it stay.") % {"name": template},
        "submit": _("Take out of use"),
        "danger": True,
        "cancel_url": reverse("template_list"),
        "crumbs": [(_("Templates"), reverse("template_list"))],
    }
    return render(request, "components/confirm_page.html", context)
