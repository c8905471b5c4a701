"""Pages of one creator: drawer, profile, corrections, links to other accounts of the person; the metrics."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import flash, moment_asked, require
from creators.exports import metric_text
from creators.forms.creators import CreatorEditForm, CreatorLinkForm
from creators.metrics import GROUP_LABELS, METRICS
from creators.models import Creator
from creators.selectors.guards import marks_of, summary_of
from creators.selectors.panels import DAYS_CHOICES, Asked, panels
from creators.selectors.profile import Fact, Profile, contacts_of, places_of, profile_of, shortlisted
from creators.services.creators import creator_edit as edit
from creators.services.creators import creator_unlink as unlink
from creators.services.creators import creators_link as link

TILES = ("followers", "gmv_30d", "gpm", "engagement_by_views")


def _creator(request: UserRequest, pk: int) -> Creator:
    visible = Creator.objects.visible_to(request.user).select_related("market", "person")
    return get_object_or_404(visible, pk=pk)


def _texts(facts: list[Fact]) -> list[dict[str, Any]]:
    """The facts with their text and mark in the page's language."""
    language = get_language() or "en"
    texts = [metric_text(fact.metric, fact.number, fact.value, language) for fact in facts]
    return [{"fact": fact, "text": text, "mark": mark} for fact, (text, mark) in zip(facts, texts, strict=True)]


def _groups(profile: Profile) -> list[dict[str, Any]]:
    """The known metrics by group; `origin` is the value whose source and day all of a group share."""
    groups = []
    for label, facts in profile.groups:
        values = [fact.value for fact in facts if fact.value]
        shared = len({(value.source, value.as_of) for value in values}) == 1
        groups.append({"label": label, "lines": _texts(facts), "origin": values[0] if shared else None})
    return groups


@require_safe
@require(Permission.CREATOR_VIEW)
def creator_drawer(request: UserRequest, pk: int) -> HttpResponse:
    """The facts of a creator beside the list."""
    profile = profile_of(_creator(request, pk))
    context = {
        "profile": profile,
        "groups": _groups(profile),
        "places": places_of(profile.creator)[:5],
        "contacts": contacts_of(profile.creator, request.user),
        "entries": shortlisted(profile.creator, request.user),
        **_marks(request, profile.creator),
        "may_shortlist": request.user.can(Permission.SHORTLIST_EDIT),
    }
    return render(request, "creators/drawer.html", context)


@require_safe
@require(Permission.CREATOR_VIEW)
def creator_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The profile; `panel` is its tab, `days` the window of its charts, `at` a past instant to look back to."""
    profile = profile_of(_creator(request, pk))
    shown = {panel.key: panel for panel in panels(request.user)}
    panel = shown.get(request.GET.get("panel", "overview"))
    if panel is None:
        raise Http404
    address = profile.creator.get_absolute_url()
    tabs = [
        {"label": one.label, "url": f"{address}?panel={one.key}", "current": one is panel} for one in shown.values()
    ]
    context = {
        "profile": profile,
        "tiles": _texts([profile.fact(key) for key in TILES]),
        "groups": _groups(profile),
        "tabs": tabs,
        "panel": panel,
        "may_edit": request.user.can(Permission.CREATOR_EDIT),
        "may_shortlist": request.user.can(Permission.SHORTLIST_EDIT),
        "others": _others(profile.creator),
        **_marks(request, profile.creator),
        **panel.context(profile, request.user, _asked(request)),
    }
    return render(request, "creators/creator_detail.html", context)


def _asked(request: UserRequest) -> Asked:
    days = 90 if request.GET.get("days") == str(DAYS_CHOICES[1]) else DAYS_CHOICES[0]
    now, past = timezone.now(), moment_asked(request)
    return Asked(days, past, is_past=True) if past and past < now else Asked(days, now)


def _marks(request: UserRequest, creator: Creator) -> dict[str, Any]:
    """What other apps say against the creator, and where it stands."""
    now = timezone.now()
    return {
        "marks": marks_of([creator.pk], request.user, now).get(creator.pk, ()),
        "summary": summary_of(creator.pk, request.user, now),
    }


def _others(creator: Creator) -> list[Creator]:
    """The other accounts of the same person."""
    if creator.person is None:
        return []
    return list(creator.person.creators.exclude(pk=creator.pk).select_related("market"))


@require_http_methods(["GET", "POST"])
@require(Permission.CREATOR_EDIT)
def creator_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Correct what lists say about a creator."""
    profile = profile_of(_creator(request, pk))
    creator = profile.creator
    if profile.facts is None:
        raise Http404
    initial = {"as_of": timezone.localdate(), "bio": profile.bio, **_words(creator)}
    form = CreatorEditForm(request.POST or None, facts=profile.facts, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit(
                creator=creator, by=request.user, at=timezone.now(), as_of=form.cleaned_data["as_of"],
                words=form.words(), metrics=form.metrics(),
            )  # fmt: skip
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Corrections saved. They win over every list."))
            return redirect(creator)
    context = {
        "title": _("Correct @%(handle)s") % {"handle": creator.handle},
        "form": form,
        "submit": _("Save corrections"),
        "cancel_url": creator.get_absolute_url(),
        "intro": _("Only what is changed is kept, under your name. A field left empty says nothing."),
        "crumbs": [(_("Creators"), reverse("creator_list")), (f"@{creator.handle}", creator.get_absolute_url())],
    }
    return render(request, "components/form_page.html", context)


def _words(creator: Creator) -> dict[str, str]:
    return {"nickname": creator.nickname, "language": creator.language, "agency": creator.agency}


@require_http_methods(["GET", "POST"])
@require(Permission.CREATOR_EDIT)
def creator_link(request: UserRequest, pk: int) -> HttpResponse:
    """Say that another account belongs to the same person."""
    creator = _creator(request, pk)
    form = CreatorLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = {"market": form.cleaned_data["market"], "handle": form.cleaned_data["handle"]}
        other = Creator.objects.visible_to(request.user).filter(**wanted).first()
        if other is None:
            form.add_error("handle", _("No creator of this market has this handle."))
        else:
            try:
                link(creators=[creator, other], by=request.user, at=timezone.now())
            except DomainError as error:
                add_refusal(form, error)
            else:
                flash(request, _("Linked. Warnings now follow the person."))
                return redirect(creator)
    context = {
        "title": _("Link another account of @%(handle)s") % {"handle": creator.handle},
        "form": form,
        "submit": _("Link account"),
        "cancel_url": creator.get_absolute_url(),
        "intro": _("For one person with accounts in several markets. Figures and violations stay with each account."),
        "crumbs": [(_("Creators"), reverse("creator_list")), (f"@{creator.handle}", creator.get_absolute_url())],
    }
    return render(request, "components/form_page.html", context)


@require_POST
@require(Permission.CREATOR_EDIT)
def creator_unlink(request: UserRequest, pk: int) -> HttpResponse:
    """Take the creator out of its person."""
    creator = _creator(request, pk)
    unlink(creator=creator, by=request.user)
    flash(request, _("Link removed."))
    return redirect(creator)


@require_safe
@require(Permission.CREATOR_VIEW)
def metric_list(request: UserRequest) -> HttpResponse:
    """The dictionary: every metric with definition, unit and window."""
    groups = [(label, [metric for metric in METRICS if metric.group == group]) for group, label in GROUP_LABELS.items()]
    return render(request, "creators/metric_list.html", {"groups": groups})
