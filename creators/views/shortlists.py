"""Pages of shortlists."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import UserRequest
from accounts.models import Shop
from accounts.states import Permission
from core.errors import DomainError
from core.forms import add_refusal
from core.http import Level, flash, is_htmx, render_page, require, toast
from core.lists import ROWS_CHOICES, rows_chosen
from core.ui import format_number
from creators.exports import CHOOSABLE, cell, columns_chosen, heads
from creators.forms.shortlists import (
    AddForm,
    NoteForm,
    ShortlistCreateForm,
    ShortlistForm,
    TransferForm,
    selected_ids,
)
from creators.models import Shortlist, ShortlistEntry
from creators.selectors.guards import Finding, marks_of
from creators.selectors.shortlists import Listed, entries_of, entry_order, listed, rows_named, shops_of, shortlists_of
from creators.services import shortlists as services

ROWS = 50


def _shortlist(request: UserRequest, pk: int) -> Shortlist:
    return get_object_or_404(Shortlist.objects.visible_to(request.user).select_related("shop", "owner"), pk=pk)


def _crumbs(shortlist: Shortlist | None = None) -> list[tuple[str, str]]:
    crumbs = [(_("Shortlists"), reverse("shortlist_list"))]
    return [*crumbs, (shortlist.name, shortlist.get_absolute_url())] if shortlist else crumbs


def _next(request: HttpRequest, otherwise: str) -> str:
    """Where the person came from, if that is a page of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()) else otherwise


def added_text(result: services.AddResult, shortlist: Shortlist) -> str:
    """What became of creators put on a list, in words."""
    added = ngettext("%(count)s added to %(list)s.", "%(count)s added to %(list)s.", result.added)
    text = added % {"count": format_number(result.added), "list": shortlist.name}
    if not result.already:
        return text
    already = ngettext("%(count)s was already there.", "%(count)s were already there.", result.already)
    return f"{text} {already % {'count': format_number(result.already)}}"


def marked_text(marks: dict[int, list[Finding]]) -> str:
    """How many of the creators are marked and as what, in words behind what became of them; "" when none is."""
    if not marks:
        return ""
    labels = Counter(str(one.label) for found in marks.values() for one in {one.label: one for one in found}.values())
    reasons = ", ".join(f"{label} {format_number(count)}" for label, count in labels.items())
    text = ngettext("%(count)s is marked: %(reasons)s.", "%(count)s are marked: %(reasons)s.", len(marks))
    return f" {text % {'count': format_number(len(marks)), 'reasons': reasons}}"


@require_safe
@require(Permission.SHORTLIST_VIEW)
def shortlist_list(request: UserRequest) -> HttpResponse:
    """The lists that the user sees; `shop` narrows them."""
    shops = list(Shop.objects.visible_to(request.user).order_by("name"))
    shop = next((one for one in shops if str(one.pk) == request.GET.get("shop")), None)
    page = Paginator(shortlists_of(request.user, shop=shop), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "range_text": _range_text(page),
        "shops": shops,
        "shop": shop,
        "may_edit": request.user.can(Permission.SHORTLIST_EDIT),
        "may_manage": request.user.can(Permission.SHOP_MANAGE),
    }
    return render(request, "shortlists/shortlist_list.html", context)


def _range_text(page: Any) -> str:
    places = {"start": page.start_index(), "end": page.end_index(), "total": page.paginator.count}
    return _("%(start)s–%(end)s of %(total)s") % {name: format_number(number) for name, number in places.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SHORTLIST_EDIT)
def shortlist_create(request: UserRequest) -> HttpResponse:
    """A new, empty list."""
    form = ShortlistCreateForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            shortlist = services.shortlist_create(by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("%(name)s is there. Add creators from the directory.") % {"name": shortlist})
            return redirect(shortlist)
    context = {
        "title": _("New shortlist"),
        "form": form,
        "submit": _("Create the shortlist"),
        "cancel_url": reverse("shortlist_list"),
        "crumbs": _crumbs(),
        "has_shops": shops_of(request.user).exists(),
    }
    return render(request, "shortlists/shortlist_create.html", context)


@require_safe
@require(Permission.SHORTLIST_VIEW)
def shortlist_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The creators on a list with their facts, who added each, and why."""
    shortlist = _shortlist(request, pk)
    order = entry_order(request.GET.get("ordering", ""))
    page = Paginator(entries_of(shortlist, order), rows_chosen(request.GET)).get_page(request.GET.get("page"))
    may_edit = request.user.can(Permission.SHORTLIST_EDIT)
    context = {
        "shortlist": shortlist,
        "crumbs": _crumbs(),
        "page": page,
        "range_text": _range_text(page),
        "order": order,
        "rows": rows_chosen(request.GET),
        "rows_choices": ROWS_CHOICES,
        "may_edit": may_edit,
        "may_own": may_edit and services.may_own(shortlist, request.user),
        "may_export": request.user.can(Permission.CREATOR_EXPORT),
        "transfer": TransferForm(user=request.user, source=shortlist) if may_edit else None,
        **_table(request, listed(list(page))),
    }
    return render_page(request, "shortlists/shortlist_detail.html", context)


def _table(request: UserRequest, rows: list[Listed]) -> dict[str, Any]:
    keys = request.GET.getlist("columns") or request.COOKIES.get("columns", "").split(".")
    has_tiers = any(row.facts.tier for row in rows)
    columns = [column for column in columns_chosen(keys) if column.key != "tier" or has_tiers]
    language = get_language() or "en"
    marks = marks_of([row.creator.pk for row in rows], request.user, timezone.now())
    return {
        "heads": heads(columns),
        "lines": [
            (row, [cell(column, row, language) for column in columns], marks.get(row.creator.pk, ())) for row in rows
        ],
        "choosable": [{"key": column.key, "label": column.header, "shown": column in columns} for column in CHOOSABLE],
        "kept": [(name, value) for name, value in request.GET.items() if name in ("ordering", "rows")],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SHORTLIST_EDIT)
def shortlist_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Name, note and visibility of a list."""
    shortlist = _shortlist(request, pk)
    initial = {name: getattr(shortlist, name) for name in ShortlistForm.base_fields}
    form = ShortlistForm(request.POST or None, initial=initial)
    if not services.may_own(shortlist, request.user):
        del form.fields["visibility"]
    if form.is_valid():
        try:
            services.shortlist_update(shortlist=shortlist, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_refusal(form, error)
        else:
            flash(request, _("Saved %(name)s.") % {"name": form.cleaned_data["name"]})
            return redirect(shortlist)
    context = {
        "title": _("Edit the shortlist"),
        "form": form,
        "submit": _("Save"),
        "cancel_url": shortlist.get_absolute_url(),
        "crumbs": _crumbs(shortlist),
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SHORTLIST_EDIT)
def shortlist_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then delete the list with its notes; the creators stay in the directory."""
    shortlist = _shortlist(request, pk)
    if request.method == "POST":
        services.shortlist_delete(shortlist=shortlist, by=request.user)
        flash(request, _("Deleted %(name)s.") % {"name": shortlist})
        return redirect("shortlist_list")
    size = shortlist.entries.count()
    text = ngettext(
        "%(count)s creator and the note on it leave this list. The creator stays in the directory.",
        "%(count)s creators and the notes on them leave this list. The creators stay in the directory.",
        size,
    )
    context = {
        "title": _("Delete %(name)s") % {"name": shortlist},
        "text": text % {"count": format_number(size)},
        "submit": _("Delete the shortlist"),
        "danger": True,
        "cancel_url": shortlist.get_absolute_url(),
        "crumbs": _crumbs(shortlist),
    }
    return render(request, "components/confirm_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.SHORTLIST_EDIT)
def shortlist_bulk_add(request: UserRequest) -> HttpResponse:
    """Put selected creators on a list, an existing or a new one; beside the directory, or on a page of its own."""
    data = request.POST if request.method == "POST" else request.GET
    ids = selected_ids(data)
    given = {name: request.GET[name] for name in ("shortlist", "new_name", "shop") if name in request.GET}
    form = AddForm(request.POST or None, user=request.user, creator_ids=ids, initial=given)
    back = _next(request, reverse("creator_list"))
    if form.is_valid():
        try:
            shortlist, result = _add(request, form.cleaned_data, ids)
        except DomainError as error:
            add_refusal(form, error)
        else:
            marked = marked_text(marks_of(ids, request.user, timezone.now()))
            text = f"{added_text(result, shortlist)}{marked}"
            level: Level = "warn" if marked else "ok"
            if is_htmx(request):
                return toast(HttpResponse(), text, level)
            flash(request, text, level)
            return redirect(back)
    context = {
        "form": form,
        "rows": rows_named(ids),
        "next": back,
        "has_shops": shops_of(request.user).exists(),
        "may_manage": request.user.can(Permission.SHOP_MANAGE),
    }
    status = 422 if form.errors else 200
    return render_page(request, "shortlists/bulk_add.html", context, partial="dialog", status=status)


def _add(request: UserRequest, values: dict[str, Any], ids: list[int]) -> tuple[Shortlist, services.AddResult]:
    common: dict[str, Any] = {"creator_ids": ids, "by": request.user, "note": values["note"]}
    if values["shortlist"]:
        return values["shortlist"], services.entries_add(shortlist=values["shortlist"], **common)
    return services.shortlist_create_with(shop=values["shop"], name=values["new_name"], **common)


@require_POST
@require(Permission.SHORTLIST_EDIT)
def entries_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Take the selected creators off the list."""
    shortlist = _shortlist(request, pk)
    ids = selected_ids(request.POST)
    removed = services.entries_remove(shortlist=shortlist, creator_ids=ids, by=request.user)
    text = ngettext("%(count)s removed from %(list)s.", "%(count)s removed from %(list)s.", removed)
    flash(request, text % {"count": format_number(removed), "list": shortlist})
    return redirect(_next(request, shortlist.get_absolute_url()))


@require_POST
@require(Permission.SHORTLIST_EDIT)
def entries_move(request: UserRequest, pk: int) -> HttpResponse:
    """Put the selected creators on another list and take them off this one."""
    return _transfer(request, pk, services.entries_move)


@require_POST
@require(Permission.SHORTLIST_EDIT)
def entries_copy(request: UserRequest, pk: int) -> HttpResponse:
    """Put the selected creators on another list too."""
    return _transfer(request, pk, services.entries_copy)


def _transfer(request: UserRequest, pk: int, transfer: Callable[..., services.AddResult]) -> HttpResponse:
    source = _shortlist(request, pk)
    form = TransferForm(request.POST, user=request.user, source=source)
    if not form.is_valid():
        raise DomainError("no_target", _("Choose the list that the creators go to."))
    target = form.cleaned_data["target"]
    result = transfer(source=source, target=target, creator_ids=selected_ids(request.POST), by=request.user)
    flash(request, added_text(result, target))
    return redirect(_next(request, source.get_absolute_url()))


@require_POST
@require(Permission.SHORTLIST_EDIT)
def entry_note(request: UserRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Change the note of a creator on a list."""
    shortlist = _shortlist(request, pk)
    entry = get_object_or_404(ShortlistEntry.objects.visible_to(request.user), pk=entry_pk, shortlist=shortlist)
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise DomainError("note_too_long", _("A note holds at most 2,000 characters. Shorten it."))
    entry = services.entry_update(entry=entry, note=form.cleaned_data["note"], by=request.user)
    if is_htmx(request):
        context = {"entry": entry, "shortlist": shortlist, "may_edit": True}
        return toast(render(request, "shortlists/note.html", context), _("Note saved."))
    flash(request, _("Note saved."))
    return redirect(_next(request, shortlist.get_absolute_url()))
