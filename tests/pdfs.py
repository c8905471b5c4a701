"""Reads back what a PDF says, without the library that wrote it. For files written with `compress=False`."""

import re

# What is shown: the font that was chosen last, and a string in brackets.
SHOWN = re.compile(rb"/(F\d+(?:\+\d+)?) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
ESCAPED = re.compile(rb"\\(\d{3}|.)", re.DOTALL)
PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
CHARACTERS = re.compile(rb"/BaseFont /(?:STSong-Light|HYSMyeongJo-Medium).*?/Name /(F\d+)", re.DOTALL)


def words_of(pdf: bytes) -> str:
    """ASCII text and CJK text in the order in which it is drawn; other letters are those of the embedded subset."""
    wide = {match.decode() for match in CHARACTERS.findall(pdf)}
    font, found = "", []
    for name, text in SHOWN.findall(pdf):
        if name:
            font = name.decode()
            continue
        raw = ESCAPED.sub(_unescaped, text)
        found.append(raw.decode("utf-16-be", "replace") if font in wide else raw.decode("latin-1"))
    return " ".join(found)


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if code.isdigit() and len(code) == 3 else PLAIN.get(code, code)
