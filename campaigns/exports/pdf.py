"""PDF files: a title, headings, names with values, tables, page numbers. The same input gives the same bytes.

Latin (with Vietnamese) and Thai are embedded; Chinese, Japanese and Korean use the fonts of the reader's program.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import category
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Flowable, PageTemplate, Paragraph, Spacer, Table, TableStyle
from reportlab.platypus.frames import Frame

REGULAR, BOLD, THAI = "Inter", "Inter-SemiBold", "NotoSansThai"
CHINESE, KOREAN = "STSong-Light", "HYSMyeongJo-Medium"
FILES = {REGULAR: "Inter-Regular.ttf", BOLD: "Inter-SemiBold.ttf", THAI: "NotoSansThai-Regular.ttf"}
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
INK, SOFT, LINE = HexColor("#16181d"), HexColor("#5b6170"), HexColor("#d9dce3")
# The CJK fonts of readers end with the basic plane. What only changes the emoji before it goes with it.
LAST_OF_CJK = "\uffff"
UNSEEN = frozenset("\ufe0e\ufe0f\u200d")
# From the CJK radicals on; the blocks of Hangul have a font of their own.
CJK_FROM = "\u2e80"
HANGUL = (("\u1100", "\u11ff"), ("\u3130", "\u318f"), ("\uac00", "\ud7af"))


@dataclass(frozen=True)
class Pairs:
    """Names and values under a heading."""

    heading: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Grid:
    """A table under a heading. `widths` are shares of the page; columns in `numbers` (from 0) are right-aligned.

    `total` is a last row in bold; "" leaves a cell empty.
    """

    heading: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ()
    numbers: frozenset[int] = field(default_factory=frozenset)
    total: Sequence[str] = ()


@dataclass(frozen=True)
class Words:
    """Paragraphs under a heading; "" is none. Empty lines part paragraphs."""

    heading: str
    text: str


Part = Pairs | Grid | Words


def pdf_of(*, title: str, subtitle: str, parts: Sequence[Part], foot: str, compress: bool = True) -> bytes:
    """The parts as an A4 file; `foot` stands on every page before its number. Every text is plain, not mark-up."""
    _fonts()
    story: list[Flowable] = [Paragraph(rich(title, BOLD), _style(title, 16, leading=21))]
    story += [Paragraph(rich(subtitle), _style(subtitle, 9.5, colour=SOFT)), Spacer(0, 4 * mm)]
    for part in parts:
        story += _part(part)
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        title=title,
        author="Creator Desk",
        invariant=1,
        pageCompression=int(compress),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )
    frame = Frame(MARGIN, MARGIN, WIDTH, A4[1] - 2 * MARGIN, leftPadding=0, rightPadding=0)
    document.addPageTemplates([PageTemplate("page", [frame], onPage=lambda canvas, _page: _foot(canvas, foot))])
    document.build(story)
    return buffer.getvalue()


def rich(text: str, font: str = REGULAR) -> str:
    """Reportlab's mark-up of a plain text: escaped, each run of characters in a font that has them.

    Emoji are left out: no font here has them, and they would stand as gaps.
    """
    _fonts()
    runs = groupby(filter(_is_drawn, text), key=lambda letter: _font_of(letter, font))
    return "".join(f'<font name="{name}">{_escaped("".join(letters))}</font>' for name, letters in runs)


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br/>")


@cache
def _fonts() -> None:
    folder = Path(settings.BASE_DIR) / "static" / "vendor"
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    for name in (CHINESE, KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def _is_drawn(letter: str) -> bool:
    if ord(letter) in _letters(REGULAR):
        return True
    is_symbol = letter < CJK_FROM and category(letter) == "So"
    return letter <= LAST_OF_CJK and letter not in UNSEEN and not is_symbol


def _font_of(letter: str, font: str) -> str:
    if ord(letter) in _letters(font) or letter.isspace():
        return font
    if ord(letter) in _letters(THAI):
        return THAI
    if any(low <= letter <= high for low, high in HANGUL):
        return KOREAN
    return CHINESE if letter >= CJK_FROM else font


@cache
def _letters(font: str) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


def _style(text: str, size: float, *, colour: Any = INK, leading: float = 0, right: bool = False) -> ParagraphStyle:
    """A style that breaks Chinese between characters, and everything else between words."""
    wraps = "CJK" if any(letter >= CJK_FROM for letter in text) else None
    return ParagraphStyle(
        "text",
        fontName=REGULAR,
        fontSize=size,
        leading=leading or size * 1.45,
        textColor=colour,
        wordWrap=wraps,
        **({"alignment": TA_RIGHT} if right else {}),
    )


def _part(part: Part) -> list[Flowable]:
    found: list[Flowable] = []
    if part.heading:
        style = _style(part.heading, 11, leading=16)
        style.keepWithNext, style.spaceBefore, style.spaceAfter = 1, 5 * mm, 1.5 * mm
        found.append(Paragraph(rich(part.heading, BOLD), style))
    if isinstance(part, Pairs):
        found.append(_pairs(part))
    elif isinstance(part, Grid):
        found.append(_grid(part))
    else:
        found += [Paragraph(rich(one), _style(one, 9.5)) for one in part.text.split("\n\n") if one.strip()]
    return found


def _pairs(part: Pairs) -> Table:
    cells = [
        [Paragraph(rich(name), _style(name, 9.5, colour=SOFT)), Paragraph(rich(text), _style(text, 9.5))]
        for name, text in part.rows
    ]
    return Table(
        cells or [["", ""]], colWidths=[WIDTH * 0.28, WIDTH * 0.72], style=_lines(), hAlign="LEFT", splitInRow=1
    )


def _grid(part: Grid) -> Table:
    shares = part.widths or [1] * len(part.heads)
    widths = [WIDTH * share / sum(shares) for share in shares]
    rows = [_row(part.heads, part, BOLD, SOFT), *(_row(row, part, REGULAR, INK) for row in part.rows)]
    if part.total:
        rows.append(_row(part.total, part, BOLD, INK))
    return Table(rows, colWidths=widths, style=_lines(), repeatRows=1, hAlign="LEFT", splitInRow=1)


def _row(cells: Sequence[str], part: Grid, font: str, colour: Any) -> list[Paragraph]:
    return [
        Paragraph(rich(text, font), _style(text, 9, colour=colour, right=place in part.numbers))
        for place, text in enumerate(cells)
    ]


def _lines() -> TableStyle:
    return TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
    )


def _foot(canvas: Any, foot: str) -> None:
    number = _("Page %(number)s") % {"number": canvas.getPageNumber()}
    for text, right in ((foot, False), (number, True)):
        line = Paragraph(rich(text), _style(text, 7.5, colour=SOFT, right=right))
        line.wrapOn(canvas, WIDTH, MARGIN)
        line.drawOn(canvas, MARGIN, MARGIN - 8 * mm)
