from datetime import date
from decimal import Decimal

import pytest

from campaigns.models import ContentResult
from campaigns.selectors.results import Figures, figures_sum, results_of, results_of_contents
from tests.plans import NOON, make_collaboration, make_plan

pytestmark = pytest.mark.django_db


def result(content, day=22, window="day", **values):
    return ContentResult.objects.create(
        content=content, day=date(2026, 11, day), window=window, source="hand",
        recorded_by=content.collaboration.owner, recorded_at=NOON, **values,
    )  # fmt: skip


def test_results_sum_days_of_all_contents(django_assert_num_queries):
    collaboration = make_collaboration(make_plan(contents_wanted=2), state="content_due")
    first, second = collaboration.contents.all()
    result(first, views=100, gmv=Decimal("50.10"), refunds=Decimal("10.05"))
    result(first, 23, views=50, gmv=Decimal("20"))
    result(second, views=7, orders=2, product_clicks=8)
    result(first, window="first_24h", views=999, gmv=Decimal("999"))
    collaboration.contents.filter(pk=first.pk).update(state="published", published_at=NOON)
    with django_assert_num_queries(1):
        found = results_of([collaboration.pk])[collaboration.pk]
    assert (found.views, found.gmv, found.refunds, found.gmv_net) == (
        157, Decimal("70.10"), Decimal("10.05"), Decimal("60.05"),
    )  # fmt: skip
    assert (found.contents_published, found.contents_wanted, found.currency) == (1, 2, "USD")
    assert (found.conversion, found.likes) == (Decimal("0.25"), None)


def test_what_nobody_has_said_is_not_zero():
    collaboration = make_collaboration(make_plan(contents_wanted=3))
    found = results_of([collaboration.pk])[collaboration.pk]
    assert (found.gmv, found.gmv_net, found.conversion) == (None, None, None)
    assert (found.contents_published, found.contents_wanted) == (0, 3)


def test_results_of_contents_by_window():
    content = make_collaboration(state="content_due").contents.get()
    result(content, views=5)
    result(content, window="first_24h", views=3)
    assert results_of_contents([content.pk])[content.pk].views == 5
    assert results_of_contents([content.pk], window="first_24h")[content.pk].views == 3


def test_nothing_asked_nothing_read(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert (results_of([]), results_of_contents([])) == ({}, {})


def test_sum_of_figures():
    total = figures_sum([Figures(views=1, gmv=Decimal(5), currency="USD"), Figures(views=None, currency="USD")])
    assert (total.views, total.gmv, total.orders, total.currency) == (1, Decimal(5), None, "USD")
