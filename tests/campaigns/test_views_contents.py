"""Pages of contents, as the seller of the shop, as ops and as a stranger."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.models import Content, ContentResult, ContentRound, ResultImport
from campaigns.selectors.sections import contents as section
from campaigns.services import result_imports
from campaigns.services.drafts import draft_submit
from tests.factories import make_user, sign_in
from tests.plans import NOON
from tests.works import VIDEO, days, make_content, publish

pytestmark = pytest.mark.django_db
LIST = "/contents/"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def text(response) -> str:
    return response.content.decode()


def owner(content):
    return content.collaboration.owner


def step(client, content, name, **data):
    return sign_in(client, owner(content)).post(reverse("content_step", args=[content.pk, name]), data)


def state(content):
    return Content.objects.get(pk=content.pk).state


def drafted(**kwargs):
    content = make_content()
    draft = draft_submit(content=content, by=owner(content), at=NOON, **{"script": "It cures. #ad"} | kwargs)
    return content, draft


def test_the_review_queue_comes_first(client):
    content, _draft = drafted()
    page = text(sign_in(client, owner(content)).get(LIST))
    assert f"@{content.collaboration.creator.handle}" in page
    assert "Review" in page
    assert "No content here is by" in text(client.get(LIST, {"q": "nobody"}))
    assert "No content here" in text(client.get(LIST, {"tab": "over"}))


def test_an_empty_queue_says_so(client):
    assert "No draft waits for a review" in text(sign_in(client, make_user()).get(LIST))


def test_published_contents_show_their_results(client):
    content = make_content(published_at=NOON)
    ContentResult.objects.create(
        content=content,
        day=NOON.date(),
        views=1240,
        gmv=80,
        source="hand",
        recorded_by=owner(content),
        recorded_at=NOON,
    )
    page = text(sign_in(client, owner(content)).get(LIST, {"tab": "published"}))
    assert "1.2K" in page or "1,240" in page
    assert "$80" in page


def test_a_draft_with_a_file_and_its_checklist(client):
    content = make_content()
    file = SimpleUploadedFile("draft.png", PNG)
    assert step(client, content, "draft", file=file, script="It cures. #ad").status_code == 302
    page = text(client.get(content.get_absolute_url()))
    for words in ("draft.png", "found: cures", "You added this draft yourself", "Save the verdict"):
        assert words in page
    draft = ContentRound.objects.get()
    assert draft.file.expires_at is None
    response = client.get(reverse("content_draft_file", args=[content.pk, draft.pk]))
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Security-Policy"] == "sandbox"


def test_a_draft_of_nothing_and_one_of_a_wrong_kind(client):
    content = make_content()
    assert step(client, content, "draft").status_code == 422
    response = step(client, content, "draft", file=SimpleUploadedFile("a.exe", b"MZ" + bytes(90)))
    assert (response.status_code, state(content)) == (422, "due")
    assert "no image, PDF or video" in text(response)


def test_reviews_until_the_approval(client):
    content, draft = drafted()
    sign_in(client, owner(content))
    address = reverse("content_review", args=[content.pk, draft.pk])
    response = client.post(address, {"verdict": "approved", "confirmed": ["0"]})
    assert response.status_code == 422
    assert "Confirm every item of the checklist" in text(response)
    assert client.post(address, {"verdict": "changes", "comments": "No cures"}).status_code == 302
    assert state(content) == "changes_asked"
    second = draft_submit(content=content, by=owner(content), at=NOON, script="Feels good. #ad")
    places = [str(place) for place in range(len(second.checklist))]
    address = reverse("content_review", args=[content.pk, second.pk])
    assert client.post(address, {"verdict": "approved", "confirmed": places}).status_code == 302
    page = text(client.get(content.get_absolute_url()))
    assert "Earlier drafts" in page
    assert "No cures" in page
    assert client.post(address, {"verdict": "approved", "confirmed": places}).status_code == 409


def test_publication_results_and_take_down(client):
    content = make_content()
    data = {"url": VIDEO.format(1), "published_at": "2026-11-23T10:00"}
    assert step(client, content, "publish", **data).status_code == 302
    assert step(client, content, "result", window="day", day="2026-11-24", views="12", gmv="5.50").status_code == 302
    assert step(client, content, "result", window="first_24h", views="3").status_code == 302
    assert step(client, content, "result", window="day", day="2026-11-24").status_code == 422
    assert step(client, content, "result", window="day", day="2026-11-01", views="1").status_code == 422
    page = text(client.get(content.get_absolute_url()))
    for words in ("First 24 hours", "All days", "$5.50"):
        assert words in page
    row = ContentResult.objects.get(window="day")
    assert client.post(reverse("content_result_remove", args=[content.pk, row.pk])).status_code == 302
    assert ContentResult.objects.count() == 1
    assert step(client, content, "correct", **data | {"published_at": "2026-11-23T09:00"}).status_code == 302
    assert step(client, content, "down", reason="Deleted").status_code == 302
    assert state(content) == "taken_down"


def test_a_wrong_link_stands_in_the_form(client):
    content = make_content()
    response = step(client, content, "publish", published_at="2026-11-23T10:00")
    assert response.status_code == 422
    assert "Paste the link of the video." in text(response)
    assert step(client, content, "nonsense").status_code == 404


def test_edit_and_call_off(client):
    content = make_content()
    assert step(client, content, "edit", title="Morning", due_at="2026-12-01T10:00").status_code == 302
    assert Content.objects.get().title == "Morning"
    assert step(client, content, "cancel", reason="Not needed").status_code == 302
    assert step(client, content, "cancel", reason="Not needed").status_code == 409


def test_a_live_asks_for_its_minutes(client):
    content = make_content(content_form="live")
    assert "Minutes of the LIVE" in text(sign_in(client, owner(content)).get(content.get_absolute_url()))
    assert step(client, content, "publish", published_at="2026-11-23T10:00", live_minutes="12").status_code == 302
    assert Content.objects.get().live_minutes == 12


def test_a_link_to_another_site(client):
    content = make_content()
    sign_in(client, owner(content))
    asked = {
        "address": "https://shop.example/p",
        "source": "tiktok",
        "medium": "creator",
        "campaign": "w",
        "content": "",
    }
    page = text(client.get(content.get_absolute_url(), {f"utm-{name}": value for name, value in asked.items()}))
    assert "https://shop.example/p?utm_source=tiktok&amp;utm_medium=creator&amp;utm_campaign=w" in page
    for wrong in ("nonsense", "ftp://shop.example/p", "http://localhost/p"):
        page = client.get(
            content.get_absolute_url(), {f"utm-{name}": one for name, one in asked.items()} | {"utm-address": wrong}
        )
        assert "utm_source" not in text(page)


def test_one_more_content(client):
    content = make_content()
    address = reverse("content_add", args=[content.collaboration_id])
    assert sign_in(client, owner(content)).get(address).status_code == 200
    assert client.post(address, {"kind": "video", "title": "Extra"}).status_code == 302
    assert Content.objects.count() == 2


def test_results_from_a_file(client):
    content = make_content(published_at=NOON)
    sign_in(client, owner(content))
    address = reverse("result_import_create")
    assert "Up to 20,000 rows" in text(client.get(address))
    lines = f"Video ID,Date,Views\n{content.platform_id},2026-11-23,10\nx,2026-11-23,1\n"
    data = {"shop": content.collaboration.shop_id, "file": SimpleUploadedFile("r.csv", lines.encode())}
    response = client.post(address, data, follow=True)
    assert "1 row has a problem" in text(response)
    assert "This is no number and no link of a video." in text(response)
    made = ResultImport.objects.get()
    client.post(reverse("result_import_start", args=[made.pk]))
    made.refresh_from_db()
    while result_imports.result_import_advance(made.job_id):
        pass
    assert "1 row written" in text(client.get(made.get_absolute_url()))
    assert ContentResult.objects.get().day == date(2026, 11, 23)
    bad = {"shop": content.collaboration.shop_id, "file": SimpleUploadedFile("r.csv", b"A,B\n1,2\n")}
    response = client.post(address, bad)
    assert response.status_code == 422
    assert "The file has no column for" in text(response)


def test_strangers_see_nothing(client):
    content = make_content()
    assert sign_in(client, make_user()).get(content.get_absolute_url()).status_code == 404


def test_the_section_of_a_collaboration():
    content = publish(make_content(), at=NOON)
    found = section.section_of(content.collaboration, owner(content), NOON + days(1))
    assert [row.content.state for row in found["contents"]] == ["published"]
    assert found["may_add"]
