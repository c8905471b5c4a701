from datetime import date, timedelta

import pytest

from campaigns.models import Problem
from campaigns.services.breaches import problem_log
from campaigns.services.problems import (
    problem_files_add,
    problem_hand,
    problem_reopen,
    problem_resolve,
    problem_step_add,
    problem_step_tick,
    problem_take_back,
    problem_update,
)
from campaigns.states.problems import PROBLEM_STEPS, PROBLEM_TRANSITIONS, ProblemState
from core.errors import DomainError
from core.models import StoredFile
from core.uploads.storage import file_path, files_sweep
from tests.campaigns.problems import make_problem
from tests.factories import make_file, make_shop, make_user
from tests.ledger import make_book
from tests.plans import NOON, make_collaboration
from violations.services.cases import Incident
from violations.services.ledger import details_erase

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def refusal(function, **arguments) -> DomainError:
    with pytest.raises(DomainError) as caught:
        function(**arguments)
    return caught.value


def resolve(problem, outcome="mended", note="Sent again", **options) -> Problem:
    return problem_resolve(problem=problem, outcome=outcome, note=note, by=problem.owner, at=LATER, **options)


@pytest.mark.parametrize("kind", PROBLEM_STEPS)
def test_raise_brings_the_steps_of_its_kind_and_keeps_the_files(kind):
    file = make_file(make_user())
    file.expires_at = LATER
    file.save()
    problem = make_problem(kind=kind, evidence=[file], details=" late ")
    assert [step.key for step in problem.steps.all()] == [key for key, _text in PROBLEM_STEPS[kind]]
    assert (problem.state, problem.details) == ("open", "late")
    assert problem.files.get().file.expires_at is None


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "weather"}, "kind"),
        ({"summary": "  "}, "summary"),
        ({"summary": "x" * 201}, "summary"),
        ({"due_on": date(2026, 11, 21)}, "due_on"),
    ],
)
def test_raise_is_refused_with_the_field(fields, wrong):
    error = refusal(make_problem, **fields)
    assert (error.code, set(error.fields)) == ("problem_invalid", {wrong})


def test_owner_works_for_the_shop():
    stranger = make_user()
    make_shop([stranger])
    assert set(refusal(make_problem, owner=stranger).fields) == {"owner"}
    assert make_problem(owner=make_user("admin")).pk


def test_update_keeps_a_day_that_was_over_before():
    problem = make_problem()
    values = {"details": "Asked twice", "owner": problem.owner, "by": problem.owner, "at": NOON + timedelta(days=9)}
    late = problem_update(problem=problem, summary="Still nothing", due_on=problem.due_on, **values)
    assert (late.summary, late.details) == ("Still nothing", "Asked twice")
    error = refusal(problem_update, problem=problem, summary="x", due_on=date(2026, 11, 24), **values)
    assert set(error.fields) == {"due_on"}


def test_steps_are_ticked_and_added():
    problem = make_problem()
    step = problem_step_tick(step=problem.steps.first(), done=True, by=problem.owner, at=NOON)
    assert (step.done_by, step.done_at) == (problem.owner, NOON)
    assert problem_step_tick(step=step, done=True, by=make_user(), at=LATER).done_at == NOON
    assert problem_step_tick(step=step, done=False, by=problem.owner, at=LATER).done_at is None
    own = problem_step_add(problem=problem, text=" Call the agency ", by=problem.owner)
    assert (own.position, own.text) == (4, "Call the agency")
    assert refusal(problem_step_add, problem=problem, text=" ", by=problem.owner).code == "step_text_missing"


def test_files_are_added():
    problem = make_problem()
    problem_files_add(problem=problem, files=[make_file(problem.owner)], by=problem.owner, at=NOON)
    assert problem.files.count() == 1
    assert refusal(problem_files_add, problem=problem, files=[], by=problem.owner, at=NOON).code == "evidence_missing"


@pytest.mark.parametrize("outcome", ["mended", "compensated", "terminated", "dropped"])
def test_resolve_with_each_outcome(outcome):
    problem = resolve(make_problem(), outcome)
    assert (problem.state, problem.outcome, problem.resolved_at) == ("resolved", outcome, LATER)
    problem.collaboration.refresh_from_db()
    assert problem.collaboration.state == "accepted"


@pytest.mark.parametrize("outcome", ["terminated", "dropped"])
def test_resolve_drops_the_collaboration_for_its_reason(outcome):
    problem = resolve(make_problem(), outcome, "No answer", drop=True)
    collaboration = problem.collaboration
    collaboration.refresh_from_db()
    assert (collaboration.state, collaboration.reason) == ("dropped", "The video never came: No answer")
    assert collaboration.seat.released_at == LATER


def test_resolve_is_all_or_nothing():
    problem = make_problem(make_collaboration(state="closed"))
    assert refusal(resolve, problem=problem, outcome="dropped", drop=True).code == "move_impossible"
    problem.refresh_from_db()
    assert problem.state == "open"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"outcome": "forgotten"}, "outcome_unknown"),
        ({"note": " "}, "note_missing"),
        ({"outcome": "mended", "drop": True}, "drop_not_offered"),
    ],
)
def test_resolve_is_refused(fields, code):
    assert refusal(resolve, problem=make_problem(), **fields).code == code


def test_what_has_ended_changes_only_when_it_is_opened_again():
    problem = resolve(make_problem())
    by = problem.owner
    for service, arguments in (
        (problem_resolve, {"problem": problem, "outcome": "mended", "note": "x", "at": LATER}),
        (problem_step_add, {"problem": problem, "text": "x"}),
        (problem_step_tick, {"step": problem.steps.first(), "done": True, "at": LATER}),
    ):
        assert refusal(service, by=by, **arguments).code == "problem_resolved"


def test_reopen_keeps_how_it_had_ended():
    problem = resolve(make_problem(details="Late."), "compensated", "Paid 20 USD")
    again = problem_reopen(problem=problem, reason="Not paid.", due_on=date(2026, 11, 30), by=problem.owner, at=LATER)
    assert (again.state, again.outcome, again.resolved_at, again.due_on) == ("open", "", None, date(2026, 11, 30))
    assert again.details.startswith("Late.\n\n2026-11-23")
    assert all(word in again.details for word in ("Compensated", "Paid 20 USD", "Not paid."))


def test_reopen_is_refused():
    problem = make_problem()
    values = {"by": problem.owner, "at": LATER, "due_on": date(2026, 11, 30)}
    assert refusal(problem_reopen, problem=problem, reason="x", **values).code == "problem_open"
    resolve(problem)
    assert refusal(problem_reopen, problem=problem, reason=" ", **values).code == "reason_missing"
    values["due_on"] = date(2026, 11, 22)
    assert refusal(problem_reopen, problem=problem, reason="x", **values).code == "due_in_past"


def test_transitions_are_those_of_the_table():
    assert {ProblemState.OPEN: {"resolved"}, ProblemState.RESOLVED: {"open"}} == PROBLEM_TRANSITIONS


def test_hand_once_and_take_back():
    problem = make_problem()
    problem_hand(problem=problem, by=problem.owner, at=NOON)
    assert refusal(problem_hand, problem=problem, by=problem.owner, at=NOON).code == "handed_already"
    assert problem_take_back(problem=problem, by=problem.owner).handed_at is None
    assert refusal(problem_take_back, problem=problem, by=problem.owner).code == "not_handed"


def test_ops_of_no_shop_see_what_was_handed_and_sellers_do_not():
    problem, ops, stranger = make_problem(), make_user("ops"), make_user()
    assert not Problem.objects.visible_to(ops).exists()
    problem_hand(problem=problem, by=problem.owner, at=NOON)
    assert Problem.objects.visible_to(ops).get() == problem
    assert Problem.objects.handed().visible_to(ops).count() == 1
    assert not Problem.objects.of_shops_of(ops).exists()
    assert not Problem.objects.visible_to(stranger).exists()


def log(problem, by, **options):
    incident = Incident(creator=problem.collaboration.creator, rule_code="late_content", effective_at=NOON)
    files = list(problem.files.values_list("pk", flat=True))
    return problem_log(problem=problem, incident=incident, files=files, by=by, at=NOON, **options)


def test_log_links_the_violation_with_the_evidence():
    make_book()
    problem, ops = make_problem(evidence=[make_file(make_user(), content=b"proof")]), make_user("ops")
    assert refusal(log, problem=problem, by=ops).code == "not_handed"
    problem_hand(problem=problem, by=problem.owner, at=NOON)
    entry = log(problem, ops)
    problem.refresh_from_db()
    assert (problem.entry, entry.shop, entry.creator) == (
        entry,
        problem.collaboration.shop,
        problem.collaboration.creator,
    )
    assert [one.file.sha256 for one in entry.evidence.all()] == [problem.files.get().file.sha256]
    assert refusal(log, problem=problem, by=ops).code == "logged_already"
    assert refusal(problem_take_back, problem=problem, by=problem.owner).code == "logged_already"
    assert not Problem.objects.handed().exists()


def test_erasing_the_entry_leaves_the_file_of_the_problem():
    make_book()
    problem, admin = make_problem(evidence=[make_file(make_user(), content=b"proof")]), make_user("admin")
    problem_hand(problem=problem, by=problem.owner, at=NOON)
    entry = log(problem, admin)
    details_erase(entry=entry, by=admin, at=NOON)
    assert files_sweep() == 1
    assert file_path(problem.files.get().file).exists()
    assert StoredFile.objects.count() == 1
