from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Problem, SettlementLine
from campaigns.services.problems import problem_hand, problem_resolve
from tests.campaigns.problems import make_problem
from tests.factories import make_file, make_user, sign_in
from tests.ledger import make_book
from tests.plans import NOON, make_collaboration

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 32


@pytest.fixture
def problem(client):
    found = make_problem(make_collaboration(state="accepted", at=timezone.now()))
    sign_in(client, found.owner)
    return found


def soon() -> str:
    return (timezone.localdate() + timedelta(days=5)).isoformat()


def post(client, name, problem, **data):
    return client.post(reverse(name, args=[problem.pk]), data)


def page(client, problem) -> str:
    return client.get(problem.get_absolute_url()).content.decode()


def test_a_problem_is_raised_with_its_file(client, problem):
    address = reverse("problem_create", args=[problem.collaboration.pk])
    assert client.get(address).status_code == 200
    data = {"kind": "technical", "summary": "No orders", "owner": problem.owner.pk, "due_on": soon()}
    response = client.post(address, data | {"evidence": SimpleUploadedFile("proof.png", PNG)})
    raised = Problem.objects.latest("pk")
    assert response.url == raised.get_absolute_url()
    assert raised.files.get().file.name == "proof.png"
    assert "Check that shop and creator account are bound" in page(client, raised)


def test_raising_says_what_is_wrong(client, problem):
    address = reverse("problem_create", args=[problem.collaboration.pk])
    data = {"kind": "technical", "summary": "x", "owner": problem.owner.pk, "due_on": "2020-01-01"}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "This day is over." in response.content.decode()


def test_list_is_narrowed_by_every_filter(client, problem):
    mine = problem.owner.pk
    ended = problem_resolve(
        problem=make_problem(problem.collaboration, kind="technical", summary="Ended one"),
        outcome="mended",
        note="x",
        by=problem.owner,
        at=NOON,
    )
    shown = {
        "": {problem},
        "?state=all": {problem, ended},
        "?state=resolved": {ended},
        "?kind=technical": set(),
        f"?owner={mine}": {problem},
        f"?shop={problem.collaboration.shop.pk}&overdue=on": {problem},
        "?handed=on": set(),
    }
    for query, expected in shown.items():
        response = client.get(reverse("problem_list") + query)
        assert {row.problem for row in response.context["rows"]} == expected, query


def test_list_says_how_late(client, problem):
    Problem.objects.update(due_on=timezone.localdate() - timedelta(days=2))
    assert "2 days late" in client.get(reverse("problem_list")).content.decode()


def test_list_asks_a_fixed_number_of_questions(client, problem, django_assert_max_num_queries):
    for _ in range(10):
        make_problem(problem.collaboration)
    with django_assert_max_num_queries(22):
        client.get(reverse("problem_list"))


def test_steps_are_added_and_ticked(client, problem):
    post(client, "problem_step_add", problem, text="Call the agency")
    step = problem.steps.last()
    tick = reverse("problem_step_tick", args=[problem.pk, step.pk])
    client.post(tick, {"done": "yes"})
    step.refresh_from_db()
    assert step.done_by == problem.owner
    assert "Call the agency" in page(client, problem)
    client.post(tick, {"done": "no"})
    step.refresh_from_db()
    assert step.done_at is None


def test_files_are_added_and_opened(client, problem):
    post(client, "problem_files_add", problem, evidence=SimpleUploadedFile("proof.png", PNG))
    file = problem.files.get()
    response = client.get(reverse("problem_file", args=[file.pk]))
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Security-Policy"] == "sandbox"


def test_ending_drops_the_collaboration(client, problem):
    response = post(client, "problem_resolve", problem, outcome="terminated", note="Gone", drop="on")
    assert response.status_code == 302
    problem.collaboration.refresh_from_db()
    assert problem.collaboration.state == "dropped"
    assert "Terminated" in page(client, problem)


def test_compensation_becomes_a_line_of_the_settlement(client, problem):
    post(client, "problem_resolve", problem, outcome="compensated", note="Late sample", compensation="20")
    line = SettlementLine.objects.get()
    assert (line.kind, line.amount, line.collaboration) == ("compensation", 20, problem.collaboration)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"outcome": "mended", "note": "x", "drop": "on"}, "goes on when its problem is mended"),
        ({"outcome": "mended", "note": "x", "compensation": "5"}, "belongs to the outcome"),
        ({"outcome": "compensated", "note": "x", "compensation": "0"}, "other than 0"),
    ],
)
def test_ending_says_what_is_wrong(client, problem, data, text):
    response = post(client, "problem_resolve", problem, **data)
    assert response.status_code == 422
    assert text in response.content.decode()
    assert Problem.objects.get().state == "open"
    assert not SettlementLine.objects.exists()


def test_ended_ones_are_opened_again(client, problem):
    post(client, "problem_resolve", problem, outcome="mended", note="x")
    assert "Open it again" in page(client, problem)
    post(client, "problem_reopen", problem, reason="Not yet", due_on=soon())
    problem.refresh_from_db()
    assert problem.state == "open"


def test_edit_gives_it_to_somebody_else(client, problem):
    admin = make_user("admin")
    post(client, "problem_edit", problem, summary="Other words", details="", owner=admin.pk, due_on=soon())
    problem.refresh_from_db()
    assert (problem.summary, problem.owner) == ("Other words", admin)


def test_handed_and_taken_back(client, problem):
    post(client, "problem_hand", problem)
    problem.refresh_from_db()
    assert problem.handed_by == problem.owner
    assert "Take it back" in page(client, problem)
    post(client, "problem_hand", problem, back="1")
    problem.refresh_from_db()
    assert problem.handed_at is None


class TestOps:
    """Somebody of ops who works for no shop."""

    @pytest.fixture
    def handed(self, client):
        make_book()
        found = make_problem(details="Asked twice", evidence=[make_file(make_user(), content=PNG)])
        problem_hand(problem=found, by=found.owner, at=NOON)
        sign_in(client, make_user("ops"))
        return found

    def test_sees_it_in_the_list_and_works_on_nothing(self, client, handed):
        listed = client.get(reverse("problem_list") + "?handed=on").content.decode()
        assert reverse("problem_log", args=[handed.pk]) in listed
        shown = page(client, handed)
        assert "Log violation" in shown
        assert handed.collaboration.get_absolute_url() not in shown
        assert post(client, "problem_resolve", handed, outcome="mended", note="x").status_code == 403

    def test_previews_then_logs_with_the_evidence(self, client, handed):
        address = reverse("problem_log", args=[handed.pk])
        form = client.get(address).content.decode()
        assert "Asked twice" in form
        data = {"rule_code": "sample_not_fulfilled", "effective_at": "2026-11-22T10:00"}
        preview = client.post(address, data | {"action": "preview"}).content.decode()
        assert "Adds <b>3 points</b>" in preview
        assert Problem.objects.get().entry is None
        response = client.post(address, data | {"action": "log", "evidence": [handed.files.get().pk]})
        handed.refresh_from_db()
        assert response.url == handed.entry.get_absolute_url()
        assert handed.entry.evidence.count() == 1
        assert client.get(address).url == handed.entry.get_absolute_url()

    def test_says_what_a_rule_refuses(self, client, handed):
        address = reverse("problem_log", args=[handed.pk])
        data = {"rule_code": "late_content", "effective_at": "2999-11-22T10:00", "action": "log"}
        response = client.post(address, data)
        assert response.status_code == 422
        assert "future" in response.content.decode()
