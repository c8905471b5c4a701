from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.models import StoredFile
from tests.factories import make_creator, make_shop, make_user, sign_in
from tests.ledger import log, make_book
from violations.models import LedgerEntry

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 80
LINK = "https://www.tiktok.com/@brass/video/7123456789"
CREATE = "/violations/new/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ops(client):
    user = make_user("ops")
    sign_in(client, user)
    make_book()
    return user


def moment(ago: timedelta = timedelta(hours=1)) -> str:
    return (timezone.now() - ago).strftime("%Y-%m-%dT%H:%M")


def written(creator=None, **fields):
    values = {"rule_code": "spam", "effective_at": moment(), "action": "log"}
    return values | ({"creator": creator.pk} if creator else {}) | fields


def shot(name: str = "shot.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def test_logging_writes_and_shows_the_case(client, ops):
    creator, shop = make_creator("brass"), make_shop([ops])

    response = client.post(
        CREATE,
        written(creator, content_link=LINK, note="Hello.", internal_note="Look.", shop=shop.pk, evidence=[shot()]),
    )

    entry = LedgerEntry.objects.get()
    assert response["Location"] == entry.get_absolute_url()
    assert (entry.creator, entry.rule_code, entry.points, entry.recorded_by, entry.shop) == (
        creator, "spam", 4, ops, shop,
    )  # fmt: skip
    assert (entry.details.note, entry.details.internal_note) == ("Hello.", "Look.")
    kept = entry.evidence.get().file
    assert (kept.content_type, kept.expires_at) == ("image/png", None)


def test_a_handle_or_a_link_names_the_creator(client, ops):
    creator = make_creator("brass_lantern")

    client.post(CREATE, written(creator_text="https://www.tiktok.com/@Brass_Lantern?lang=en"))

    assert LedgerEntry.objects.get().creator == creator


def test_every_other_button_writes_nothing_and_keeps_the_words(client, ops):
    creator = make_creator("brass")

    response = client.post(CREATE, written(creator, action="preview", note="Keep me.", evidence=[shot()]))

    page = response.content.decode()
    assert LedgerEntry.objects.count() == 0
    assert "Keep me." in page
    assert "Adds <b>4 points</b>. The balance goes from 0 to <b>4</b>." in page
    stored = StoredFile.objects.get()
    assert stored.sha256[:8] in page
    assert f'name="uploaded" value="{stored.pk}"' in page


def test_an_uploaded_file_goes_with_the_entry_unless_dropped(client, ops):
    creator = make_creator()
    client.post(reverse("evidence_upload"), {"evidence": [shot("a.png"), shot("b.png", PNG + b"b")]})
    first, second = StoredFile.objects.order_by("pk")

    client.post(CREATE, written(creator, uploaded=[first.pk, second.pk], drop=first.pk))

    assert [one.file for one in LedgerEntry.objects.get().evidence.all()] == [second]


def test_a_file_of_somebody_else_is_not_taken(client, ops):
    from violations.services.evidence import evidence_store

    foreign = evidence_store(upload=shot(), by=make_user("ops"))

    client.post(CREATE, written(make_creator(), uploaded=[foreign.pk, "x", "9" * 30]))

    assert LedgerEntry.objects.get().evidence.count() == 0


def test_a_file_that_proves_nothing_stops_the_log(client, ops):
    response = client.post(CREATE, written(make_creator(), evidence=[shot("a.html", b"<script>")]))

    assert response.status_code == 422
    assert "a.html is no image, PDF or video." in response.content.decode()
    assert LedgerEntry.objects.count() == 0


def test_several_matches_ask_for_a_choice(client, ops):
    make_creator("brass", market="US"), make_creator("brass", market="GB")

    response = client.post(CREATE, written(creator_text="brass"))

    page = response.content.decode()
    assert response.status_code == 422
    assert "Choose one of these creators." in page
    assert page.count('class="match"') == 2


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"creator_text": ""}, "Name the creator"),
        ({"creator_text": "nobody.at.all"}, "No creator has this handle or name."),
        ({"creator_text": "brass", "rule_code": ""}, "Choose a rule."),
        ({"creator_text": "brass", "content_link": "no link"}, "Write the whole link"),
        ({"creator_text": "brass", "effective_at": "2200-01-01T00:00"}, "in the future"),
        ({"creator_text": "brass", "effective_at": moment(timedelta(days=91))}, "say why it is logged now"),
        ({"creator_text": "brass", "notice_channel": "mail"}, "Write the creator&#x27;s e-mail address."),
        ({"creator_text": "brass", "notice_channel": "handed_over", "notice_given_at": moment()}, "proves it was"),
    ],
)
def test_what_is_missing_or_wrong_is_said(client, ops, fields, text):
    make_creator("brass")

    response = client.post(CREATE, written(**fields))

    assert response.status_code == 422
    assert text in response.content.decode()
    assert LedgerEntry.objects.count() == 0


def test_the_same_incident_is_refused_with_a_link_to_the_first(client, ops):
    creator = make_creator()
    first = log(creator, "spam", at=timezone.now(), content_link=LINK)

    response = client.post(CREATE, written(creator, content_link=LINK))

    assert response.status_code == 422
    assert f'href="{first.get_absolute_url()}"' in response.content.decode()
    assert LedgerEntry.objects.count() == 1


def test_a_repeat_without_a_link_asks_and_is_confirmed(client, ops):
    creator = make_creator()
    log(creator, "spam", at=timezone.now())

    asked = client.post(CREATE, written(creator))
    confirmed = client.post(CREATE, written(creator, repeat_confirmed="on"))

    assert 'id="repeat-field" class="note warn" >' in asked.content.decode()
    assert confirmed.status_code == 302


def test_a_mail_goes_with_the_entry(client, ops):
    fields = {"notice_channel": "mail", "notice_address": "brass@example.com", "notice_language": "zh-hans"}

    client.post(CREATE, written(make_creator(), **fields))

    notice = LedgerEntry.objects.get().notices.get()
    assert (notice.state, notice.address, notice.language) == ("waiting", "brass@example.com", "zh-hans")


def test_a_handed_over_notice_keeps_its_proof(client, ops):
    fields = {"notice_channel": "handed_over", "notice_given_at": moment(timedelta(minutes=5))}

    client.post(CREATE, written(make_creator(), **fields, notice_proof=shot("signed.png")))

    notice = LedgerEntry.objects.get().notices.get()
    assert (notice.state, notice.proof.name) == ("sent", "signed.png")


def test_the_address_fills_in_creator_and_contact(client, ops):
    shop = make_shop([ops])
    creator = make_creator("brass")
    creator.contacts.create(shop=shop, kind="email", value="brass@example.com", added_at=timezone.now())

    page = client.get(CREATE, {"creator": creator.pk, "shop": shop.pk}).content.decode()

    assert "@brass" in page
    assert 'value="brass@example.com"' in page


def test_change_lets_another_creator_be_named(client, ops):
    page = client.post(CREATE, written(make_creator("brass"), action="change")).content.decode()

    assert 'id="id_creator_text"' in page
    assert "@brass" not in page


def test_the_live_preview_is_a_fragment_and_writes_nothing(client, ops):
    creator = make_creator()

    response = client.post(reverse("violation_preview"), written(creator, rule_code="fraud"), HTTP_HX_REQUEST="true")

    page = response.content.decode()
    assert "<html" not in page
    assert "from 0 to <b>6</b>" in page
    assert "Log 6 points" in page
    assert 'id="rule-text" hx-swap-oob="true"' in page
    assert LedgerEntry.objects.count() == 0


def test_typing_finds_creators_with_their_standing(client, ops):
    creator = make_creator("brass_lantern")
    log(creator, "spam", at=timezone.now())

    page = client.get(reverse("violation_creators"), {"creator_text": "brass_l"}).content.decode()

    assert f'value="{creator.pk}"' in page
    assert "balance 4" in page
    assert "1 strike" in page
