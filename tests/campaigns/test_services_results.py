from datetime import date
from decimal import Decimal

import pytest

from campaigns.models import ContentResult
from campaigns.services.results import result_remove, result_write
from core.errors import DomainError
from tests.plans import NOON
from tests.works import days, make_content

pytestmark = pytest.mark.django_db
LATER = NOON + days(3)


def write(content, day=23, values=None, **kwargs):
    day = date(2026, 11, day) if isinstance(day, int) else day
    fields = {"source": "hand", "by": content.collaboration.owner, "at": LATER, "day": day}
    return result_write(content=content, values={"views": 10} if values is None else values, **fields | kwargs)


def refused(code, *args, **kwargs):
    with pytest.raises(DomainError) as error:
        write(*args, **kwargs)
    assert error.value.code == code


def test_a_day_is_one_row_and_what_is_left_out_stays():
    content = make_content(published_at=NOON)
    write(content, values={"views": 10, "gmv": Decimal("5.50")})
    row = write(content, values={"views": 12})
    assert (row.views, row.gmv, ContentResult.objects.count()) == (12, Decimal("5.50"), 1)
    assert write(content, values={"gmv": None}).gmv is None


def test_the_first_24_hours_are_a_row_of_their_own():
    content = make_content(published_at=NOON)
    write(content, day=22)
    row = write(content, day=None, window="first_24h", values={"views": 3})
    assert (row.day, row.window, ContentResult.objects.count()) == (date(2026, 11, 22), "first_24h", 2)


def test_what_cannot_be_a_result():
    content = make_content(published_at=NOON)
    refused("content_not_published", make_content())
    refused("window_unknown", content, window="month")
    refused("day_missing", content, day=None)
    refused("day_in_future", content, day=27)
    refused("day_before_publication", content, day=20)
    refused("number_negative", content, values={"gmv": Decimal(-1)})
    refused("number_too_large", content, values={"views": 10**13})
    refused("result_unknown", content, values={"price": 1})


def test_a_row_can_be_taken_back():
    row = write(make_content(published_at=NOON))
    result_remove(result=row)
    assert not ContentResult.objects.exists()
