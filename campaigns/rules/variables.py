"""Variables of message texts: {creator}, {shop} and the others, filled for each creator."""

import re
from collections.abc import Collection, Mapping

VARIABLES = ("creator", "shop", "plan", "products", "commission", "ends_on", "contact")
FALLBACK = "en"
_VARIABLE = re.compile(r"\{([^{}\n]{0,40})\}")
# In which languages templates are written.
LANGUAGES = ("en", "zh-hans", "vi", "th", "id", "ms", "fil", "es", "pt", "de", "fr", "it", "ja", "ko")
# As lists of creators write them.
_ALIASES = {
    "zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans", "zh-hans-cn": "zh-hans", "chinese": "zh-hans",
    "中文": "zh-hans", "tl": "fil", "filipino": "fil", "tagalog": "fil", "english": "en", "vietnamese": "vi",
    "thai": "th", "indonesian": "id", "malay": "ms", "spanish": "es", "portuguese": "pt", "german": "de",
    "french": "fr", "italian": "it", "japanese": "ja", "korean": "ko",
}  # fmt: skip


def variables_in(text: str) -> list[str]:
    """The names in braces, each once, in the order in which they appear."""
    return list(dict.fromkeys(name.strip() for name in _VARIABLE.findall(text)))


def unknown_variables(text: str) -> list[str]:
    """Names in braces that nothing fills."""
    return [name for name in variables_in(text) if name not in VARIABLES]


def empty_variables(text: str, values: Mapping[str, str]) -> list[str]:
    """Names in braces for which there is no value."""
    return [name for name in variables_in(text) if not values.get(name)]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in one pass: braces of a value stay what they are.

    What has no value stays in braces.
    """
    return _VARIABLE.sub(lambda found: values.get(found[1].strip()) or found[0], text)


def language_code(text: str) -> str:
    """The language of a creator as a code of ours, lower case; "" when it is not known."""
    code = text.strip().lower().replace("_", "-")
    return _ALIASES.get(code, code)


def language_for(wanted: str, offered: Collection[str]) -> str | None:
    """Which of the offered languages a creator is written to in.

    The creator's own, else one of the same base language, else English; None when even that is not offered.
    """
    code = language_code(wanted)
    if code in offered:
        return code
    base = code.split("-")[0]
    near = sorted(one for one in offered if base and one.split("-")[0] == base)
    if near:
        return near[0]
    return FALLBACK if FALLBACK in offered else None
