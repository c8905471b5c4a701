"""Ten thousand collaborations in one shop, with plans, samples, contents, results and settlement, written in bulk."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

PLAN_SEATS = 30
RESULT_DAYS = 30
BATCH = 5_000
# Of twenty collaborations; a shop that works keeps most of them open.
STATES = (
    "seated", "invited", "invited", "invited", "accepted", "accepted", "sample_sent", "delivered", "content_due",
    "content_due", "in_review", "published", "published", "published", "published", "on_hold", "closed", "closed",
    "declined", "dropped",
)  # fmt: skip
SAMPLES = {
    "accepted": "requested", "sample_sent": "shipped", "delivered": "delivered", "content_due": "delivered",
    "in_review": "delivered", "published": "fulfilled", "closed": "fulfilled",
}  # fmt: skip
CONTENTS = {
    "accepted": "due", "sample_sent": "due", "delivered": "due", "content_due": "due", "in_review": "in_review",
    "published": "published", "closed": "published",
}  # fmt: skip
RELEASED = ("declined", "dropped")
SELLER, SHOP = "benchmark-seller@demo.example", "Benchmark shop"


def collaborations_fill(number: int, *, at: datetime, say: Callable[[str], None]) -> Any:
    """Write the collaborations of the load database's first creators; returns the shop. `say` gets a line."""
    from accounts.models import Membership, Shop
    from accounts.services import user_create
    from creators.models import Market

    seller = user_create(email=SELLER, name="Benchmark seller", role="seller", by=None)
    shop = Shop.objects.create(name=SHOP, market_code="US")
    Membership.objects.create(shop=shop, user=seller)
    market = Market.objects.get(pk="US")
    product = _product(shop, seller, at)
    plans = _plans(shop, seller, market, product, -(-number // PLAN_SEATS), at)
    found = _collaborations(plans, shop, seller, number, at)
    _samples(found, product, seller, at)
    results = _results(_contents(found, product, at), seller, at)
    _lines(found, shop, at)
    _vacuum()
    say(f"  {number:,} collaborations in {len(plans):,} plans, {results:,} days of results")
    return shop


def _product(shop: Any, by: Any, at: datetime) -> Any:
    from campaigns.models import Product

    return Product.objects.create(
        shop=shop, title="Barrier serum", sku="BRS", price=Decimal(24), currency="USD", sample_cost=Decimal(6),
        sample_stock=100, created_by=by, created_at=at,
    )  # fmt: skip


def _plans(shop: Any, by: Any, market: Any, product: Any, number: int, at: datetime) -> list[Any]:
    from campaigns.models import PlanProduct, TargetedPlan

    plans = TargetedPlan.objects.bulk_create(
        TargetedPlan(
            shop=shop, name=f"Plan {place}", market=market, ends_on=at.date() + timedelta(days=30), currency="USD",
            state="running", started_at=at, sample_rule="approval", owner=by, created_by=by, created_at=at,
        )
        for place in range(number)
    )  # fmt: skip
    PlanProduct.objects.bulk_create(
        PlanProduct(plan=plan, slot=1, product=product, commission_rate=Decimal(15)) for plan in plans
    )
    return plans


def _collaborations(plans: Sequence[Any], shop: Any, by: Any, number: int, at: datetime) -> list[Any]:
    from campaigns.models import Collaboration, CollaborationMove, Seat
    from creators.models import Creator

    creators = list(Creator.objects.filter(market="US").order_by("pk").values_list("pk", flat=True)[:number])
    places = [(place, plans[place // PLAN_SEATS], STATES[place * 7 % 20]) for place in range(number)]
    seats = Seat.objects.bulk_create(
        [
            Seat(
                plan=plan, slot=place % PLAN_SEATS + 1, creator_id=creators[place % len(creators)], added_by=by,
                added_at=at, released_at=at if state in RELEASED else None,
                released_because=state if state in RELEASED else "",
            )
            for place, plan, state in places
        ],
        batch_size=BATCH,
    )  # fmt: skip
    found = Collaboration.objects.bulk_create(
        [
            _collaboration(seat, state, place, shop, by, at)
            for seat, (place, _plan, state) in zip(seats, places, strict=True)
        ],
        batch_size=BATCH,
    )
    moves = [CollaborationMove(collaboration=one, to_state=one.state, by=by, at=one.state_at) for one in found]
    CollaborationMove.objects.bulk_create(moves, batch_size=BATCH)
    return found


def _collaboration(seat: Any, state: str, place: int, shop: Any, by: Any, at: datetime) -> Any:
    from campaigns.models import Collaboration

    since = at - timedelta(hours=place % 240)
    is_over = state in (*RELEASED, "closed")
    waits = not is_over and state not in ("seated", "on_hold")
    is_agreed = state in CONTENTS
    return Collaboration(
        seat=seat, shop=shop, plan=seat.plan, creator_id=seat.creator_id, owner=by, state=state, state_at=since,
        # One in ten is late.
        due_at=at + timedelta(hours=place % 200 - 20) if waits else None,
        held_state="accepted" if state == "on_hold" else "", invited_at=since if state != "seated" else None,
        accepted_at=since if is_agreed else None, published_at=since if state in ("published", "closed") else None,
        ended_at=since if is_over else None, reason="Too expensive" if state in ("dropped", "on_hold") else "",
        created_at=since,
    )  # fmt: skip


def _samples(found: Sequence[Any], product: Any, by: Any, at: datetime) -> None:
    from campaigns.models import Sample

    rows = []
    for place, one in enumerate(found):
        state = SAMPLES.get(one.state)
        if state is None:
            continue
        # Half of those to decide are decided and go out today.
        state = "approved" if state == "requested" and place % 2 else state
        rows.append(
            Sample(
                collaboration=one, product=product, currency="USD", state=state, state_at=one.state_at,
                decide_by=at + timedelta(hours=place % 100 - 10), ship_by=at + timedelta(hours=place % 30 - 6),
                decided_by=None if state == "requested" else by, cost=None if state == "requested" else Decimal(6),
                requested_by=by, requested_at=one.state_at,
            )
        )  # fmt: skip
    Sample.objects.bulk_create(rows, batch_size=BATCH)


def _contents(found: Sequence[Any], product: Any, at: datetime) -> list[Any]:
    from campaigns.models import Content

    agreed = [(place, one) for place, one in enumerate(found) if one.state in CONTENTS]
    return Content.objects.bulk_create(
        [
            Content(
                collaboration=one, number=1, product=product, state=CONTENTS[one.state], state_at=one.state_at,
                due_at=at + timedelta(hours=place % 200 - 20), created_at=one.state_at,
                published_at=one.state_at if one.state in ("published", "closed") else None,
            )
            for place, one in agreed
        ],
        batch_size=BATCH,
    )  # fmt: skip


def _results(contents: Sequence[Any], by: Any, at: datetime) -> int:
    """Thirty days of each published content; every fifth creator sells a third of what they did."""
    from campaigns.models import ContentResult

    published = [(place, one) for place, one in enumerate(contents) if one.state == "published"]
    written = 0
    for first in range(0, len(published), BATCH // RESULT_DAYS):
        rows = [
            row for place, one in published[first : first + BATCH // RESULT_DAYS] for row in _days(place, one, by, at)
        ]
        written += len(ContentResult.objects.bulk_create(rows))
    return written


def _days(place: int, content: Any, by: Any, at: datetime) -> Iterator[Any]:
    from campaigns.models import ContentResult

    for back in range(1, RESULT_DAYS + 1):
        gmv = 90 if place % 5 or back > 7 else 30
        yield ContentResult(
            content=content, day=at.date() - timedelta(days=back), views=9_000, product_clicks=300, orders=gmv // 10,
            gmv=Decimal(gmv), refunds=Decimal(3), source="file", recorded_by=by, recorded_at=at,
        )  # fmt: skip


def _lines(found: Sequence[Any], shop: Any, at: datetime) -> None:
    from campaigns.models import SettlementLine

    month = date(at.year, at.month, 1)
    SettlementLine.objects.bulk_create(
        [
            SettlementLine(
                shop=shop, creator_id=one.creator_id, collaboration=one, kind="fixed_fee", payer="us", month=month,
                amount=Decimal(100), currency="USD", state="due", due_on=at.date() + timedelta(days=one.pk % 14 - 2),
                made_at=at,
            )
            for one in found
            if one.state == "published"
        ],
        batch_size=BATCH,
    )  # fmt: skip


def _vacuum() -> None:
    """As the autovacuum would have done."""
    from django.apps import apps
    from django.db import connection

    names = ", ".join(model._meta.db_table for model in apps.get_app_config("campaigns").get_models())
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {names}")
