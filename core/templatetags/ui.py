"""Template tags of the look: icons, avatars, numbers and dates in the page's language, links that keep the query."""

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import ui

register = template.Library()

THEMES = ("light", "dark", "auto")


def language() -> str:
    """The code of the page's language."""
    return get_language() or settings.LANGUAGE_CODE


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: the text beside it or an aria-label says what it means."""
    return format_html(
        '<svg class="i {}" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def avatar(name: str, css: str = "") -> SafeString:
    """A grey circle with initials."""
    return format_html('<span class="av {}" aria-hidden="true">{}</span>', css, ui.initials(name or ""))


@register.simple_tag
def value(
    number: ui.Number | None,
    unit: ui.Unit = "count",
    high: ui.Number | None = None,
    quality: ui.Quality = "exact",
    digits: int | None = None,
) -> str:
    """A metric's value as text; see `core.ui.format_value`."""
    return ui.format_value(
        number,
        unit=unit,
        language=language(),
        high=high,
        quality=quality,
        digits=digits,
    )


@register.simple_tag
def fid(quality: str) -> SafeString:
    """The mark behind a number: full is exact, half a range, hollow an estimate."""
    if quality not in ("exact", "range", "estimate"):
        return SafeString("")
    label = {"exact": _("exact"), "range": _("range"), "estimate": _("estimate")}[quality]
    return format_html(
        '<span class="fid fid-{}" role="img" aria-label="{}" title="{}"></span>',
        quality,
        label,
        label,
    )


@register.filter
def compact(number: ui.Number | None) -> str:
    return ui.format_compact(number, language())


@register.filter
def number(value: ui.Number | None, digits: int = 0) -> str:
    return ui.format_number(value, digits)


@register.filter
def money(amount: ui.Number | None, currency: str = "USD") -> str:
    return ui.format_money(amount, currency, language())


@register.filter
def percent(fraction: ui.Number | None, digits: int = 0) -> str:
    return ui.format_percent(fraction, digits)


@register.filter
def score(points: ui.Number | None) -> str:
    return ui.format_number(points, 1)


@register.filter
def filesize(size: int | None) -> str:
    return ui.format_bytes(size)


@register.filter
def delta(change: ui.Number | None, digits: int | None = None) -> SafeString:
    """A signed change, green when it rose, red when it fell, muted when it stayed."""
    text = ui.format_delta(change, digits)
    css = {"+": "up", ui.MINUS: "down"}.get(text[0], "muted")
    return format_html('<span class="num {}">{}</span>', css, text)


@register.filter
def day(moment: date | datetime | None) -> str:
    """A day in short; instants are taken in the current time zone."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date()
    return ui.format_day(moment, language(), timezone.localdate())


@register.filter
def moment(instant: datetime | None) -> str:
    """Day and time of day in the current time zone."""
    local = timezone.localtime(instant) if instant else None
    return ui.format_moment(local, language(), timezone.localdate())


@register.simple_tag(takes_context=True)
def url_with(context: template.Context, **changes: Any) -> str:
    """The page's address with parameters replaced; None or "" removes one, a list sets several values."""
    query = _query(context)
    for key, wanted in changes.items():
        values = wanted if isinstance(wanted, (list, tuple)) else [wanted]
        query.setlist(key, [str(one) for one in values if one not in (None, "")])
    return _address(context["request"], query)


@register.simple_tag(takes_context=True)
def url_without(context: template.Context, key: str, one: Any = None, *more: str) -> str:
    """The page's address without a parameter, or without `one` of its values; `more` names others to drop."""
    query = _query(context)
    kept = [] if one is None else [value for value in query.getlist(key) if value != str(one)]
    query.setlist(key, kept)
    for other in more:
        query.setlist(other, [])
    return _address(context["request"], query)


@register.simple_tag(takes_context=True)
def navigation(context: template.Context, place: str = "main") -> list[dict[str, Any]]:
    """The entries of `settings.NAVIGATION` that the user may open, each with its address and whether it is current."""
    request = context["request"]
    entries = import_string(settings.NAVIGATION)
    shown = [
        (entry, reverse(entry.url_name)) for entry in entries if entry.place == place and _may_open(request, entry)
    ]
    return [
        {
            "label": entry.label,
            "icon": entry.icon,
            "url": url,
            "current": request.path.startswith((url, *entry.also)),
            "key": entry.key,
            "count": import_string(entry.count)(request.user) if entry.count else None,
        }
        for entry, url in shown
    ]


@register.filter
def may(user: Any, permission: str) -> bool:
    """Whether the user holds the permission; core knows permissions only as text."""
    return bool(user.is_authenticated and user.can(permission))


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The theme the user chose: light, dark or auto."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "auto") if request else "auto"
    return chosen if chosen in THEMES else "auto"


@register.simple_tag(takes_context=True)
def density(context: template.Context) -> str:
    """The row height the user chose: normal or compact."""
    request = context.get("request")
    return "compact" if request and request.COOKIES.get("density") == "compact" else "normal"


@register.simple_tag
def url_or_empty(name: str, *args: Any) -> str:
    """The address of a page, or nothing where an app that brings it is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _may_open(request: HttpRequest, entry: ui.NavEntry) -> bool:
    if not request.user.is_authenticated:
        return False
    # Core knows permissions only as text.
    return not entry.permission or request.user.can(entry.permission)


def _query(context: template.Context) -> QueryDict:
    return context["request"].GET.copy()


def _address(request: HttpRequest, query: QueryDict) -> str:
    text = "&".join(part for part in query.urlencode().split("&") if part)
    return f"{request.path}?{text}" if text else request.path
