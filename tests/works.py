"""Samples and contents that tests bring to a state, through the real services."""

from datetime import datetime, timedelta
from typing import Any

from campaigns.models import Content, Product, Sample
from campaigns.services.publications import content_publish
from campaigns.services.sampling import sample_approve
from campaigns.services.shipping import sample_deliver, sample_ship
from tests.plans import NOON, make_collaboration, make_plan

VIDEO = "https://www.tiktok.com/@brass/video/730123456789012{:04}"


def make_sample(
    *, state: str = "requested", at: datetime = NOON, product: Product | None = None, stock: int = 10, **plan: Any
) -> Sample:
    """The sample of a collaboration that was accepted, brought to a state at one instant."""
    fields: dict[str, Any] = {"sample_rule": "approval"} | plan
    if product is None:
        base = make_plan(**fields)
        line = base.plan_products.get()
        line.product.sample_stock = stock
        line.product.save()
    else:
        base = make_plan(product.shop, product.created_by, products=[product], **fields)
    collaboration = make_collaboration(base, state="accepted", at=at)
    sample = collaboration.samples.get()
    sample.collaboration = collaboration
    by = collaboration.owner
    if state in {"approved", "shipped", "delivered"} and sample.state == "requested":
        sample = sample_approve(sample=sample, by=by, at=at)
    if state in {"shipped", "delivered"}:
        sample = sample_ship(sample=sample, carrier="UPS", tracking="1Z999", by=by, at=at)
    if state == "delivered":
        sample = sample_deliver(sample=sample, by=by, at=at)
    return sample


def publish(content: Content, *, at: datetime, number: int = 1, **fields: Any) -> Content:
    """The content is out since the instant, with the product of its plan tagged."""
    line = content.collaboration.plan.plan_products.get()
    values: dict[str, Any] = {
        "url": VIDEO.format(number), "published_at": at, "product": line.product, "by": content.collaboration.owner,
    }  # fmt: skip
    return content_publish(content=content, at=at, **values | fields)


def make_content(*, published_at: datetime | None = None, number: int = 1, **plan: Any) -> Content:
    """The content of an accepted collaboration; with `published_at` it is out."""
    collaboration = make_collaboration(make_plan(**plan), state="accepted")
    content = collaboration.contents.first()
    assert content is not None
    content.collaboration = collaboration
    return publish(content, at=published_at, number=number) if published_at else content


def days(number: float) -> timedelta:
    return timedelta(days=number)
