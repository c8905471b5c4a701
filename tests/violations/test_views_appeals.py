from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_creator, make_file, make_shop, make_user, sign_in
from tests.ledger import log, log_all, make_appeal, make_book
from violations.models import Appeal, AppealEvidence, LedgerEntry
from violations.services.appeals import appeal_ask, appeal_decide, appeal_file
from violations.services.evidence import evidence_store

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture(autouse=True)
def book():
    return make_book()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def entry(now) -> LedgerEntry:
    return log(make_creator("brass_lantern", tier="A"), "spam", at=now - DAY)


@pytest.fixture
def appeal(entry, now) -> Appeal:
    return appeal_file(entry=entry, statement="The label was on.", by=make_user(), at=now - DAY / 2)


def page(client, user, name: str, *args, **query) -> str:
    return sign_in(client, user).get(reverse(name, args=args), query).content.decode()


def post(client, user, name: str, pk: int, **data):
    return sign_in(client, user).post(reverse(name, args=[pk]), data)


def text_of(response) -> str:
    return response.content.decode()


def messages_of(response) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


def test_inbox_shows_what_a_decision_needs(client, appeal, entry):
    appeal.assigned_to = reviewer = make_user("ops", name="Wen Zhao")
    appeal.save()

    text = page(client, make_user("ops"), "appeal_list")

    for shown in (entry.case, "@brass_lantern", "tier-A", "Spam", "v1", "4 → 0", "The label was on.", reviewer.name):
        assert shown in text
    assert "1 open · 0 due today" in text


def test_inbox_begins_with_the_least_time_left(client, now):
    creator = make_creator()
    later, sooner = [log(creator, rule, at=now - DAY) for rule in ("spam", "fraud")]
    make_appeal(later, due_at=now + timedelta(days=5, minutes=1))
    make_appeal(sooner, due_at=now + timedelta(hours=2, minutes=14, seconds=30))

    text = page(client, make_user("ops"), "appeal_list")

    assert text.index(sooner.case) < text.index(later.case)
    assert '<td class="num-left late"' in text
    assert "2 h 14 m" in text


def test_only_mine_market_and_rule_narrow_the_inbox(client, now):
    ops = make_user("ops")
    mine, other = log(make_creator(), "spam", at=now), log(make_creator(market="VN"), "fraud", at=now)
    make_appeal(mine, assigned_to=ops)
    make_appeal(other)

    for query, shown in (({"mine": "on"}, mine), ({"market": "VN"}, other), ({"rule": "fraud"}, other)):
        text = page(client, ops, "appeal_list", **query)
        assert [case for case in (mine.case, other.case) if case in text] == [shown.case]


def test_an_empty_choice_says_so(client, appeal):
    assert "No appeal fits this choice" in page(client, make_user("ops"), "appeal_list", rule="fraud")
    assert "Claim" not in page(client, make_user("ops"), "appeal_list", rule="fraud")


def test_closed_ones_have_a_tab(client, appeal, entry, now):
    appeal_decide(appeal=appeal, overturn=False, reason="It shows late.", by=make_user("ops"), at=now)

    assert entry.case not in page(client, make_user(), "appeal_list")
    text = page(client, make_user(), "appeal_list", tab="closed")

    assert "It shows late." in text
    assert "Entry upheld" in text


def test_claim_button_is_for_who_may_decide(client, appeal, entry):
    assert "Claim" in page(client, make_user("ops"), "appeal_list")
    assert "Claim" not in page(client, make_user(), "appeal_list")
    assert "Claim" not in page(client, entry.recorded_by, "appeal_list")


def test_queries_of_the_inbox_do_not_grow(client, now, django_assert_max_num_queries):
    for number in range(8):
        make_appeal(log(make_creator(), "spam", at=now - DAY, by=make_user("ops", name=f"Ops {number}")))
    sign_in(client, make_user("ops"))

    with django_assert_max_num_queries(14):
        client.get(reverse("appeal_list"))


def test_page_says_what_overturning_would_do(client, now):
    creator = make_creator()
    last = log_all(creator, ["spam", "spam", "spam"], at=now - DAY)[-1]
    appeal = make_appeal(last, due_at=now + DAY)

    text = page(client, make_user("ops"), "appeal_detail", appeal.pk)

    assert "If overturned" in text
    assert "The balance goes from 12 to <b>8</b>" in text
    assert text.count("given back at once") == 3
    # The strike-out falls away, and the two others are unspent.
    assert "0 → 2" in text


def test_page_says_what_overturning_did(client, appeal, entry, now):
    appeal_decide(appeal=appeal, overturn=True, reason="The label was on.", by=make_user("ops"), at=now)

    text = page(client, make_user(), "appeal_detail", appeal.pk)

    assert "What changed" in text
    assert "The balance goes from 4 to <b>0</b>" in text
    assert entry.reversals.get().case in text


def test_page_of_the_logger_says_why_somebody_else_decides(client, appeal, entry):
    text = page(client, entry.recorded_by, "appeal_detail", appeal.pk)

    assert "somebody else decides" in text
    assert reverse("appeal_decide", args=[appeal.pk]) not in text


def test_page_of_a_seller_offers_no_decision(client, appeal):
    text = page(client, make_user(), "appeal_detail", appeal.pk)

    assert reverse("appeal_decide", args=[appeal.pk]) not in text
    assert reverse("appeal_withdraw", args=[appeal.pk]) not in text


def test_overdue_page_is_for_admins(client, appeal):
    Appeal.objects.update(due_at=timezone.now())

    assert "Only an admin can decide now" in page(client, make_user("ops"), "appeal_detail", appeal.pk)
    assert reverse("appeal_decide", args=[appeal.pk]) in page(client, make_user("admin"), "appeal_detail", appeal.pk)


def test_steps_hide_addresses_from_sellers(client, appeal):
    appeal.steps.create(
        from_state="submitted", to_state="submitted", at=timezone.now(), note="mailed brass@example.com"
    )

    assert "Mailed to brass@example.com" in page(client, make_user("ops"), "appeal_detail", appeal.pk)
    assert "brass@example.com" not in page(client, make_user(), "appeal_detail", appeal.pk)


def test_file_an_appeal_with_evidence(client, entry):
    seller = make_user()
    upload = SimpleUploadedFile("label.png", PNG)

    response = post(client, seller, "appeal_create", entry.pk, statement="The label was on.", evidence=[upload])

    appeal = Appeal.objects.get()
    assert response.url == appeal.get_absolute_url()
    assert (appeal.filed_by, appeal.statement) == (seller, "The label was on.")
    assert appeal.evidence.get().file.content_type == "image/png"


@pytest.mark.parametrize(
    ("statement", "name", "content", "said"),
    [("", "label.png", PNG, "required"), ("So.", "label.exe", b"MZ nothing", "is no image, PDF or video")],
)
def test_filing_says_what_is_wrong(client, entry, statement, name, content, said):
    upload = SimpleUploadedFile(name, content)

    response = post(client, make_user(), "appeal_create", entry.pk, statement=statement, evidence=[upload])

    assert response.status_code == 422
    assert said in text_of(response)
    assert not Appeal.objects.exists()


def test_page_of_filing_says_why_none_can_be_filed(client, appeal, entry):
    text = page(client, make_user(), "appeal_create", entry.pk)

    assert "is open already" in text
    assert 'name="statement"' not in text


def test_claim_assigns_to_me(client, appeal):
    ops = make_user("ops")

    response = post(client, ops, "appeal_claim", appeal.pk)

    appeal.refresh_from_db()
    assert response.url == appeal.get_absolute_url()
    assert appeal.assigned_to == ops


def test_claim_of_a_claimed_one_says_whose_it_is(client, appeal):
    Appeal.objects.update(assigned_to=make_user("ops", name="Wen Zhao"))

    response = post(client, make_user("ops"), "appeal_claim", appeal.pk)

    assert response.status_code == 409
    assert "Wen Zhao reviews this appeal" in text_of(response)


def test_assign(client, appeal, entry):
    other = make_user("ops")

    post(client, make_user("ops"), "appeal_assign", appeal.pk, reviewer=other.pk)
    refused = post(client, make_user("ops"), "appeal_assign", appeal.pk, reviewer=entry.recorded_by.pk)

    appeal.refresh_from_db()
    assert (appeal.assigned_to, refused.status_code) == (other, 422)


def test_ask_then_answer(client, appeal):
    post(client, make_user("ops"), "appeal_ask", appeal.pk, question="Where is the label?")
    appeal.refresh_from_db()
    assert appeal.state == "evidence_asked"
    seller = make_user()
    assert "Answer for the creator" in page(client, seller, "appeal_detail", appeal.pk)

    upload = SimpleUploadedFile("label.png", PNG)
    post(client, seller, "appeal_answer", appeal.pk, statement="Here.", evidence=[upload])

    text = page(client, seller, "appeal_detail", appeal.pk)
    assert "Where is the label?" in text
    assert "Answered" in text
    assert "label.png" in text


def test_empty_question_and_empty_answer_come_back(client, appeal, now):
    assert post(client, make_user("ops"), "appeal_ask", appeal.pk, question="").status_code == 422
    appeal_ask(appeal=appeal, question="Where?", by=make_user("ops"), at=now)

    response = post(client, make_user(), "appeal_answer", appeal.pk, statement="")

    assert response.status_code == 422
    assert "Write an answer or add a file." in text_of(response)


def test_overturn_from_the_page(client, appeal, entry):
    data = {"overturn": "yes", "reason": "The label was on."}

    response = post(client, make_user("ops"), "appeal_decide", appeal.pk, **data)

    appeal.refresh_from_db()
    assert appeal.state == "overturned"
    assert entry.reversals.count() == 1
    text = text_of(client.get(response.url))
    assert f"{entry.case} overturned: the balance goes from 4 to 0." in text


def test_uphold_from_the_page(client, appeal, entry):
    response = post(client, make_user("ops"), "appeal_decide", appeal.pk, overturn="no", reason="It shows late.")

    assert f"{entry.case} upheld." in text_of(client.get(response.url))
    assert not entry.reversals.exists()


def test_decision_without_reason_keeps_what_was_chosen(client, appeal):
    response = post(client, make_user("ops"), "appeal_decide", appeal.pk, overturn="yes", reason="")

    assert response.status_code == 422
    assert 'value="yes"' in text_of(response)
    assert "checked" in text_of(response)
    appeal.refresh_from_db()
    assert appeal.is_open


def test_decision_on_a_closed_one_says_who_was_first(client, appeal, now):
    appeal_decide(appeal=appeal, overturn=False, reason="No.", by=make_user("ops", name="Wen Zhao"), at=now)

    response = post(client, make_user("ops"), "appeal_decide", appeal.pk, overturn="yes", reason="Yes.")

    assert response.status_code == 409
    assert "Wen Zhao closed this appeal on" in text_of(response)


def test_filer_withdraws_from_the_page(client, appeal):
    assert "Withdraw the appeal" in page(client, appeal.filed_by, "appeal_detail", appeal.pk)

    post(client, appeal.filed_by, "appeal_withdraw", appeal.pk, reason="Settled.")

    appeal.refresh_from_db()
    assert appeal.state == "withdrawn"


def test_evidence_is_for_deciders_the_filer_and_the_shop(client, now):
    filer, member = make_user(), make_user()
    stored = evidence_store(upload=SimpleUploadedFile("label.png", PNG), by=filer)
    entry = log(make_creator(), "spam", at=now - DAY, shop=make_shop([member]))
    appeal = appeal_file(entry=entry, statement="So.", by=filer, at=now, evidence=[stored])
    url = reverse("appeal_evidence", args=[appeal.evidence.get().pk])

    found = {}
    for who, user in {"filer": filer, "member": member, "ops": make_user("ops"), "stranger": make_user()}.items():
        response = sign_in(client, user).get(url)
        found[who] = response.status_code
        if response.streaming:
            # Read to its end, a file is closed.
            list(response.streaming_content)

    assert found == {"filer": 200, "member": 200, "ops": 200, "stranger": 404}


def test_evidence_is_an_attachment_that_runs_nothing(client, appeal):
    stored = evidence_store(upload=SimpleUploadedFile("label.png", PNG), by=appeal.filed_by)
    one = AppealEvidence.objects.create(appeal=appeal, file=stored, added_at=timezone.now())

    response = sign_in(client, make_user("ops")).get(reverse("appeal_evidence", args=[one.pk]))

    assert response["Content-Disposition"] == 'attachment; filename="label.png"'
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert response["Content-Security-Policy"] == "sandbox"
    assert b"".join(response.streaming_content) == PNG


def test_names_of_files_are_seen_without_a_link_by_others(client, appeal):
    one = AppealEvidence.objects.create(appeal=appeal, file=make_file(appeal.filed_by), added_at=timezone.now())

    text = page(client, make_user(), "appeal_detail", appeal.pk)

    assert "list.csv" in text
    assert reverse("appeal_evidence", args=[one.pk]) not in text


def test_outcomes_page(client, appeal, entry, now):
    appeal_decide(appeal=appeal, overturn=True, reason="Yes.", by=make_user("ops"), at=now)

    text = page(client, make_user("viewer"), "appeal_outcomes")

    assert "By logger" in text
    assert entry.recorded_by.name in text
    assert "100%" in text


def test_no_outcomes_yet(client):
    assert "No appeal was decided yet" in page(client, make_user("viewer"), "appeal_outcomes")
