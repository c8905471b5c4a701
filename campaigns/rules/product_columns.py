"""Which column of a product list is what, guessed by its header and then decided by a person."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.rules.product_rows import COMMISSION_FIELDS, MONEY_FIELDS, RATE_FIELDS, Reading
from creators.rules.headers import Alias, ColumnGuess, guess_column, is_known_header, normalise_header
from creators.rules.numbers import RateScale, guess_decimal_mark, guess_rate_scale, parse_number

LABELS: dict[str, str | Promise] = {
    "platform_id": _("Product ID"),
    "sku": _("SKU"),
    "title": _("Title"),
    "category": _("Category"),
    "price": _("Price"),
    "currency": _("Currency"),
    "unit_cost": _("Unit cost"),
    "platform_fee_rate": _("Platform fee"),
    "tax_rate": _("Tax"),
    "sample_cost": _("Sample cost"),
    "sample_stock": _("Samples in stock"),
    "default_commission_rate": _("Usual commission"),
    "max_commission_rate": _("Highest commission"),
    "compliance_notes": _("Compliance notes"),
    "state": _("State"),
}
# Header in any of the usual spellings, by field.
HEADERS: dict[str, tuple[str, ...]] = {
    "platform_id": (
        "product id", "productid", "platform id", "item id", "spu id", "id", "tiktok product id", "product id (text)",
        "商品id", "商品编号", "产品id", "平台商品id", "商品编码",
    ),
    "sku": (
        "sku", "seller sku", "sku code", "sku id", "merchant sku", "item number", "article number",
        "商家sku", "货号", "商家编码", "sku编码", "sku码", "款号",
    ),
    "title": (
        "title", "product name", "product title", "name", "product", "item name",
        "商品名称", "商品标题", "名称", "标题", "产品名称", "品名", "商品", "产品",
    ),
    "category": ("category", "product category", "category name", "类目", "商品类目", "分类", "品类", "商品分类"),
    "price": (
        "price", "sale price", "retail price", "selling price", "list price", "unit price", "giá", "giá bán",
        "价格", "售价", "单价", "零售价", "商品价格", "销售价",
    ),
    "currency": ("currency", "currency code", "币种", "货币"),
    "unit_cost": (
        "unit cost", "cost", "goods cost", "cogs", "cost price", "purchase price", "成本", "单位成本", "成本价",
        "商品成本", "进货价", "采购价",
    ),
    "platform_fee_rate": (
        "platform fee", "platform fee rate", "referral fee", "transaction fee", "platform commission",
        "平台费率", "平台佣金", "平台扣点", "平台费", "扣点",
    ),
    "tax_rate": ("tax", "tax rate", "vat", "vat rate", "gst", "税率", "税", "增值税"),
    "sample_cost": ("sample cost", "cost of a sample", "cost per sample", "样品成本", "寄样成本", "样品费用"),
    "sample_stock": (
        "sample stock", "samples", "samples in stock", "stock for samples", "sample quantity", "stock", "quantity",
        "库存", "样品库存", "可寄样品数", "样品数量", "数量",
    ),
    "default_commission_rate": (
        "commission", "commission rate", "usual commission", "default commission", "standard commission",
        "affiliate commission", "open collaboration commission rate",
        "佣金", "佣金率", "佣金比例", "默认佣金", "公开佣金率", "标准佣金",
    ),
    "max_commission_rate": (
        "max commission", "maximum commission", "highest commission", "max commission rate", "maximum commission rate",
        "最高佣金", "最高佣金率", "佣金上限",
    ),
    "compliance_notes": (
        "compliance notes", "compliance", "notes", "claims to avoid", "restrictions",
        "合规说明", "合规备注", "备注", "注意事项",
    ),
    "state": ("state", "status", "product status", "状态", "商品状态", "上架状态"),
}  # fmt: skip
ALIASES: dict[str, Alias] = {
    normalise_header(text): Alias(name) for name, spellings in HEADERS.items() for text in spellings
}


def is_header(text: str) -> bool:
    """Whether a cell is a header of a product list."""
    return is_known_header(text, ALIASES)


def guess_columns(names: Sequence[str]) -> dict[int, str]:
    """Field by position of the column; each field once, the surest column first."""
    guesses = sorted((guess_column(place, name, ALIASES) for place, name in enumerate(names)), key=_doubt)
    found: dict[int, str] = {}
    for guess in guesses:
        if guess.field and guess.field not in found.values():
            found[guess.index] = guess.field
    return dict(sorted(found.items()))


def _doubt(guess: ColumnGuess) -> tuple[float, int]:
    return -guess.confidence, guess.index


def places_of(columns: Mapping[str, str]) -> dict[str, int]:
    """Position by field, of columns as they are stored: field by position as text."""
    return {name: int(place) for place, name in columns.items() if name in LABELS}


def readings_of(
    places: Mapping[str, int], names: Sequence[str], sample: Sequence[Sequence[str]], *, currency: str
) -> dict[str, Reading]:
    """How each column of numbers is written, from its header and its first values; the same at every run."""
    readings: dict[str, Reading] = {}
    for name in (*MONEY_FIELDS, *RATE_FIELDS, *COMMISSION_FIELDS):
        if name not in places:
            continue
        place = places[name]
        values = [row[place] for row in sample if place < len(row)]
        header = names[place] if place < len(names) else ""
        named = guess_column(place, header, ALIASES).currency if name in MONEY_FIELDS else None
        scale: RateScale = "percent" if name in MONEY_FIELDS else _scale(values)
        readings[name] = Reading(guess_decimal_mark(values, named or currency), scale, named)
    return readings


def _scale(values: Sequence[str]) -> RateScale:
    """As `guess_rate_scale`, but whole numbers up to 1 are percents: nobody gives the whole price away."""
    scale = guess_rate_scale(values)
    if scale != "fraction":
        return scale
    found = [parsed.value for text in values if (parsed := parse_number(text, kind="score")).value is not None]
    return "percent" if found and all(value == value.to_integral_value() for value in found if value) else "fraction"
