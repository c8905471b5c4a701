from datetime import date
from zoneinfo import ZoneInfo

import pytest

from campaigns.models import Agreement, Content
from campaigns.services.collaborations import collaboration_move
from campaigns.services.publications import (
    content_add,
    content_cancel,
    content_edit,
    content_publication_correct,
    content_publish,
    content_take_down,
)
from core.errors import DomainError
from tests.plans import NOON, make_collaboration, make_plan, make_product
from tests.works import VIDEO, days, make_content, publish

pytestmark = pytest.mark.django_db
LATER = NOON + days(2)


def does(act, content, at=LATER, **kwargs):
    return act(content=content, by=content.collaboration.owner, at=at, **kwargs)


def refused(code, act, content, **kwargs):
    with pytest.raises(DomainError) as error:
        does(act, content, **kwargs)
    assert error.value.code == code


def state(content):
    content.collaboration.refresh_from_db()
    return content.collaboration.state


def test_contents_as_agreed():
    plan = make_plan(contents_wanted=1, content_form="both")
    collaboration = make_collaboration(plan, state="invited")
    Agreement.objects.create(
        collaboration=collaboration, currency="USD", contents=3, due_on=date(2026, 12, 1),
        written_by=plan.owner, written_at=NOON,
    )  # fmt: skip
    collaboration_move(collaboration=collaboration, to="accepted", at=NOON, by=plan.owner)
    contents = list(collaboration.contents.all())
    assert [content.kind for content in contents] == ["video", "live", "video"]
    zone = ZoneInfo(plan.market.time_zone)
    assert {content.due_at.astimezone(zone).date() for content in contents} == {date(2026, 12, 1)}


def test_one_more_than_agreed():
    content = make_content()
    collaboration, by = content.collaboration, content.collaboration.owner
    more = content_add(collaboration=collaboration, by=by, at=LATER, kind="live", title=" Extra ", due_at=LATER)
    assert (more.number, more.title, more.state) == (2, "Extra", "due")
    collaboration.refresh_from_db()
    assert collaboration.due_at == LATER
    for code, fields in (("kind_unknown", {"kind": "post"}), ("not_agreed", {"collaboration": make_collaboration()})):
        with pytest.raises(DomainError) as error:
            content_add(**{"collaboration": collaboration, "by": by, "at": LATER} | fields)
        assert error.value.code == code
    Content.objects.filter(pk=more.pk).update(number=100)
    with pytest.raises(DomainError) as error:
        content_add(collaboration=collaboration, by=by, at=LATER)
    assert error.value.code == "too_many_contents"


def test_a_cancelled_content_is_not_waited_for():
    collaboration = make_collaboration(make_plan(contents_wanted=2), state="content_due")
    first, second = collaboration.contents.all()
    publish(first, at=NOON)
    refused("reason_missing", content_cancel, second, reason="")
    does(content_cancel, second, reason="One is enough")
    assert state(second) == "published"
    refused("content_move_impossible", content_cancel, second, reason="Again")


def test_a_publication_has_link_number_and_product():
    content = publish(make_content(), at=LATER)
    assert (content.state, content.platform_id, state(content)) == ("published", "7301234567890120001", "published")


def test_what_cannot_be_published():
    content = make_content()
    refused("link_missing", content_publish, content, published_at=NOON)
    refused("link_invalid", content_publish, content, published_at=NOON, url="javascript:alert(1)")
    refused("moment_in_future", content_publish, content, published_at=LATER + days(1), url=VIDEO.format(1))
    other = make_product(content.collaboration.shop)
    refused("product_not_in_plan", content_publish, content, published_at=NOON, url=VIDEO.format(1), product=other)
    collaboration_move(collaboration=content.collaboration, to="dropped", at=NOON, by=None, reason="Gone")
    refused("not_agreed", content_publish, content, published_at=NOON, url=VIDEO.format(1))


def test_a_link_serves_one_content_of_a_shop():
    collaboration = make_collaboration(make_plan(contents_wanted=2), state="content_due")
    first, second = collaboration.contents.all()
    publish(first, at=NOON)
    refused("link_used", content_publish, second, published_at=NOON, url=VIDEO.format(1))


def test_a_live_needs_no_link():
    content = make_content(content_form="live")
    out = does(content_publish, content, published_at=NOON, live_minutes=42)
    assert (out.state, out.published_url, out.live_minutes) == ("published", "", 42)


def test_taken_down_and_out_again():
    content = make_content(published_at=NOON)
    refused("reason_missing", content_take_down, content, reason="")
    refused("moment_in_future", content_take_down, content, reason="Gone", taken_down_at=LATER + days(1))
    refused("down_before_published", content_take_down, content, reason="Gone", taken_down_at=NOON - days(1))
    assert does(content_take_down, content, reason="Gone").taken_down_at == LATER
    assert state(content) == "content_due"
    again = publish(content, at=LATER)
    assert (again.taken_down_at, state(content)) == (None, "published")


def test_what_was_said_about_a_publication_can_be_mended():
    content = make_content(published_at=NOON)
    mended = does(content_publication_correct, content, published_at=NOON - days(1), url=VIDEO.format(7))
    assert (mended.platform_id[-1], mended.product, mended.state) == ("7", None, "published")
    refused("moment_in_future", content_publication_correct, content, published_at=LATER + days(1))
    refused("not_published", content_publication_correct, make_content(), published_at=NOON)


def test_title_product_and_due_date_can_be_edited():
    content = make_content()
    line = content.collaboration.plan.plan_products.get()
    edited = does(content_edit, content, title=" Morning ", product=line.product, due_at=LATER)
    assert (edited.title, edited.product) == ("Morning", line.product)
    state(content)
    assert content.collaboration.due_at == LATER
