"""What a creator asks for: the quotes told to a shop, and the price in imported lists beside them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import get_language

from accounts.models import Shop, User
from campaigns.models import Quote
from core.ui import format_compact, format_money
from creators.exports import QUALITY_MARKS
from creators.models import Creator
from creators.selectors.values import Value, values_of

METRIC = "price_quote"


@dataclass(frozen=True)
class ListedQuote:
    """The price for one video that a list names; `mark` is exact, range or estimate."""

    text: str
    source: str
    as_of: date
    mark: str


@dataclass(frozen=True)
class QuoteLine:
    """A quote of the shop; `is_over`: its validity ended before today."""

    quote: Quote
    is_over: bool


def quotes_of(creator: Creator, shop: Shop) -> QuerySet[Quote]:
    """The creator's quotes to the shop, the newest first."""
    return Quote.objects.filter(creator=creator, shop=shop).select_related("recorded_by")


def quotes_shown(user: User) -> QuerySet[Quote]:
    """Quotes of the user's shops."""
    return Quote.objects.visible_to(user).select_related("creator", "shop", "recorded_by")


def quote_lines(creator: Creator, shop: Shop, *, today: date) -> list[QuoteLine]:
    """The quotes with whether they still hold."""
    return [QuoteLine(one, one.valid_until is not None and one.valid_until < today) for one in quotes_of(creator, shop)]


def listed_quote_of(creator: Creator) -> ListedQuote | None:
    """The newest listed price, in its own currency; None when no list names one."""
    value = values_of([creator.pk], keys=[METRIC]).get(creator.pk, {}).get(METRIC)
    if value is None:
        return None
    return ListedQuote(_text(value), value.source, value.as_of, QUALITY_MARKS[value.quality])


def _text(value: Value) -> str:
    language = get_language() or "en"
    low = format_money(value.value, value.currency, language)
    if not value.is_range:
        return low
    return f"{low}+" if value.high is None else f"{low}–{format_compact(value.high, language, trim=True)}"
