"""Addresses of problems; `world()` makes the rows that they need."""

from typing import Any

from campaigns.services.problems import problem_hand, problem_resolve
from tests.access.people import STRANGE, Row, only, signed_in
from tests.campaigns.problems import make_problem
from tests.factories import make_file
from tests.plans import NOON

EDITING = ("seller", "stranger", "account_manager", "admin")
LOGGING = ("ops", "admin")
SHARED = {"anonymous": 401}
ROWS: list[Row] = [
    Row("problem_list", get=signed_in(200)),
    Row(
        "problem_create",
        ("collaboration",),
        get=only(*EDITING) | STRANGE,
        post=only(*EDITING, status=422) | STRANGE,
    ),
    Row("problem_detail", ("problem",), get=signed_in(200) | STRANGE),
    Row("problem_file", ("problem_file",), get=signed_in(200) | STRANGE),
    Row("problem_edit", ("problem",), post=only(*EDITING, status=422) | STRANGE),
    Row("problem_step_add", ("problem",), post=only(*EDITING, status=422) | STRANGE),
    Row("problem_step_tick", ("problem", "problem_step"), post=only(*EDITING, status=302) | STRANGE),
    Row("problem_files_add", ("problem",), post=only(*EDITING, status=422) | STRANGE),
    Row("problem_resolve", ("problem",), post=only(*EDITING, status=422) | STRANGE),
    Row("problem_reopen", ("ended_problem",), post=only(*EDITING, status=422) | STRANGE),
    Row("problem_hand", ("problem",), post=only(*EDITING, status=302) | STRANGE),
    # Nobody handed it over.
    Row("problem_log", ("problem",), get=only(*LOGGING, status=404)),
    Row("problem_log", ("handed_problem",), get=only(*LOGGING), post=only(*LOGGING)),
    Row("api_problem-list", get=signed_in(200) | SHARED, post=only(*EDITING, status=400) | SHARED),
    Row("api_problem-detail", ("problem",), get=signed_in(200) | STRANGE | SHARED),
    Row("api_problem-detail", ("problem",), patch=only(*EDITING) | STRANGE | SHARED),
    Row("api_problem-steps", ("problem",), post=only(*EDITING, status=400) | STRANGE | SHARED),
    Row("api_problem-resolution", ("problem",), post=only(*EDITING, status=400) | STRANGE | SHARED),
    Row("api_problem-reopening", ("ended_problem",), post=only(*EDITING, status=400) | STRANGE | SHARED),
    Row("api_problem-handover", ("problem",), post=only(*EDITING) | STRANGE | SHARED),
]


def world(**known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    collaboration, by = known["collaboration"], known["people"]["seller"]
    problem = make_problem(collaboration, evidence=[make_file(by)])
    handed = problem_hand(problem=make_problem(collaboration), by=by, at=NOON)
    ended = problem_resolve(problem=make_problem(collaboration), outcome="mended", note="Sent", by=by, at=NOON)
    return {
        "problem": problem,
        "handed_problem": handed,
        "ended_problem": ended,
        "problem_step": problem.steps.first(),
        "problem_file": problem.files.get(),
    }
