"""Lines of orders that creators brought: written once each, however often they are sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Shop
from campaigns.models import Collaboration, Content, OrderImport, OrderLine, PlanProduct, Product
from campaigns.rules.money import month_of
from campaigns.rules.order_columns import OrderRow
from campaigns.services.settlements import collaboration_settle
from creators.models import Creator

FIELDS = (
    "currency", "quantity", "item_price", "platform_coupon", "seller_coupon", "tax", "refunded", "commission_rate",
    "ads_commission_rate", "commission_reported", "ads_commission_reported",
)  # fmt: skip
FOUND = ("creator", "product", "collaboration", "content", "ordered_at", "order_import", "recorded_at")


@dataclass
class Recorded:
    """How many lines were written, in which months (the shop's time), and the rows that were refused."""

    written: int = 0
    matched: int = 0
    months: set[date] = field(default_factory=set)
    refused: list[OrderRow] = field(default_factory=list)
    # Whose settlement changes: those of the lines, and those that the lines belonged to before.
    collaborations: set[int] = field(default_factory=set)


@transaction.atomic
def order_lines_record(
    *, shop: Shop, rows: Sequence[OrderRow], at: datetime, source: OrderImport | None = None
) -> Recorded:
    """Write the rows without problems, a known line of an order anew; of two rows about one line the last counts.

    The creator is found by handle in the shop's market, the product by the platform's ID or SKU. The collaboration is
    that of the content, else the latest one accepted before the order whose plan had the product then; without one the
    line is kept, and no commission is expected for it. Rows of unknown creators are refused.
    """
    found = _Finder(shop, rows)
    result = Recorded()
    lines: dict[tuple[str, str], OrderLine] = {}
    zone = ZoneInfo(shop.time_zone)
    for row in rows:
        creator = found.creators.get(row.handle)
        if creator is None and row.handle:
            row.problems.append(("creator", "creator_unknown"))
        if row.problems or creator is None or row.ordered_at is None:
            result.refused.append(row)
            continue
        lines[row.order_id, row.line_id] = found.line(row, creator, at=at, source=source)
        result.months.add(month_of(row.ordered_at.astimezone(zone).date()))
    # In one order, so that two reports at once never wait for each other in a circle.
    ordered = [lines[key] for key in sorted(lines)]
    before = found.before(ordered)
    result.months |= {month_of(line.ordered_at.astimezone(zone).date()) for line in before}
    keys = {line.collaboration_id for line in (*before, *ordered)}
    result.collaborations = {key for key in keys if key is not None}
    OrderLine.objects.bulk_create(
        ordered, update_conflicts=True, unique_fields=["shop", "order_id", "line_id"], update_fields=[*FIELDS, *FOUND]
    )
    result.written, result.matched = len(ordered), sum(line.collaboration_id is not None for line in ordered)
    return result


@transaction.atomic
def orders_take(*, shop: Shop, rows: Sequence[OrderRow], at: datetime) -> tuple[Recorded, int]:
    """Write lines, then compute the settlement of their collaborations again; returns how many lines of that changed.

    Terms by which we pay are looked at for these collaborations only; the night does the others.
    """
    recorded = order_lines_record(shop=shop, rows=rows, at=at)
    changed = sum(
        collaboration_settle(collaboration_id=pk, months=sorted(recorded.months), at=at)
        for pk in sorted(recorded.collaborations)
    )
    return recorded, changed


class _Finder:
    """Creators, products, contents and collaborations that rows name; a handful of queries for all of them."""

    def __init__(self, shop: Shop, rows: Sequence[OrderRow]) -> None:
        self.shop = shop
        creators = Creator.objects.filter(market=shop.market_code, handle__in={row.handle for row in rows})
        self.creators = {creator.handle: creator for creator in creators}
        products = Product.objects.filter(shop=shop)
        ids, skus = {row.product_id for row in rows} - {""}, {row.sku for row in rows} - {""}
        self.by_id = {one.platform_id: one for one in products.filter(platform_id__in=ids)}
        self.by_sku = {one.sku: one for one in products.filter(sku__in=skus)}
        self.contents = self._contents({row.content_id for row in rows} - {""})
        self.collaborations = self._collaborations()

    def _contents(self, ids: Iterable[str]) -> dict[str, Content]:
        mine = Content.objects.filter(platform_id__in=list(ids), collaboration__shop=self.shop)
        return {one.platform_id: one for one in mine.select_related("collaboration")}

    def _collaborations(self) -> dict[tuple[int, int], list[tuple[Collaboration, PlanProduct]]]:
        """Those that were accepted, by creator and product, the latest first."""
        mine = Collaboration.objects.filter(
            shop=self.shop, creator__in=self.creators.values(), accepted_at__isnull=False
        )
        known = list(mine.order_by("-accepted_at", "-pk"))
        products: dict[int, list[PlanProduct]] = {}
        for line in PlanProduct.objects.filter(plan__in={one.plan_id for one in known}):
            products.setdefault(line.plan_id, []).append(line)
        found: dict[tuple[int, int], list[tuple[Collaboration, PlanProduct]]] = {}
        for one in known:
            for line in products.get(one.plan_id, []):
                found.setdefault((one.creator_id, line.product_id), []).append((one, line))
        return found

    def line(self, row: OrderRow, creator: Creator, *, at: datetime, source: OrderImport | None) -> OrderLine:
        product = self.by_id.get(row.product_id) or self.by_sku.get(row.sku)
        content = self.contents.get(row.content_id)
        if content is not None and content.collaboration.creator_id != creator.pk:
            content = None
        collaboration = content.collaboration if content else self._collaboration(row, creator, product)
        values: dict[str, Any] = {name: getattr(row, name) for name in (*FIELDS, "order_id", "line_id", "ordered_at")}
        return OrderLine(
            shop=self.shop,
            creator=creator,
            product=product,
            collaboration=collaboration,
            content=content,
            order_import=source,
            recorded_at=at,
            **values,
        )

    def _collaboration(self, row: OrderRow, creator: Creator, product: Product | None) -> Collaboration | None:
        if product is None or row.ordered_at is None:
            return None
        for one, line in self.collaborations.get((creator.pk, product.pk), []):
            had_product = line.removed_at is None or line.removed_at > row.ordered_at
            if one.accepted_at is not None and one.accepted_at <= row.ordered_at and had_product:
                return one
        return None

    def before(self, lines: Sequence[OrderLine]) -> list[OrderLine]:
        """The lines as they were known: their months and collaborations change too when they move to other ones."""
        return list(OrderLine.objects.filter(shop=self.shop, order_id__in={line.order_id for line in lines}))
