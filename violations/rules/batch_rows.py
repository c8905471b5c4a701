"""Rows of a file of violations or health ratings: which column is what, and what is wrong with a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from creators.rules.dates import parse_date
from creators.rules.handles import parse_handle
from creators.rules.headers import normalise_header
from violations.rules.links import content_key

# Header in any of the usual spellings, by field.
HEADERS: dict[str, tuple[str, ...]] = {
    "creator": (
        "creator", "handle", "username", "account", "creator handle", "profile link", "creator link", "link to profile",
        "达人", "达人账号", "账号", "账号名", "达人昵称", "主页链接", "达人链接",
    ),
    "market": ("market", "country", "region", "市场", "国家", "地区"),
    "rule": ("rule", "rule code", "violation", "violation type", "规则", "规则代码", "违规", "违规类型"),
    "when": (
        "when", "when it happened", "happened at", "effective at", "time", "date",
        "时间", "发生时间", "日期", "违规时间",
    ),
    "content_link": ("content link", "link", "video link", "url", "content", "内容链接", "视频链接", "链接"),
    "note": ("note", "note to the creator", "message", "给达人的说明", "说明", "备注"),
    "internal_note": ("internal note", "internal", "内部备注", "内部说明"),
    "reason": ("reason", "why so late", "补录原因", "原因"),
    "score": (
        "score", "chr", "health rating", "creator health rating", "health score", "rating",
        "健康分", "达人健康分", "分数",
    ),
    "as_of": ("as of", "as of day", "day", "date", "日期", "截至", "截至日期"),
    "source": ("source", "来源"),
}  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {
    "violations": ("creator", "market", "rule", "when", "content_link", "note", "internal_note", "reason"),
    "health": ("creator", "market", "score", "as_of", "source"),
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "violations": ("creator", "rule", "when"),
    "health": ("creator", "score", "as_of"),
}
LABELS: dict[str, str | Promise] = {
    "creator": _("Creator"),
    "market": _("Market"),
    "rule": _("Rule"),
    "when": _("When it happened"),
    "content_link": _("Content link"),
    "note": _("Note to the creator"),
    "internal_note": _("Internal note"),
    "reason": _("Why it is logged so late"),
    "score": _("Rating"),
    "as_of": _("As of"),
    "source": _("Source"),
}
PROBLEMS: dict[str, str | Promise] = {
    "creator_missing": _("Write the creator's handle or profile link."),
    "creator_unknown": _("No creator of this market has this handle. Import the creator first."),
    "creator_ambiguous": _("This handle exists in several markets. Add a column with the market."),
    "market_unknown": _("Write the market's code, such as US, or its name."),
    "rule_unknown": _("The rule book has no such rule. Write the code or the title of a rule."),
    "when_unreadable": _("Write the time as 2026-11-22 09:40."),
    "when_in_future": _("It cannot have happened in the future."),
    "reason_missing": _("It happened more than 90 days ago: say why it is logged now, in a column “Reason”."),
    "link_invalid": _("Write the whole link, such as https://www.tiktok.com/@handle/video/123."),
    "repeat_in_file": _("The same incident stands in an earlier row of this file."),
    "score_unreadable": _("Write a whole number from 0 to 1000."),
    "day_unreadable": _("Write the day as 2026-11-22."),
    "day_in_future": _("A rating cannot be of a day in the future."),
    "source_missing": _("Say where the rating was read, such as Seller Center."),
}


@dataclass
class Read:
    """What a row says, as far as it can be read; `problems` are (field, code of PROBLEMS)."""

    rule: str = ""
    effective_at: datetime | None = None
    key: str = ""
    score: int | None = None
    as_of: date | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)


def columns_of(kind: str, names: Sequence[str]) -> dict[str, int]:
    """The place of each known field among the headers; the first of two equal ones."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        for one in FIELDS[kind]:
            if one not in places and normalise_header(name) in _SPELLINGS[one]:
                places[one] = place
                break
    return places


def is_header(kind: str, name: str) -> bool:
    """Whether a cell is a header of this kind of file."""
    return any(normalise_header(name) in _SPELLINGS[one] for one in FIELDS[kind])


_SPELLINGS = {name: frozenset(map(normalise_header, spellings)) for name, spellings in HEADERS.items()}


def rule_names(rules: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Code of a rule by everything that people write for it: code, English and Chinese title."""
    return {_plain(text): code for code, *titles in rules for text in (code, *titles) if text}


def read_violation(values: Mapping[str, str], *, rules: Mapping[str, str], time_zone: str, at: datetime) -> Read:
    """A row of a file of violations; days without a time are the day's first instant in the creator's market."""
    row = Read(rule=rules.get(_plain(values.get("rule", "")), ""))
    if not row.rule:
        row.problems.append(("rule", "rule_unknown"))
    row.effective_at = parse_moment(values.get("when", ""), time_zone)
    if row.effective_at is None:
        row.problems.append(("when", "when_unreadable"))
    elif row.effective_at > at:
        row.problems.append(("when", "when_in_future"))
    try:
        row.key = content_key(values.get("content_link", ""))
    except ValueError:
        row.problems.append(("content_link", "link_invalid"))
    return row


def read_rating(values: Mapping[str, str]) -> Read:
    """A row of a file of health ratings."""
    row = Read()
    text = values.get("score", "").strip().removesuffix(".0")
    if text.isdecimal() and len(text) <= 4 and int(text) <= 1000:
        row.score = int(text)
    else:
        row.problems.append(("score", "score_unreadable"))
    row.as_of, _problem = parse_date(values.get("as_of", ""))
    if row.as_of is None:
        row.problems.append(("as_of", "day_unreadable"))
    return row


def handle_of(text: str) -> str | None:
    """The handle that a cell names; None when it names none."""
    return parse_handle(text)[0]


def parse_moment(text: str, time_zone: str) -> datetime | None:
    """An instant as people and spreadsheets write it; without an offset it is local time of the zone."""
    plain = text.strip().replace("/", "-")
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        day, _problem = parse_date(text)
        if day is None:
            return None
        found = datetime.combine(day, time())
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(time_zone))


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())
