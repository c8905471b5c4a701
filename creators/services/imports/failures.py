"""The refused rows of an import as a workbook: the original cells, and beside them what to do."""

from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from creators.models import Import
from creators.services.imports.reading import problem_message

# A known header that means no field, so that the mended workbook can be uploaded as it is.
PROBLEM_HEADER = "Import problem"


def problem_text(problems: list[dict[str, str]]) -> str:
    """The problems of a row in words: column, value and what to do, in the language of the reader."""
    return "\n".join(_problem_line(problem) for problem in problems)


def _problem_line(problem: dict[str, str]) -> str:
    message = problem_message(problem["code"])
    if not problem["column"]:
        return message
    return _("%(column)s “%(value)s”: %(message)s") % {**problem, "message": message}


def failures_workbook(source_import: Import, path: Path) -> int:
    """Write the refused rows to `path` (XLSX, constant memory) and return how many there are."""
    headers = [column["header"] for column in source_import.mapping]
    workbook = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = workbook.add_worksheet("Rows")
    bold, wrap = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(headers) - 1, 0), 18)
    sheet.set_column(len(headers), len(headers), 60)
    for index, header in enumerate([*headers, PROBLEM_HEADER]):
        sheet.write_string(0, index, header, bold)
    count = 0
    for count, failure in enumerate(source_import.failures.order_by("row_number").iterator(chunk_size=2000), start=1):
        for index, cell in enumerate(failure.cells[: len(headers)]):
            sheet.write_string(count, index, cell)
        sheet.write_string(count, len(headers), problem_text(failure.problems), wrap)
    workbook.close()
    return count
