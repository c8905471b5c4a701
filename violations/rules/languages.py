"""The language in which a creator is written to."""

LANGUAGES = ("en", "zh-hans")


def mail_language(code: str) -> str:
    """English or Chinese; every other language falls back to English."""
    return "zh-hans" if code.lower().startswith("zh") else LANGUAGES[0]
