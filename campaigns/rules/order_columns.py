"""Columns of the platform's report of affiliate orders, and what is wrong with a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.rules.money import CENT, ZERO
from creators.rules.dates import parse_date
from creators.rules.handles import parse_handle
from creators.rules.headers import normalise_header
from creators.rules.numbers import Mark, RateScale, guess_decimal_mark, guess_rate_scale, parse_number

# Header in any of the usual spellings, by field; the first field that knows a header has it.
HEADERS: dict[str, tuple[str, ...]] = {
    "order_id": ("order id", "order no", "order number", "order", "订单id", "订单号", "订单编号"),
    "line_id": ("order line id", "line id", "sub order id", "suborder id", "sku order id", "子订单id", "子订单号"),
    "sku_id": ("sku id", "skuid", "sku编号", "skuid号"),
    "product_id": ("product id", "item id", "商品id", "商品编号", "产品id"),
    "sku": ("sku", "seller sku", "商家sku", "sku编码", "货号"),
    "creator": (
        "creator username", "creator handle", "creator", "creator name", "affiliate username", "username", "handle",
        "达人用户名", "达人账号", "达人", "达人昵称", "创作者用户名", "创作者",
    ),
    "content_id": ("content id", "video id", "live id", "内容id", "视频id", "直播间id"),
    "ordered_at": (
        "time created", "order created time", "created time", "order time", "order date", "create time", "created",
        "created at", "下单时间", "订单创建时间", "创建时间",
    ),
    "currency": ("currency", "币种", "货币"),
    "quantity": ("quantity", "qty", "items sold", "units", "数量", "件数", "商品数量", "销量"),
    "subtotal": (
        "subtotal", "item price", "item subtotal", "order line price", "sku subtotal before discount",
        "original amount", "商品总价", "商品金额", "小计",
    ),
    "price": (
        "price", "unit price", "sku unit original price", "product price", "商品价格", "商品单价", "价格", "单价",
    ),
    "paid": ("payment amount", "paid amount", "order amount", "支付金额", "实付金额", "订单金额"),
    "platform_coupon": (
        "platform coupon", "platform discount", "sku platform discount", "平台优惠券", "平台优惠", "平台折扣",
    ),
    "seller_coupon": (
        "seller coupon", "seller discount", "sku seller discount", "coupon",
        "商家优惠券", "商家优惠", "商家折扣", "优惠券",
    ),
    "tax": ("tax", "taxes", "sales tax", "税费", "税"),
    "refunded": (
        "refund amount", "refunded amount", "refund", "order return refund", "refunded", "order return/refund",
        "退款金额", "退款", "退货退款",
    ),
    "returned": ("fully returned or refunded", "fully refunded", "全部退货或退款", "是否全额退款", "全额退款"),
    "commission_rate": (
        "commission rate", "standard commission rate", "creator commission rate", "佣金率", "标准佣金率", "达人佣金率",
    ),
    "commission_actual": (
        "actual commission", "actual commission payment", "actual standard commission",
        "actual standard commission payment",
        "实际佣金", "实际标准佣金", "实际佣金支付金额",
    ),
    "commission_estimated": (
        "est commission", "est. commission", "estimated commission", "est standard commission",
        "est commission payment",
        "est standard commission payment", "commission", "预估佣金", "预计佣金", "预估标准佣金", "佣金",
    ),
    "ads_rate": ("ads commission rate", "shop ads commission rate", "广告佣金率", "店铺广告佣金率"),
    "ads_actual": (
        "actual ads commission", "actual shop ads commission", "actual shop ads commission payment",
        "实际广告佣金", "实际店铺广告佣金",
    ),
    "ads_estimated": (
        "ads commission", "shop ads commission", "est ads commission", "est shop ads commission",
        "est shop ads commission payment", "广告佣金", "预估广告佣金", "预估店铺广告佣金",
    ),
}  # fmt: skip
LABELS: dict[str, str | Promise] = {
    "order_id": _("Order ID"),
    "line_id": _("Order line ID"),
    "sku_id": _("SKU ID"),
    "product_id": _("Product ID"),
    "sku": _("SKU"),
    "creator": _("Creator"),
    "content_id": _("Content ID"),
    "ordered_at": _("Ordered"),
    "currency": _("Currency"),
    "quantity": _("Quantity"),
    "subtotal": _("Item price of all pieces"),
    "price": _("Price"),
    "paid": _("Payment amount"),
    "platform_coupon": _("Platform coupon"),
    "seller_coupon": _("Seller coupon"),
    "tax": _("Tax"),
    "refunded": _("Refunded"),
    "returned": _("Fully refunded"),
    "commission_rate": _("Commission rate"),
    "commission_actual": _("Actual commission"),
    "commission_estimated": _("Estimated commission"),
    "ads_rate": _("Ads commission rate"),
    "ads_actual": _("Actual ads commission"),
    "ads_estimated": _("Estimated ads commission"),
}
PROBLEMS: dict[str, str | Promise] = {
    "order_missing": _("Write the order ID."),
    "order_lost_digits": _("The order ID has lost digits in a spreadsheet. Export the report again, as text."),
    "creator_missing": _("Write the creator's handle."),
    "creator_unknown": _("No creator of the shop's market has this handle. Import the creator first."),
    "moment_unreadable": _("Write the time of the order as 2026-11-22 09:40."),
    "moment_in_future": _("The order is in the future."),
    "number_unreadable": _("This number cannot be read. Write it as 1234.50."),
    "price_missing": _("Write the price, the item price of all pieces or the payment amount."),
    "quantity_unreadable": _("Write a whole number of pieces, 1 or more."),
    "rate_unreadable": _("Write the rate as 15%, from 0 to 100."),
    "refund_too_large": _("More is refunded than was ordered."),
    "currency_unknown": _("Write the currency as three letters, such as USD."),
}
MONEY = (
    "subtotal", "price", "paid", "platform_coupon", "seller_coupon", "tax", "refunded", "commission_actual",
    "commission_estimated", "ads_actual", "ads_estimated",
)  # fmt: skip
RATES = ("commission_rate", "ads_rate")
PRICES = ("subtotal", "price", "paid")
REQUIRED = ("order_id", "creator", "ordered_at")
YES = frozenset({"yes", "y", "true", "1", "是"})
_SPELLINGS = {name: frozenset(map(normalise_header, spellings)) for name, spellings in HEADERS.items()}


@dataclass(frozen=True)
class Marks:
    """How a file writes: decimal mark by column of money, scale by column of rates."""

    decimal: Mapping[str, Mark] = field(default_factory=dict)
    scale: Mapping[str, RateScale] = field(default_factory=dict)


@dataclass
class OrderRow:
    """A line of an order as it was sent; `problems` are (field, code of PROBLEMS)."""

    number: int = 0
    order_id: str = ""
    line_id: str = ""
    handle: str = ""
    product_id: str = ""
    sku: str = ""
    content_id: str = ""
    ordered_at: datetime | None = None
    currency: str = ""
    quantity: int = 1
    item_price: Decimal = ZERO
    platform_coupon: Decimal = ZERO
    seller_coupon: Decimal = ZERO
    tax: Decimal = ZERO
    refunded: Decimal = ZERO
    commission_rate: Decimal | None = None
    ads_commission_rate: Decimal | None = None
    commission_reported: Decimal | None = None
    ads_commission_reported: Decimal | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    # The cells by field, as they were sent.
    sent: Mapping[str, str] = field(default_factory=dict)


def is_header(name: str) -> bool:
    """Whether a cell is a header of the report."""
    return any(normalise_header(name) in spellings for spellings in _SPELLINGS.values())


def columns_of(names: Sequence[str]) -> dict[str, int]:
    """The place of each known field among the headers; the first of two equal ones."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        known = next((one for one, spellings in _SPELLINGS.items() if normalise_header(name) in spellings), None)
        if known:
            places.setdefault(known, place)
    return places


def missing_of(places: Mapping[str, int]) -> list[str]:
    """The fields without which no row can be read."""
    missing = [name for name in REQUIRED if name not in places]
    return missing if any(name in places for name in PRICES) else [*missing, "price"]


def marks_of(places: Mapping[str, int], sample: Sequence[Sequence[str]], currency: str) -> Marks:
    """How the numbers are written, from the first rows; the same at every run."""

    def values(name: str) -> list[str]:
        return [cells[places[name]] for cells in sample if places[name] < len(cells)]

    decimal = {name: guess_decimal_mark(values(name), currency) for name in MONEY if name in places}
    return Marks(decimal, {name: guess_rate_scale(values(name)) for name in RATES if name in places})


def read_row(
    number: int, values: Mapping[str, str], *, marks: Marks, currency: str, time_zone: str, at: datetime
) -> OrderRow:
    """What a row says; `currency` and `time_zone` are the shop's, for cells without one of their own."""
    row = OrderRow(number, currency=_currency(values, currency), sent=values)
    if len(row.currency) != 3 or not row.currency.isalpha():
        row.problems.append(("currency", "currency_unknown"))
    _read_names(row, values)
    row.ordered_at = read_moment(values.get("ordered_at", ""), time_zone)
    if row.ordered_at is None:
        row.problems.append(("ordered_at", "moment_unreadable"))
    elif row.ordered_at > at:
        row.problems.append(("ordered_at", "moment_in_future"))
    _read_money(row, values, marks)
    _read_rates(row, values, marks)
    return row


def _currency(values: Mapping[str, str], currency: str) -> str:
    return values.get("currency", "").strip().upper() or currency


def _read_names(row: OrderRow, values: Mapping[str, str]) -> None:
    row.order_id = _identity(values.get("order_id", ""))
    if not row.order_id:
        row.problems.append(("order_id", "order_missing"))
    elif "E+" in row.order_id.upper():
        row.problems.append(("order_id", "order_lost_digits"))
    row.product_id, row.sku = _identity(values.get("product_id", "")), values.get("sku", "").strip()
    row.content_id = _identity(values.get("content_id", ""))
    names = (values.get("line_id", ""), values.get("sku_id", ""), row.sku, row.product_id)
    row.line_id = next((_identity(one) for one in names if one.strip()), "")[:40]
    handle, problem = parse_handle(values.get("creator", ""))
    row.handle = handle or ""
    if problem:
        row.problems.append(("creator", "creator_missing"))


def _identity(text: str) -> str:
    return text.strip().strip("'\"\t")[:40]


def _read_money(row: OrderRow, values: Mapping[str, str], marks: Marks) -> None:
    given = {name: _money(row, name, values, marks) for name in MONEY}
    row.quantity = _quantity(row, values.get("quantity", ""))
    # The report writes what is taken off with a minus or without.
    row.platform_coupon = abs(given["platform_coupon"] or ZERO)
    row.seller_coupon = abs(given["seller_coupon"] or ZERO)
    row.tax = abs(given["tax"] or ZERO)
    whole = given["subtotal"]
    if whole is None and given["price"] is not None:
        whole = given["price"] * row.quantity
    if whole is None and given["paid"] is not None:
        # Paid is what is left of the price behind the coupons.
        whole = given["paid"] + row.platform_coupon + row.seller_coupon
    if whole is None or whole < 0:
        row.problems.append(("price", "price_missing"))
        return
    row.item_price = whole
    row.refunded = abs(given["refunded"] or ZERO)
    if values.get("returned", "").strip().casefold() in YES and not row.refunded:
        row.refunded = whole - row.platform_coupon - row.seller_coupon
    if row.refunded > whole:
        row.problems.append(("refunded", "refund_too_large"))
    row.commission_reported = _first(given["commission_actual"], given["commission_estimated"])
    row.ads_commission_reported = _first(given["ads_actual"], given["ads_estimated"])


def _first(actual: Decimal | None, estimated: Decimal | None) -> Decimal | None:
    return estimated if actual is None else actual


def _money(row: OrderRow, name: str, values: Mapping[str, str], marks: Marks) -> Decimal | None:
    text = values.get(name, "")
    if name == "refunded" and text.strip().casefold() in YES | {"no", "n", "false", "否"}:
        return None
    decimal = marks.decimal.get(name, "auto")
    read = parse_number(text, kind="money", decimal=decimal, currency=row.currency, signed=True)
    if read.problem or read.high is not None:
        row.problems.append((name, "number_unreadable"))
    return None if read.value is None else read.value.quantize(CENT, rounding=ROUND_HALF_UP)


def _quantity(row: OrderRow, text: str) -> int:
    read = parse_number(text, kind="count")
    if not text.strip() and not read.problem:
        return 1
    if read.value is None or read.value < 1 or read.value != read.value.to_integral_value() or read.value > 100_000:
        row.problems.append(("quantity", "quantity_unreadable"))
        return 1
    return int(read.value)


def _read_rates(row: OrderRow, values: Mapping[str, str], marks: Marks) -> None:
    for name, target in (("commission_rate", "commission_rate"), ("ads_rate", "ads_commission_rate")):
        read = parse_number(values.get(name, ""), kind="rate", scale=marks.scale.get(name, "percent"))
        if read.problem or (read.value is not None and not 0 <= read.value <= 1):
            row.problems.append((name, "rate_unreadable"))
        elif read.value is not None:
            setattr(row, target, (read.value * 100).quantize(CENT, rounding=ROUND_HALF_UP))


def read_moment(text: str, time_zone: str) -> datetime | None:
    """An instant as reports write it; without an offset it is local time of the zone."""
    plain = text.strip().replace("/", "-")
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        day, _problem = parse_date(text)
        if day is None:
            return None
        found = datetime.combine(day, _clock(plain))
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(time_zone))


def _clock(text: str) -> time:
    """The time of day behind a day in another form, such as 22-11-2026 09:40; midnight when there is none."""
    try:
        return time.fromisoformat(text.rpartition(" ")[2])
    except ValueError:
        return time()
