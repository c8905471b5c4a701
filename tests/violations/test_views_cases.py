from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_creator, make_shop, make_user, sign_in
from tests.ledger import log, make_book
from violations.models import LedgerEntry, Notice
from violations.services.evidence import evidence_store
from violations.services.notices import notice_give, notice_send
from violations.services.reversals import reversal_propose

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 80


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def shot(name: str = "shot.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, content_type="text/html")


@pytest.fixture
def ops():
    return make_user("ops")


@pytest.fixture
def case(ops):
    """A case of a shop, with a file."""
    make_book()
    member = make_user("seller")
    file = evidence_store(upload=shot(), by=ops)
    shop = make_shop([member])
    entry = log(
        make_creator("brass"), "spam", at=timezone.now(), by=ops, shop=shop, evidence=[file], internal_note="Look.",
        note="Hello.",
    )  # fmt: skip
    entry.member = member
    return entry


def page_of(client, user, entry) -> str:
    return sign_in(client, user).get(entry.get_absolute_url()).content.decode()


def test_ops_and_the_shop_see_everything(client, ops, case):
    for user in (ops, case.member):
        page = page_of(client, user, case)
        assert "Look." in page
        assert reverse("evidence_download", args=[case.evidence.get().pk]) in page


def test_others_see_what_follows_but_no_internal_note_or_file(client, case):
    page = page_of(client, make_user("seller"), case)

    assert "Hello." in page
    assert "Look." not in page
    assert "/violations/evidence/" not in page
    assert "verified" in page


def test_a_changed_entry_is_called_broken(client, ops, case):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE violations_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE violations_ledgerentry SET points = 1 WHERE id = %s", [case.pk])

    page = page_of(client, ops, case)

    assert "verified" not in page
    assert "The entry is not what was hashed" in page


def test_changed_texts_are_called_broken(client, ops, case):
    case.details.note = "Something else."
    case.details.save()

    assert "not those that were sealed" in page_of(client, ops, case)


def test_evidence_is_an_attachment_that_runs_nothing(client, case):
    url = reverse("evidence_download", args=[case.evidence.get().pk])

    response = sign_in(client, case.member).get(url)

    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Disposition"] == 'attachment; filename="shot.png"'
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize("role", ["seller", "account_manager", "viewer"])
def test_evidence_of_another_shop_is_not_there(client, case, role):
    url = reverse("evidence_download", args=[case.evidence.get().pk])
    assert sign_in(client, make_user(role)).get(url).status_code == 404


def test_a_mail_is_given_afterwards(client, ops, case):
    url = reverse("notice_create", args=[case.pk])

    response = sign_in(client, ops).post(url, {"channel": "mail", "address": "brass@example.com", "language": "en"})

    assert response["Location"] == case.get_absolute_url()
    assert case.notices.get().state == "waiting"


def test_a_notice_handed_over_shows_its_proof(client, ops, case):
    given_at = timezone.now().strftime("%Y-%m-%dT%H:%M:%S")
    data = {"channel": "handed_over", "given_at": given_at, "proof": shot("signed.png")}
    sign_in(client, ops).post(reverse("notice_create", args=[case.pk]), data)

    notice = case.notices.get()
    proof = client.get(reverse("notice_proof", args=[notice.pk]))

    assert "signed.png" in page_of(client, ops, case)
    assert b"".join(proof.streaming_content) == PNG


def unsure(case, ops) -> Notice:
    notice = notice_give(entry=case, channel="mail", address="brass@example.com", by=ops, at=timezone.now())
    long_ago = timezone.now() - timedelta(hours=1)
    notice_send(notice_id=notice.pk, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE violations_notice SET state = 'sending', given_at = NULL")
        cursor.execute("UPDATE violations_noticeevent SET pgh_created_at = %s", [long_ago])
    return notice


def test_an_unsure_mail_is_marked_as_sent(client, ops, case):
    notice = unsure(case, ops)
    assert "Sending was cut off." in page_of(client, ops, case)

    client.post(reverse("notice_confirm", args=[notice.pk]))

    notice.refresh_from_db()
    assert notice.state == "sent"


def test_an_unsure_mail_is_sent_again(client, ops, case):
    notice = unsure(case, ops)

    sign_in(client, ops).post(reverse("notice_resend", args=[notice.pk]))

    notice.refresh_from_db()
    assert notice.state == "waiting"


def test_a_reversal_takes_two_people(client, ops, case):
    sign_in(client, ops).post(reverse("reversal_propose", args=[case.pk]), {"reason": "Another post."})
    asked = case.reversal_requests.get()
    url = reverse("reversal_decide", args=[asked.pk])

    assert client.post(url, {"decision": "confirm"}).status_code == 403
    assert sign_in(client, make_user("ops")).post(url, {"decision": "confirm"}).status_code == 302

    assert case.reversals.get().points == -4
    page = page_of(client, ops, case)
    assert "reversed by" in page
    assert "Another post." in page


def test_a_reversal_is_refused_with_a_note(client, ops, case):
    asked = reversal_propose(entry=case, reason="Another post.", by=ops, at=timezone.now())
    url = reverse("reversal_decide", args=[asked.pk])

    sign_in(client, make_user("ops")).post(url, {"decision": "refuse", "note": "It is the same."})

    asked.refresh_from_db()
    assert (asked.state, case.reversals.count()) == ("refused", 0)


def test_an_admin_erases_the_texts_and_the_chain_holds(client, case):
    admin = make_user("admin")
    url = reverse("entry_erase", args=[case.pk])
    assert "go for good" in sign_in(client, admin).get(url).content.decode()

    client.post(url)

    page = page_of(client, admin, case)
    assert "Hello." not in page
    assert "verified" in page
    assert f"{admin} erased texts and files" in page


def test_a_measure_is_taken(client, ops):
    make_book()
    creator = make_creator()
    url = f"{reverse('measure_create')}?creator={creator.pk}"
    data = {"measure": "limit_account", "features": ["live"], "reason": "Complaints.", "evidence": shot()}

    response = sign_in(client, ops).post(url, data)

    entry = LedgerEntry.objects.get()
    assert response["Location"] == entry.get_absolute_url()
    assert (entry.kind, entry.features) == ("measure", ["live"])
    assert "until it is lifted" in page_of(client, ops, entry)


def test_a_measure_without_proof_is_refused(client, ops):
    make_book()
    url = f"{reverse('measure_create')}?creator={make_creator().pk}"

    response = sign_in(client, ops).post(url, {"measure": "remove_content", "reason": "Complaints."})

    assert response.status_code == 422
    assert "Add a file that proves it." in response.content.decode()


def test_an_admin_lifts_a_restriction(client, ops):
    make_book()
    creator = make_creator()
    log(creator, "fraud", at=timezone.now()), log(creator, "fraud", at=timezone.now())
    url = f"{reverse('lift_create')}?creator={creator.pk}"

    sign_in(client, make_user("admin")).post(url, {"features": ["live"], "reason": "A mistake.", "evidence": shot()})

    lift = LedgerEntry.objects.get(kind="lift")
    assert lift.features == ["live"]
    assert not creator.restrictions.in_force(at=timezone.now()).exists()
