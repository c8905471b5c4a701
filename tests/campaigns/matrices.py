"""Contents of a test matrix with results, straight into the tables."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from campaigns.models import Campaign, Content, ContentResult, MatrixCell
from tests.plans import NOON, make_creators, make_plan, seat_all


def make_contents(
    campaign: Campaign, cell: MatrixCell, gmv: list[str], *, at: datetime = NOON, by_seat: bool = False, **plan: Any
) -> list[Content]:
    """Published contents in the cell, each with its GMV on the day of publication (the first 24 hours half of it)."""
    owner = campaign.owner
    made = make_plan(campaign.shop, owner, campaign=campaign, products=[cell.product], **plan)
    contents = []
    for collaboration, amount in zip(seat_all(made, make_creators(len(gmv))), gmv, strict=True):
        collaboration.seat.cell = cell if by_seat else None
        collaboration.seat.save()
        content = Content.objects.create(
            collaboration=collaboration, number=1, state="published", state_at=at, published_at=at, created_at=at,
            product=cell.product, cell=None if by_seat else cell,
        )  # fmt: skip
        make_result(content, at.date(), gmv=Decimal(amount), views=1000, orders=10)
        make_result(content, at.date(), "first_24h", gmv=Decimal(amount) / 2, views=400, orders=4)
        contents.append(content)
    return contents


def make_result(content: Content, day: date, window: str = "day", **values: Any) -> ContentResult:
    owner = content.collaboration.owner
    return ContentResult.objects.create(
        content=content, day=day, window=window, source="hand", recorded_by=owner, recorded_at=NOON, **values
    )


WEEK_LATER = NOON + timedelta(days=7)
