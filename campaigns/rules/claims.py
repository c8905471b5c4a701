"""Words that advertising must not use, by kind and language, and marks of a disclosure.

House lists: short, for a first look; the person who reviews decides. They follow the review rule "no absolute claims,
no medical claims" (list of systems, number 48) and the words that the advertising law of China names for absolutes.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

Claim = Literal["medical", "absolute"]

# house list: health effects that only medicine may promise.
_MEDICAL: dict[str, tuple[str, ...]] = {
    "en": (
        "cure", "cures", "cured", "heals", "treats", "treatment for", "prevents disease", "clinically proven",
        "doctor recommended", "fda approved", "anti-cancer", "detox", "burns fat", "lose weight fast", "eczema cure",
        "kills bacteria", "no side effects",
    ),
    "zh": (
        "治愈", "治疗", "根治", "疗效", "药效", "抗癌", "防癌", "消炎", "杀菌", "降血压", "降血糖", "减肥", "瘦身",
        "排毒", "医生推荐", "临床证明", "无副作用", "处方",
    ),
    "vi": ("chữa khỏi", "chữa bệnh", "điều trị", "đặc trị", "trị dứt điểm", "bác sĩ khuyên dùng", "không tác dụng phụ"),
    "id": ("menyembuhkan", "mengobati", "obat", "anti kanker", "rekomendasi dokter", "tanpa efek samping"),
    "th": ("รักษาหาย", "รักษาโรค", "หายขาด", "ป้องกันโรค", "แพทย์แนะนำ", "ไม่มีผลข้างเคียง"),
}  # fmt: skip
# house list: superlatives and promises that nobody can keep.
_ABSOLUTE: dict[str, tuple[str, ...]] = {
    "en": (
        "best in the world", "the best ever", "number one", "no. 1", "#1", "100% effective", "100% safe", "guaranteed",
        "permanent", "miracle", "perfect for everyone", "never fails", "risk free", "zero risk", "instant results",
    ),
    "zh": (
        "最好", "最佳", "最强", "最低价", "第一", "唯一", "顶级", "国家级", "世界级", "极致", "百分百", "100%有效",
        "绝对", "永久", "万能", "零风险", "全网最", "史上最",
    ),
    "vi": ("tốt nhất", "số 1", "số một", "duy nhất", "100% hiệu quả", "cam kết", "vĩnh viễn", "tuyệt đối"),
    "id": ("terbaik di dunia", "nomor satu", "no.1", "paling ampuh", "100% ampuh", "dijamin", "permanen", "ajaib"),
    "th": ("ดีที่สุด", "อันดับหนึ่ง", "อันดับ 1", "เห็นผล 100%", "การันตี", "ถาวร", "มหัศจรรย์"),
}  # fmt: skip
_LISTS: dict[Claim, dict[str, tuple[str, ...]]] = {"medical": _MEDICAL, "absolute": _ABSOLUTE}
# house list: how a paid content says so.
_DISCLOSURES = (
    "#ad", "#ads", "#sponsored", "paid partnership", "paid promotion", "sponsored by", "#gifted", "广告", "推广",
    "赞助", "quảng cáo", "#quangcao", "tài trợ", "#iklan", "iklan", "disponsori", "โฆษณา", "สปอนเซอร์",
)  # fmt: skip
# The languages whose lists a script for the market is read with; English words stand in scripts everywhere.
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "VN": ("vi", "en"), "ID": ("id", "en"), "TH": ("th", "en"), "MY": ("en", "id", "zh"), "SG": ("en", "zh"),
    "CN": ("zh", "en"), "TW": ("zh", "en"), "HK": ("zh", "en"),
}  # fmt: skip
_CJK = re.compile(r"[\u3400-\u9fff]")


def languages_of(market: str, script: str) -> tuple[str, ...]:
    """The lists that a script for a market is read with; Chinese too where it has Chinese characters."""
    chosen = _LANGUAGES.get(market, ("en",))
    return (*chosen, "zh") if "zh" not in chosen and _CJK.search(script) else chosen


def claims_in(script: str, claim: Claim, languages: Sequence[str]) -> list[str]:
    """The words of the lists that the script uses, in the order of the lists, each once."""
    words = [word for language in languages for word in _LISTS[claim].get(language, ())]
    return words_in(script, words)


def words_in(script: str, words: Sequence[str]) -> list[str]:
    """The words that the script uses, each once; case, width and line breaks do not matter.

    A word of letters that are written with blanks between words counts only as a whole word: "cure" is not in "secure".
    """
    text = _plain(script)
    return list(dict.fromkeys(word for word in words if _plain(word) and _stands_in(_plain(word), text)))


def discloses(script: str) -> bool:
    """Whether the script says that it is paid for."""
    return bool(words_in(script, _DISCLOSURES))


def _stands_in(word: str, text: str) -> bool:
    left = r"(?<!\w)" if word[0].isalnum() and not _unspaced(word[0]) else ""
    right = r"(?!\w)" if word[-1].isalnum() and not _unspaced(word[-1]) else ""
    return re.search(left + re.escape(word) + right, text) is not None


def _unspaced(letter: str) -> bool:
    """Chinese and Thai write no blanks between words."""
    return "\u3400" <= letter <= "\u9fff" or "\u0e00" <= letter <= "\u0e7f"


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
