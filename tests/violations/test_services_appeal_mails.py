from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from kombu.exceptions import OperationalError

from accounts.rules import secret_digest
from tests.factories import make_creator, make_user
from tests.ledger import NOON, log, log_all, make_appeal, make_book
from violations.models import Appeal, AppealStep, CreatorLink, LedgerEntry, Notice
from violations.services import appeal_mails
from violations.services.appeal_mails import admins_mail, appeal_mail_send, mails_wake
from violations.services.appeals import appeal_answer, appeal_ask, appeal_decide

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def book():
    return make_book()


@pytest.fixture
def queued(monkeypatch) -> list[int]:
    """The steps about which a mail was asked of a worker; the broker is the network."""
    asked: list[int] = []
    monkeypatch.setattr(appeal_mails.current_app, "send_task", lambda task, args, **_: asked.append(args[0]))
    return asked


def notice(entry: LedgerEntry, address: str, **fields) -> None:
    fields = {"channel": "mail", "state": "sent", "language": "en", "given_at": NOON} | fields
    Notice.objects.create(entry=entry, address=address, created_by=make_user("ops"), created_at=NOON, **fields)


def link(entry: LedgerEntry, email: str, **fields) -> CreatorLink:
    dates = {"created_at": NOON, "expires_at": NOON + timedelta(days=30), "created_by": make_user("ops")}
    return CreatorLink.objects.create(
        creator=entry.creator, email=email, digest=secret_digest(email), **{"language": "en"} | dates | fields
    )


def decide(appeal: Appeal, *, overturn: bool = False, reason: str = "The label shows late.") -> AppealStep:
    appeal_decide(appeal=appeal, overturn=overturn, reason=reason, by=make_user("ops"), at=NOON + HOUR)
    return appeal.steps.last()


def test_decision_is_asked_of_a_worker_on_commit(queued, django_capture_on_commit_callbacks):
    appeal = make_appeal(log(make_creator()))

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        step = decide(appeal)

    assert (len(callbacks), queued) == (1, [step.pk])


def test_upheld_decision_is_told_with_its_reason(mailoutbox):
    entry = log(make_creator("brass_lantern"), "spam")
    notice(entry, "brass@example.com")
    step = decide(make_appeal(entry))

    assert appeal_mail_send(step_id=step.pk, at=NOON + HOUR)

    mail = mailoutbox[0]
    assert mail.to == ["brass@example.com"]
    assert mail.subject == f"The decision on the appeal, case {entry.case}, @brass_lantern"
    assert "was not accepted" in mail.body
    assert "The label shows late." in mail.body
    assert "Points now: 4." in mail.body
    assert "with new evidence, until 23 Dec, 00:00 (UTC)" in mail.body
    assert step.appeal.steps.last().note == "mailed brass@example.com"


def test_overturned_decision_says_what_changes(mailoutbox):
    entry = log_all(make_creator(), ["spam", "spam", "spam"])[-1]
    notice(entry, "brass@example.com")
    step = decide(make_appeal(entry), overturn=True)

    appeal_mail_send(step_id=step.pk, at=NOON + 2 * HOUR)

    body = mailoutbox[0].body
    assert "Points before: 12. Points now: 8." in body
    assert "LIVE can be used again" in body
    assert "second appeal" not in body


def test_what_stays_withdrawn_is_said_with_its_end(mailoutbox):
    entries = log_all(make_creator(), ["fraud", "fraud", "fraud", "late_content"])
    notice(entries[-1], "brass@example.com")
    step = decide(make_appeal(entries[-1]), overturn=True)

    appeal_mail_send(step_id=step.pk, at=NOON + 2 * HOUR)

    assert "Showcase stays withdrawn until 6 Dec, 12:02 (UTC)" in mailoutbox[0].body


def test_mail_is_in_the_language_of_the_creator(mailoutbox):
    entry = log(make_creator(), "spam")
    notice(entry, "brass@example.com", language="zh-hans")
    step = decide(make_appeal(entry))

    appeal_mail_send(step_id=step.pk, at=NOON + HOUR)

    assert "规则 spam" in mailoutbox[0].body


@pytest.mark.parametrize("again", [timedelta(0), timedelta(days=1)])
def test_decision_is_mailed_at_most_once(again, mailoutbox):
    entry = log(make_creator())
    notice(entry, "brass@example.com")
    step = decide(make_appeal(entry))
    appeal_mail_send(step_id=step.pk, at=NOON + HOUR)

    assert not appeal_mail_send(step_id=step.pk, at=NOON + HOUR + again)

    assert len(mailoutbox) == 1


def test_each_question_is_mailed(mailoutbox):
    entry, ops = log(make_creator("brass_lantern")), make_user("ops")
    notice(entry, "brass@example.com")
    appeal = make_appeal(entry)
    steps = []
    for question in ("Where is the label?", "Where is the box?"):
        appeal_ask(appeal=appeal, question=question, by=ops, at=NOON)
        steps.append(appeal.steps.last().pk)
        appeal_mail_send(step_id=steps[-1], at=NOON)
        appeal_answer(appeal=appeal, statement="There.", at=NOON)

    assert not appeal_mail_send(step_id=steps[0], at=NOON)
    assert ["label?" in mail.body for mail in mailoutbox] == [True, False]
    assert "Where is the box?" in mailoutbox[1].body


@pytest.mark.parametrize(
    ("arrange", "address"),
    [
        (lambda entry: None, None),
        (lambda entry: notice(entry, "", channel="mail"), None),
        (lambda entry: [notice(entry, "a@example.com"), notice(entry, "b@example.com")], "b@example.com"),
        (lambda entry: notice(entry, "a@example.com", state="failed", given_at=None), None),
        (lambda entry: link(entry, "c@example.com"), "c@example.com"),
        (lambda entry: link(entry, "c@example.com", revoked_at=NOON), None),
        (lambda entry: [notice(entry, "a@example.com"), link(entry, "c@example.com")], "a@example.com"),
    ],
)
def test_address_is_of_the_last_notice_else_of_the_last_link(arrange: Callable, address, mailoutbox):
    entry = log(make_creator())
    arrange(entry)
    step = decide(make_appeal(entry))

    assert appeal_mail_send(step_id=step.pk, at=NOON + HOUR) is (address is not None)

    assert [mail.to for mail in mailoutbox] == ([[address]] if address else [])


def test_who_appealed_through_a_link_is_answered_there(mailoutbox):
    entry = log(make_creator())
    notice(entry, "a@example.com")
    step = decide(make_appeal(entry, filed_through=link(entry, "c@example.com")))

    appeal_mail_send(step_id=step.pk, at=NOON + HOUR)

    assert mailoutbox[0].to == ["c@example.com"]


def refuse(*_: object) -> int:
    raise OSError("the server is down")


def test_mail_that_fails_is_marked_and_not_repeated(monkeypatch):
    entry = log(make_creator())
    notice(entry, "brass@example.com")
    step = decide(make_appeal(entry))
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)

    assert not appeal_mail_send(step_id=step.pk, at=NOON + HOUR)

    assert [one.note for one in step.appeal.steps.all()][-2:] == [
        "mailed brass@example.com",
        "unsent brass@example.com",
    ]
    assert not mails_wake(at=NOON + HOUR)


def test_sweep_asks_for_mails_that_were_not_begun(queued):
    entries = log_all(make_creator(), ["spam", "late_content", "fraud"])
    for entry in entries:
        notice(entry, "brass@example.com")
    begun, waiting, old = [decide(make_appeal(entry)) for entry in entries]
    appeal_mail_send(step_id=begun.pk, at=NOON + HOUR)
    AppealStep.objects.filter(pk=old.pk).update(at=NOON - timedelta(days=8))

    assert mails_wake(at=NOON + HOUR) == 1

    assert queued == [waiting.pk]


def test_broker_that_is_down_loses_nothing(monkeypatch):
    def down(*_: object, **__: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(appeal_mails.current_app, "send_task", down)
    decide(make_appeal(log(make_creator())))

    assert mails_wake(at=NOON + HOUR) == 1


def test_an_admin_who_cannot_be_reached_does_not_hide_the_others(monkeypatch):
    appeal = make_appeal(log(make_creator()))
    first, second = make_user("admin"), make_user("admin")
    reached: list[str] = []

    def send(_: object, messages: list[EmailMessage]) -> int:
        if messages[0].to == [first.email]:
            raise OSError("unknown address")
        reached.extend(messages[0].to)
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", send)

    admins_mail(appeal_ids=[appeal.pk])

    assert reached == [second.email]
