from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories import make_creator, make_shop, make_user, sign_in
from tests.ledger import NOON, log, log_all, make_book
from violations.models import LedgerEntry

pytestmark = pytest.mark.django_db

URL = "/api/v1/violations/"
JSON = "application/json"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 80


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def api(client):
    make_book()
    return sign_in(client, make_user("ops"))


def ids(response) -> list[int]:
    return [row["id"] for row in response.json()["results"]]


def wanted(creator, **fields):
    return {"creator": creator.pk, "rule": "spam", "effective_at": NOON.isoformat(), **fields}


def upload(api, content: bytes = PNG):
    return api.post(f"{URL}evidence/", {"file": SimpleUploadedFile("shot.png", content)})


def test_a_violation_is_logged_with_evidence_and_a_notice(api):
    file = upload(api).json()
    notice = {"notice_channel": "mail", "notice_address": "brass@example.com", "notice_language": "zh-CN"}

    response = api.post(URL, wanted(make_creator("brass"), evidence=[file["id"]], note="Hello.", **notice), JSON)

    assert response.status_code == 201
    said = response.json()
    assert (said["handle"], said["rule"], said["points"], said["strike"]) == ("brass", "spam", 4, True)
    assert said["evidence_sha256"] == [file["sha256"]]
    assert LedgerEntry.objects.get().notices.get().language == "zh-hans"


def test_evidence_says_what_it_is(api):
    said = upload(api).json()
    assert (said["name"], said["content_type"], said["size"]) == ("shot.png", "image/png", len(PNG))


@pytest.mark.parametrize(("content", "code"), [(b"hello", "evidence_type_unknown"), (b"", "evidence_empty")])
def test_evidence_that_is_none_is_refused(api, content, code):
    response = upload(api, content)
    assert (response.status_code, response.json()["code"]) == (400, code)


def test_a_file_proves_one_entry(api):
    file, creator = upload(api).json(), make_creator()
    api.post(URL, wanted(creator, evidence=[file["id"]]), JSON)

    response = api.post(URL, wanted(creator, rule="fraud", evidence=[file["id"]]), JSON)

    assert response.status_code == 400
    assert "evidence" in response.json()["fields"]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"rule": "no_such_rule"}, 400, "rule_unknown"),
        ({"effective_at": "2200-01-01T00:00:00Z"}, 400, "effective_in_future"),
        ({"content_link": "no link"}, 400, "link_invalid"),
        ({"creator": 0}, 400, "invalid"),
        ({"notice_channel": "mail"}, 400, "address_missing"),
    ],
)
def test_what_is_refused_has_one_shape(api, fields, status, code):
    response = api.post(URL, wanted(make_creator()) | fields, JSON)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert set(response.json()) == {"code", "message", "fields"}
    assert LedgerEntry.objects.count() == 0


def test_the_same_incident_is_a_conflict(api):
    body = wanted(make_creator(), content_link="https://www.tiktok.com/@a/video/7123456789")
    api.post(URL, body, JSON)

    response = api.post(URL, body, JSON)

    assert (response.status_code, response.json()["code"]) == (409, "same_incident")


def test_the_list_is_narrowed(api):
    first = log(make_creator(market="US"), "spam")
    second = log(make_creator(market="GB"), "late_content", at=NOON + timedelta(hours=1))

    assert ids(api.get(URL)) == [second.pk, first.pk]
    for query, found in [
        ({"creator": first.creator_id}, first),
        ({"market": "GB"}, second),
        ({"rule": "spam"}, first),
        ({"severity": "minor"}, second),
        ({"since": (NOON + timedelta(minutes=1)).isoformat()}, second),
        ({"until": (NOON + timedelta(minutes=1)).isoformat()}, first),
    ]:
        assert ids(api.get(URL, query)) == [found.pk], query
    assert ids(api.get(URL, {"kind": "lift"})) == []


@pytest.mark.parametrize("query", [{"severity": "nasty"}, {"creator": "x"}, {"since": "soon"}, {"market": "XX"}])
def test_filters_that_cannot_be_read_are_refused(api, query):
    assert api.get(URL, query).status_code == 400


def test_the_internal_note_is_for_ops_and_the_shop(client):
    make_book()
    member = make_user("seller")
    entry = log(make_creator(), "spam", shop=make_shop([member]), internal_note="Look.")
    seen = {
        user.role: sign_in(client, user).get(f"{URL}{entry.pk}/").json()["internal_note"]
        for user in (make_user("ops"), member, make_user("viewer"))
    }
    assert seen == {"ops": "Look.", "seller": "Look.", "viewer": None}


def test_a_preview_writes_nothing(api):
    creator = make_creator()
    log_all(creator, ["spam", "spam"])

    said = api.post(f"{URL}preview/", wanted(creator), JSON).json()

    assert (said["balance_before"], said["balance_after"], said["next_threshold"]) == (8, 12, 18)
    assert {row["feature"] for row in said["fires"]} == {"live", "video", "showcase"}
    assert said["possible_repeat"].startswith("V-")
    assert LedgerEntry.objects.count() == 2


def test_a_measure_is_taken(api):
    file = upload(api).json()
    body = {"creator": make_creator().pk, "measure": "limit_account", "features": ["live"], "reason": "Complaints."}

    response = api.post(f"{URL}measures/", body | {"evidence": [file["id"]]}, JSON)

    assert response.status_code == 201
    assert (response.json()["kind"], response.json()["features"]) == ("measure", ["live"])


def test_a_reversal_is_proposed(api):
    entry = log(make_creator(), "spam")

    response = api.post(f"{URL}{entry.pk}/reversal/", {"reason": "Another post."}, JSON)

    assert response.status_code == 201
    assert entry.reversal_requests.get().reason == "Another post."


def test_a_standing_is_exact_at_any_past_instant(api):
    creator = make_creator()
    log_all(creator, ["fraud", "fraud"])
    url = f"/api/v1/creators/{creator.pk}/standing/"

    said = api.get(url, {"at": (NOON + timedelta(minutes=2)).isoformat()}).json()
    before = api.get(url, {"at": (NOON - timedelta(minutes=2)).isoformat()}).json()

    assert (said["balance"], said["strikes"], said["is_restricted"]) == (12, 2, True)
    assert said["restricted_until"].startswith("2026-11-29T12:01")
    assert (before["balance"], before["withdrawals"]) == (0, [])


def test_a_standing_without_an_end_has_none(api):
    creator = make_creator()
    log_all(creator, ["fraud"] * 4)

    said = api.get(f"/api/v1/creators/{creator.pk}/standing/").json()

    assert (said["is_restricted"], said["restricted_until"]) == (True, None)


def test_nobody_knows_the_future(api):
    at = (timezone.now() + timedelta(days=1)).isoformat()
    response = api.get(f"/api/v1/creators/{make_creator().pk}/standing/", {"at": at})
    assert response.json()["code"] == "at_in_future"
