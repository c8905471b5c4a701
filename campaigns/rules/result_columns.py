"""Columns of a file with results of contents by day, and what is wrong with a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.rules.content_links import platform_id_of
from creators.rules.dates import parse_date
from creators.rules.headers import normalise_header
from creators.rules.numbers import parse_number

# Header in any of the usual spellings, by field.
HEADERS: dict[str, tuple[str, ...]] = {
    "content": (
        "video id", "content id", "video", "content", "link", "video link", "content link", "video url", "url",
        "post id", "live id", "视频id", "内容id", "作品id", "视频链接", "内容链接", "作品链接", "链接",
    ),
    "day": ("date", "day", "日期", "统计日期", "数据日期"),
    "views": (
        "views", "video views", "vv", "impressions", "plays", "播放", "播放量", "播放数", "观看", "观看量", "观看次数"
    ),
    "likes": ("likes", "点赞", "点赞数", "点赞量"),
    "comments": ("comments", "评论", "评论数", "评论量"),
    "shares": ("shares", "分享", "分享数", "分享量", "转发"),
    "product_clicks": ("product clicks", "clicks", "商品点击", "商品点击数", "商品点击次数", "点击数"),
    "orders": ("orders", "sku orders", "订单", "订单数", "成交订单数"),
    "gmv": ("gmv", "gross merchandise value", "revenue", "sales", "成交额", "成交金额", "销售额"),
    "refunds": (
        "refunds", "refunded gmv", "refund amount", "affiliate refunded gmv", "退款", "退款额", "退款金额", "退款gmv"
    ),
}  # fmt: skip
LABELS: dict[str, str | Promise] = {
    "content": _("Video ID or link"),
    "day": _("Day"),
    "views": _("Views"),
    "likes": _("Likes"),
    "comments": _("Comments"),
    "shares": _("Shares"),
    "product_clicks": _("Product clicks"),
    "orders": _("Orders"),
    "gmv": _("GMV"),
    "refunds": _("Refunds"),
}
REQUIRED = ("content", "day")
COUNTS = ("views", "likes", "comments", "shares", "product_clicks", "orders")
MONEY = ("gmv", "refunds")
PROBLEMS: dict[str, str | Promise] = {
    "content_missing": _("Write the video's number or its whole link."),
    "content_unreadable": _("This is no number and no link of a video. Numbers with an E have lost digits: use text."),
    "content_unknown": _("No published content of this shop has this number. Add its link first."),
    "content_repeated": _("Several contents of this shop have this number. Mend their links first."),
    "day_missing": _("Write the day as 2026-11-22."),
    "day_unreadable": _("Write the day as 2026-11-22."),
    "day_in_future": _("Results cannot be of a day in the future."),
    "day_before_publication": _("The content was not published yet on this day."),
    "row_repeated": _("An earlier row of this file has the same content and day."),
    "number_unreadable": _("Write a plain number, such as 1240."),
    "number_negative": _("Numbers cannot be below 0."),
    "number_is_range": _("Write one number: a range cannot be summed."),
    "other_currency": _("The amount is in another currency than the plan."),
    "row_empty": _("The row has no number."),
}
_SPELLINGS = {name: frozenset(map(normalise_header, spellings)) for name, spellings in HEADERS.items()}
# What the columns of the database hold.
_MOST_COUNT = Decimal(10) ** 15
_MOST_MONEY = Decimal(10) ** 13


@dataclass
class Read:
    """What a row says; `problems` are (field, code of PROBLEMS)."""

    platform_id: str = ""
    day: date | None = None
    values: dict[str, int | Decimal] = field(default_factory=dict)
    # Of the amounts, where a sign or code stands with them.
    currencies: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)


def is_header(name: str) -> bool:
    """Whether a cell is a header of such a file."""
    plain = normalise_header(name)
    return any(plain in spellings for spellings in _SPELLINGS.values())


def columns_of(names: Sequence[str]) -> dict[str, int]:
    """The place of each known field among the headers; the first of two equal ones."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        plain = normalise_header(name)
        found = next((one for one, spellings in _SPELLINGS.items() if plain in spellings), None)
        if found is not None:
            places.setdefault(found, place)
    return places


def read_row(values: Mapping[str, str], *, currency: str | None = None) -> Read:
    """Read a row's cells by field; an empty cell says nothing, which is not 0. Never raises."""
    row = Read()
    text = values.get("content", "").strip()
    row.platform_id = platform_id_of(text)
    if not row.platform_id:
        row.problems.append(("content", "content_unreadable" if text else "content_missing"))
    row.day, problem = parse_date(values.get("day", ""))
    if row.day is None:
        row.problems.append(("day", "day_unreadable" if problem else "day_missing"))
    for name in (*COUNTS, *MONEY):
        _read_number(row, name, values.get(name, ""), currency)
    if not row.values and not row.problems:
        row.problems.append(("", "row_empty"))
    return row


def _read_number(row: Read, name: str, text: str, currency: str | None) -> None:
    kind = "money" if name in MONEY else "count"
    parsed = parse_number(text, kind=kind, currency=currency if kind == "money" else None, signed=True)  # type: ignore[arg-type]
    if parsed.value is None:
        if parsed.problem:
            row.problems.append((name, "number_unreadable"))
        return
    most = _MOST_MONEY if kind == "money" else _MOST_COUNT
    if parsed.high is not None or parsed.open:
        row.problems.append((name, "number_is_range"))
    elif parsed.value < 0:
        row.problems.append((name, "number_negative"))
    elif parsed.value >= most:
        row.problems.append((name, "number_unreadable"))
    else:
        row.values[name] = round(parsed.value, 2) if kind == "money" else int(parsed.value)
        if parsed.currency:
            row.currencies[name] = parsed.currency
