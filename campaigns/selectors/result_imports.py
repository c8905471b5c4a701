"""A file of results as its page shows it."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from campaigns.models import ResultImport
from campaigns.rules.result_columns import LABELS, PROBLEMS
from core.jobs import Progress, progress_get


@dataclass(frozen=True)
class Refused:
    """A row that is not taken: its number in the file, the field and what stands there, and what to do."""

    row: int
    label: str | Promise
    value: str
    text: str | Promise


def refused_of(result_import: ResultImport) -> list[Refused]:
    """The refused rows of the file in words."""
    problems: list[dict[str, Any]] = result_import.problems
    return [
        Refused(one["row"], LABELS.get(one["field"], ""), one["value"], PROBLEMS.get(one["code"], one["code"]))
        for one in problems
    ]


def progress_of(result_import: ResultImport) -> Progress:
    """How far the job is."""
    job = result_import.job
    return progress_get(job=job) if job else Progress()
