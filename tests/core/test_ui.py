from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core import ui


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (None, "–", "–"),
        (0, "0", "0"),
        (999, "999", "999"),
        (4.25, "4.3", "4.3"),
        (1_850, "1.9K", "1,850"),
        (12_400, "12.4K", "1.2万"),
        (612_400, "612.4K", "61.2万"),
        (999_950, "1.00M", "100万"),
        (1_280_000, "1.28M", "128万"),
        (99_999_999, "100.0M", "1.0亿"),
        (120_000_000, "120.0M", "1.2亿"),
        (2_100_000_000, "2.1B", "21.0亿"),
        (-12_400, "−12.4K", "−1.2万"),
        (Decimal("560000"), "560.0K", "56.0万"),
    ],
)
def test_format_compact_steps(value, english, chinese):
    assert ui.format_compact(value, "en") == english
    assert ui.format_compact(value, "zh-hans") == chinese


def test_format_compact_trims_bounds():
    assert ui.format_compact(50_000, "en", trim=True) == "50K"
    assert ui.format_compact(500_000, "zh-hans", trim=True) == "50万"


@given(st.integers(min_value=0, max_value=10**12))
def test_format_compact_is_within_rounding(value):
    factor = {"K": 10**3, "M": 10**6, "B": 10**9}
    text = ui.format_compact(value, "en").replace(",", "")
    shown = Decimal(text.rstrip("KMB")) * factor.get(text[-1], 1)
    assert abs(shown - value) <= max(Decimal(value) * Decimal("0.051"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("value", "currency", "compact", "text"),
    [
        (48_210, "USD", False, "$48,210"),
        (Decimal("31.42"), "USD", False, "$31.42"),
        (0, "USD", False, "$0"),
        (-40, "USD", False, "−$40.00"),
        (48_210, "USD", True, "$48.2K"),
        (Decimal("37.3"), "USD", True, "$37.30"),
        (999.6, "USD", True, "$1K"),
        (110_000, "VND", False, "₫110,000"),
        (1_000, "PLN", False, "PLN 1,000"),
        (None, "USD", False, "–"),
    ],
)
def test_format_money(value, currency, compact, text):
    assert ui.format_money(value, currency, "en", compact) == text


def test_format_money_fixed_digits():
    assert ui.format_money(212, "USD", "en", digits=2) == "$212.00"


@pytest.mark.parametrize(
    ("keywords", "english", "chinese"),
    [
        ({"value": 50_000, "high": 100_000, "quality": "range", "unit": "money_usd"}, "$50K–100K", "$5万–10万"),
        ({"value": 1_000_000, "quality": "range", "unit": "money_usd"}, "$1M+", "$100万+"),
        ({"value": 14.9, "quality": "range", "unit": "money_usd"}, "$14.90+", "$14.90+"),
        ({"value": 344_500, "quality": "range", "unit": "count"}, "344.5K+", "34.5万+"),
        ({"value": 0.1, "high": 0.25, "quality": "range", "unit": "percent"}, "10%–25%", "10%–25%"),
        ({"value": 38_600, "quality": "estimate", "unit": "money_usd"}, "≈ $38.6K", "≈ $3.9万"),
        ({"value": 5, "quality": "missing", "unit": "count"}, "–", "–"),
        ({"value": 0.058, "unit": "percent"}, "5.8%", "5.8%"),
        ({"value": 0.96, "unit": "percent"}, "96%", "96%"),
        ({"value": 80.34, "unit": "score"}, "80.3", "80.3"),
        ({"value": 1.5, "unit": "ratio"}, "1.50", "1.50"),
        ({"value": 12, "unit": "days"}, "12 d", "12 天"),
        ({"value": 612_400, "unit": "count"}, "612.4K", "61.2万"),
        ({"value": None, "unit": "count"}, "–", "–"),
    ],
)
def test_format_value(keywords, english, chinese):
    value = keywords.pop("value")
    assert ui.format_value(value, language="en", **keywords) == english
    assert ui.format_value(value, language="zh-hans", **keywords) == chinese


def test_format_percent_digits():
    assert ui.format_percent(0.0576, 1) == "5.8%"
    assert ui.format_percent(-0.0001) == "0%"
    assert ui.format_percent(None) == "–"


@pytest.mark.parametrize(("value", "text"), [(3.14, "+3.1"), (-0.4, "−0.4"), (7, "+7"), (0.01, "0"), (None, "–")])
def test_format_delta(value, text):
    assert ui.format_delta(value) == text


def test_format_day_shows_other_years():
    today = date(2026, 11, 25)
    assert ui.format_day(date(2026, 12, 2), "en", today) == "2 Dec"
    assert ui.format_day(date(2027, 1, 3), "en", today) == "3 Jan 2027"
    assert ui.format_day(date(2026, 12, 2), "zh-hans", today) == "12-02"
    assert ui.format_day(date(2027, 1, 3), "zh-hans", today) == "2027-01-03"
    assert ui.format_day(None, "en", today) == "–"


def test_format_moment():
    instant = datetime(2026, 12, 2, 9, 40, tzinfo=UTC)
    assert ui.format_moment(instant, "en", date(2026, 11, 25)) == "2 Dec, 09:40"
    assert ui.format_moment(instant, "zh-hans", date(2026, 11, 25)) == "12-02 09:40"
    assert ui.format_moment(None, "en", date(2026, 11, 25)) == "–"


@pytest.mark.parametrize(
    ("size", "text"), [(None, "–"), (0, "0 KB"), (12, "1 KB"), (412_000, "412 KB"), (1_340_000, "1.3 MB")]
)
def test_format_bytes(size, text):
    assert ui.format_bytes(size) == text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Tin Lantern Home", "TL"),
        ("@juniper", "JU"),
        ("nara.skin", "NS"),
        ("小满日记", "小"),
        ("Petal & Pan", "PP"),
        ("Nora | tech", "NT"),
        ("洛鹿 👜", "洛"),
        ("👜", "?"),
        ("", "?"),
    ],
)
def test_initials(name, letters):
    assert ui.initials(name) == letters


def render(source: str, query: str = "", **context: object) -> str:
    request = RequestFactory().get(f"/creators/?{query}")
    return Template(source).render(Context({"request": request, **context}))


def test_icon_points_into_the_sprite():
    assert 'href="/static/icons.svg#i-search"' in render('{% icon "search" "i-s" %}')


def test_avatar_shows_only_letters():
    assert ">BO</span>" in render("{% avatar name %}", name="<b>old")


def test_numbers_follow_the_language():
    source = "{{ 612400|compact }} {{ day|day }} {{ 48210|money }}"
    shown = {"day": date(2020, 12, 12)}
    with translation.override("zh-hans"):
        assert render(source, **shown) == "61.2万 2020-12-12 $48,210"
    with translation.override("en"):
        assert render(source, **shown) == "612.4K 12 Dec 2020 $48,210"


@pytest.mark.parametrize(("change", "css"), [(1, "up"), (-1, "down"), (0, "muted"), (None, "muted")])
def test_delta_has_a_colour_and_a_sign(change, css):
    assert f'class="num {css}"' in render("{{ change|delta }}", change=change)


def test_fid_names_the_quality():
    assert 'aria-label="range"' in render('{% fid "range" %}')
    assert render('{% fid "missing" %}') == ""


def test_url_with_replaces_and_removes():
    assert (
        render("{% url_with page=2 %}", "market=US&market=GB&page=9") == "/creators/?market=US&amp;market=GB&amp;page=2"
    )
    assert render('{% url_with page=None q="a b" %}', "page=9") == "/creators/?q=a+b"
    assert render("{% url_with page=None %}", "page=9") == "/creators/"


def test_url_without_drops_one_value_or_all():
    query = "market=US&market=GB&page=9"
    assert render('{% url_without "market" "US" "page" %}', query) == "/creators/?market=GB"
    assert render('{% url_without "market" %}', query) == "/creators/?page=9"


def test_theme_and_density_come_from_cookies():
    request = RequestFactory().get("/")
    request.COOKIES = {"theme": "dark", "density": "compact"}
    assert Template("{% theme %} {% density %}").render(Context({"request": request})) == "dark compact"
    request.COOKIES = {"theme": "<script>"}
    assert Template("{% theme %} {% density %}").render(Context({"request": request})) == "auto normal"


class Person:
    is_authenticated = True

    def __init__(self, *permissions: str) -> None:
        self.permissions = permissions

    def can(self, permission: str) -> bool:
        return permission in self.permissions


ENTRIES = (
    ui.NavEntry("Help", "help_page", "help.view"),
    ui.NavEntry("Start", "home", place="account"),
    ui.NavEntry("Secret", "home", "secret.view"),
)


def test_navigation_shows_only_what_the_user_may_open(settings):
    settings.NAVIGATION = "tests.core.test_ui.ENTRIES"
    request = RequestFactory().get("/help/")
    request.user = Person("help.view")
    source = "{% navigation as entries %}{% for e in entries %}{{ e.label }} {{ e.url }} {{ e.current }};{% endfor %}"
    assert Template(source).render(Context({"request": request})) == "Help /help/ True;"


class ShopForm(forms.Form):
    name = forms.CharField(
        label="Shop", help_text="As sellers know it.", widget=forms.TextInput(attrs={"class": "wide"})
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.RadioSelect)
    active = forms.BooleanField(label="Active", required=False)
    secret = forms.CharField(widget=forms.HiddenInput)


def test_form_controls_have_the_look():
    page = str(ShopForm(initial={"note": "line"}))
    assert 'class="form-control wide"' in page
    assert page.count("class=") == page.count(' class="')
    assert ">Shop</label>" in page
    assert '>Note <span class="req">optional</span></label>' in page
    assert ">\nline</textarea>" in page
    assert 'type="radio" name="kind" value="a" class="form-check-input"' in page
    assert "Secret" not in page


def test_form_errors_are_linked_from_the_top():
    page = str(ShopForm({"name": "", "kind": "a", "secret": "x"}))
    assert 'role="alert"' in page
    assert '<a href="#id_name">Shop</a>: This field is required.' in page
    assert 'id="id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
