"""Where the header of a table is: below titles, blank rows and lines of commas, sometimes over two rows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Known = Callable[[str], bool]

_VALUE = re.compile(r"[-+]?[\W_]*\d[\d.,\s]*\s*[\w%₫$€£]{0,3}\+?|@\S+|https?://\S+")


@dataclass(slots=True)
class HeaderGuess:
    """The header's row number in the file (0: there is none), the names of the columns, and how many are known."""

    row_number: int
    names: list[str]
    known: int = 0


def find_header(rows: Sequence[tuple[int, list[str]]], known: Known) -> HeaderGuess:
    """The header among the first rows of a table (number and cells each, none blank).

    The row with most known names, else the first row of words that is as wide as the rows below it. A file that
    begins with data at once gets the letters of a spreadsheet as names.
    """
    counts = [sum(known(cell) for cell in cells) for _number, cells in rows]
    best = max(counts, default=0)
    if best:
        index = counts.index(best)
        return _from_row(rows, index, known)
    width = _usual_width(rows)
    for index, (_number, cells) in enumerate(rows[:-1]):
        if _filled(cells) >= max(2, 0.6 * width) and not any(_VALUE.fullmatch(cell.strip()) for cell in cells):
            return _from_row(rows, index, known)
    widest = max((len(cells) for _number, cells in rows), default=0)
    return HeaderGuess(0, [column_letters(number) for number in range(widest)])


def _from_row(rows: Sequence[tuple[int, list[str]]], index: int, known: Known) -> HeaderGuess:
    number, cells = rows[index]
    names = [cell.strip() for cell in cells]
    if index and rows[index - 1][0] == number - 1 and _filled(rows[index - 1][1]) > 1:
        names = _with_groups(names, rows[index - 1][1], known)
    below = max((len(row) for _number, row in rows[index + 1 :]), default=0)
    names += [""] * (below - len(names))
    return HeaderGuess(number, names, sum(known(name) for name in names))


def _with_groups(names: list[str], above: Sequence[str], known: Known) -> list[str]:
    """Complete names by a row of merged cells over them: "Handle" above nothing, "GMV" above "30 days"."""
    result, group = [], ""
    for index in range(max(len(names), len(above))):
        name = names[index] if index < len(names) else ""
        over = above[index].strip() if index < len(above) else ""
        group = over or group
        if not name and known(over):
            name = over
        elif name and not known(name) and known(f"{group} {name}"):
            name = f"{group} {name}"
        result.append(name)
    return result


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _usual_width(rows: Sequence[tuple[int, list[str]]]) -> int:
    widths = sorted(_filled(cells) for _number, cells in rows)
    return widths[len(widths) // 2] if widths else 0


def column_letters(index: int) -> str:
    """The name that a spreadsheet gives to the column at this place (0 is A, 26 is AA)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
