"""Currency signs as they stand in exported lists."""

import re

# Signs and words, lower case after NFKC (which turns ￥ into ¥). Several currencies write "$" and "¥": see resolve().
SIGNS: dict[str, str] = {
    "us$": "USD", "$": "USD", "u$s": "USD", "s$": "SGD", "a$": "AUD", "c$": "CAD", "hk$": "HKD", "nt$": "TWD",
    "mx$": "MXN", "r$": "BRL", "£": "GBP", "€": "EUR", "₫": "VND", "đ": "VND", "vnđ": "VND", "฿": "THB",
    "บาท": "THB", "₱": "PHP", "rp": "IDR", "rm": "MYR", "¥": "CNY", "cn¥": "CNY", "jp¥": "JPY", "円": "JPY",
    "元": "CNY", "人民币": "CNY", "rmb": "CNY", "美元": "USD", "美金": "USD", "zł": "PLN", "kč": "CZK", "ft": "HUF",
    "₹": "INR", "rs": "INR", "₩": "KRW",
}  # fmt: skip

CODES = frozenset({
    "AED", "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "EUR", "GBP", "HKD", "HUF", "IDR", "INR", "JPY",
    "KRW", "MXN", "MYR", "NGN", "NZD", "PHP", "PLN", "SAR", "SGD", "THB", "TRY", "TWD", "USD", "VND", "ZAR",
})  # fmt: skip
SIGNS |= {code.lower(): code for code in CODES}

DOLLARS = frozenset({"USD", "SGD", "AUD", "CAD", "HKD", "TWD", "MXN", "NZD", "CLP", "COP"})
# Currencies written without decimals: a single dot before three digits is a thousands mark (110.000₫).
WHOLE = frozenset({"VND", "IDR", "JPY", "KRW", "CLP", "COP", "HUF"})

SIGN_PATTERN = "|".join(sorted((re.escape(sign) for sign in SIGNS), key=len, reverse=True))


def resolve(sign: str, column: str | None = None) -> str:
    """The ISO code for a sign in lower case; "$" and "¥" follow the column's currency where that one uses the sign."""
    if sign == "$" and column in DOLLARS:
        return str(column)
    if sign == "¥" and column == "JPY":
        return "JPY"
    return SIGNS[sign]
