"""Pages of imports: every step of the way, and who may take it."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from core.errors import DomainError
from core.uploads import handlers
from creators.models import Creator, CreatorConflict, Import, ImportMapping, Market
from creators.services import imports as services
from creators.services.loading import reference_load
from creators.states import ConflictState
from tests.factories import make_creator, make_shop, make_user, sign_in

pytestmark = pytest.mark.django_db

LIST = b"Handle,Followers,GMV\n@brasskettle,12.4K,$100\n@oatlantern,50000,$20\n"
BROKEN = b"Handle,Followers\n@brasskettle,12.4K\n@oatlantern,many\n"


@pytest.fixture(autouse=True)
def reference() -> None:
    reference_load()


def uploaded(client: Client, content: bytes = LIST, name: str = "echo_2026-11-01.csv", **data: Any) -> Any:
    return client.post("/imports/new/", {"file": SimpleUploadedFile(name, content, "text/csv"), **data})


def make_draft(user: User, content: bytes = LIST, **options: Any) -> Import:
    upload = SimpleUploadedFile("echo_2026-11-01.csv", content, "text/csv")
    draft = services.import_upload(upload=upload, by=user, **options)
    return services.import_configure(source_import=draft, by=user, source="echo", market=Market.objects.get(code="US"))


def make_done(user: User, content: bytes = LIST, **options: Any) -> Import:
    draft = make_draft(user, content, **options)
    services.import_run_inline(services.import_start(source_import=draft, by=user))
    draft.refresh_from_db()
    return draft


def settings_of(draft: Import, **changes: Any) -> dict[str, Any]:
    """What the form of the preview sends when nothing is touched."""
    data = {"as_of": "2026-11-01", "source": "echo", "market": "US", "currency": "USD", "window_days": 30, "quality": 3}
    columns = {f"column_{column['index']}": column["field"] or "" for column in draft.mapping}
    return {**data, **columns, "action": "start", **changes}


def test_import_create_leads_to_the_preview(client: Client) -> None:
    user = make_user()
    response = uploaded(sign_in(client, user))
    draft = Import.objects.get()
    assert response.url == f"/imports/{draft.pk}/preview/"
    assert draft.created_by == user


def test_import_create_without_a_file_says_so(client: Client) -> None:
    response = sign_in(client, make_user()).post("/imports/new/", {})
    assert "Choose a file first." in response.content.decode()


def test_import_create_refuses_by_content_and_keeps_nothing(client: Client) -> None:
    response = uploaded(sign_in(client, make_user()), b"%PDF-1.7 no table", "list.csv")
    assert "not a table" in response.content.decode()
    assert not Import.objects.exists()


def test_import_create_stops_a_file_over_the_limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "MAX_BYTES", 1000)
    response = uploaded(sign_in(client, make_user()), LIST + b"x" * 2000)
    assert "more than 200 MB" in response.content.decode()
    assert not Import.objects.exists()


def test_import_create_offers_only_own_shops(client: Client) -> None:
    user = make_user()
    make_shop([user], name="Mine")
    other = make_shop(name="Not mine")
    page = sign_in(client, user).get("/imports/new/").content.decode()
    assert "Mine" in page
    assert "Not mine" not in page
    assert "shop" in uploaded(client, shop=other.pk).context["form"].errors


def test_import_preview_shows_rows_and_marks_problems(client: Client) -> None:
    user = make_user()
    draft = make_draft(user, BROKEN)
    response = sign_in(client, user).get(f"/imports/{draft.pk}/preview/")
    page = response.content.decode()
    assert "@brasskettle" in page
    assert response.context["problem_count"] == 1
    assert "This is not a number." in page


def test_import_preview_starts_the_import(client: Client) -> None:
    user = make_user()
    draft = make_draft(user)
    response = sign_in(client, user).post(f"/imports/{draft.pk}/preview/", settings_of(draft))
    draft.refresh_from_db()
    assert response.url == f"/imports/{draft.pk}/"
    assert draft.job.state == "waiting"


def test_import_preview_without_a_handle_stays(client: Client) -> None:
    user = make_user()
    draft = make_draft(user)
    response = sign_in(client, user).post(f"/imports/{draft.pk}/preview/", settings_of(draft, column_0=""))
    assert "No column holds the handle" in response.content.decode()
    assert Import.objects.get().job is None


def test_import_preview_refuses_a_field_twice(client: Client) -> None:
    user = make_user()
    draft = make_draft(user)
    response = sign_in(client, user).post(f"/imports/{draft.pk}/preview/", settings_of(draft, column_2="followers"))
    assert "Two columns are read as Followers." in response.content.decode()
    with pytest.raises(DomainError) as refusal:
        services.import_configure(source_import=draft, by=user, fields={0: "handle", 1: "handle"})
    assert refusal.value.code == "field_twice"


def test_import_preview_without_a_day_names_the_field(client: Client) -> None:
    user = make_user()
    upload = SimpleUploadedFile("list.csv", LIST)
    draft = services.import_upload(upload=upload, by=user)
    response = sign_in(client, user).post(f"/imports/{draft.pk}/preview/", settings_of(draft, as_of=""))
    assert response.context["form"].errors["as_of"] == ["Choose a day."]


def test_import_preview_answers_a_change_with_the_table(client: Client) -> None:
    user = make_user()
    draft = make_draft(user)
    data = settings_of(draft, column_2="", action="")
    response = sign_in(client, user).post(f"/imports/{draft.pk}/preview/", data, headers={"HX-Request": "true"})
    assert response.content.decode().strip().startswith('<section class="panel" id="preview"')
    assert Import.objects.get().mapping[2]["field"] is None


def test_import_preview_saves_the_mapping(client: Client) -> None:
    user = make_user()
    draft = make_draft(user)
    data = settings_of(draft, action="save", mapping_name="Echo weekly")
    sign_in(client, user).post(f"/imports/{draft.pk}/preview/", data)
    assert ImportMapping.objects.get().name == "Echo weekly"


def test_import_preview_of_a_started_import_leads_to_it(client: Client) -> None:
    user = make_user()
    done = make_done(user)
    assert sign_in(client, user).get(f"/imports/{done.pk}/preview/").url == f"/imports/{done.pk}/"


def test_import_detail_polls_while_the_job_is_open(client: Client) -> None:
    user = make_user()
    draft = make_draft(user)
    services.import_start(source_import=draft, by=user)
    page = sign_in(client, user).get(f"/imports/{draft.pk}/").content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert 'role="progressbar"' in page


def test_import_detail_shows_counts_and_stops_polling(client: Client) -> None:
    user = make_user()
    done = make_done(user)
    response = sign_in(client, user).get(f"/imports/{done.pk}/", headers={"HX-Request": "true"})
    page = response.content.decode()
    assert (done.rows, done.created, done.failed) == (2, 2, 0)
    assert "every 1s" not in page
    assert "<html" not in page


def test_import_detail_lists_failed_rows_and_repeats(client: Client) -> None:
    user = make_user()
    done = make_done(user, BROKEN + b"@brasskettle,9\n")
    page = sign_in(client, user).get(f"/imports/{done.pk}/").content.decode()
    assert "Followers “many”" in page
    assert (done.failed, done.repeats) == (1, 1)
    assert "Row that counts" in page


def test_import_detail_of_another_shop_is_not_found(client: Client) -> None:
    owner = make_user()
    draft = make_draft(owner, shop=make_shop([owner]))
    stranger = sign_in(client, make_user())
    for page in ("", "preview/", "undo/", "failures/"):
        assert stranger.get(f"/imports/{draft.pk}/{page}").status_code == 404


def test_import_list_shows_state_and_counts(client: Client) -> None:
    user = make_user()
    make_done(user)
    make_draft(user)
    page = sign_in(client, user).get("/imports/").content.decode()
    assert "Done" in page
    assert "Not started" in page


def test_import_list_offers_nothing_to_read_only_people(client: Client) -> None:
    make_done(make_user())
    page = sign_in(client, make_user("viewer")).get("/imports/").content.decode()
    assert "Import a list" not in page
    assert "Undo" not in page


def test_import_cancel_asks_the_job_to_stop(client: Client) -> None:
    user = make_user()
    draft = make_draft(user)
    job = services.import_start(source_import=draft, by=user)
    sign_in(client, user).post(f"/imports/{draft.pk}/cancel/")
    services.import_run_inline(job)
    assert job.state == "cancelled"
    assert "nothing of this list was kept" in client.get(f"/imports/{draft.pk}/").content.decode()


def test_import_cancel_of_a_draft_is_refused(client: Client) -> None:
    user = make_user()
    draft = make_draft(user)
    assert sign_in(client, user).post(f"/imports/{draft.pk}/cancel/").status_code == 409


def test_import_undo_says_what_goes_and_takes_it_back(client: Client) -> None:
    user = make_user()
    done = make_done(user)
    page = sign_in(client, user).get(f"/imports/{done.pk}/undo/").content.decode()
    assert "2 rows of values go." in page
    client.post(f"/imports/{done.pk}/undo/")
    services.import_run_inline(Import.objects.get().undo_job)
    assert not Creator.objects.exists()
    assert "took the values of this list back" in client.get(f"/imports/{done.pk}/").content.decode()


def test_import_failures_is_a_workbook_with_reasons(client: Client) -> None:
    user = make_user()
    done = make_done(user, BROKEN)
    response = sign_in(client, user).get(f"/imports/{done.pk}/failures/")
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["Handle", "Followers", "Import problem"]
    assert rows[1][:2] == ["@oatlantern", "many"]
    assert "This is not a number" in rows[1][2]


def make_conflict(user: User) -> CreatorConflict:
    make_creator("brasskettle", external_id="7000000000000000001")
    content = b"Handle,Creator ID,Followers\nbrasskettle,7000000000000000002,500\n"
    make_done(user, content)
    return CreatorConflict.objects.get()


def test_conflict_resolve_gives_the_creator_the_new_id(client: Client) -> None:
    user = make_user("ops")
    conflict = make_conflict(user)
    address = f"/imports/{conflict.source_import_id}/conflicts/{conflict.pk}/"
    assert "7000000000000000002" in sign_in(client, user).get(address).content.decode()
    client.post(address, {"decision": ConflictState.SAME})
    assert Creator.objects.get().external_id == "7000000000000000002"


def test_conflict_resolve_with_the_id_of_another_creator_is_refused(client: Client) -> None:
    user = make_user("ops")
    conflict = make_conflict(user)
    make_creator("oatlantern", external_id="7000000000000000002")
    address = f"/imports/{conflict.source_import_id}/conflicts/{conflict.pk}/"
    response = sign_in(client, user).post(address, {"decision": ConflictState.SAME})
    assert "Another creator has the id" in response.content.decode()
    with pytest.raises(DomainError) as refusal:
        services.conflict_resolve(conflict=conflict, decision=ConflictState.SAME, by=user)
    assert refusal.value.code == "id_taken"


def test_conflict_resolve_twice_is_refused(client: Client) -> None:
    user = make_user("ops")
    conflict = make_conflict(user)
    address = f"/imports/{conflict.source_import_id}/conflicts/{conflict.pk}/"
    sign_in(client, user).post(address, {"decision": ConflictState.IGNORED})
    response = client.post(address, {"decision": ConflictState.SAME})
    assert "decided: Row ignored" in response.content.decode()
    with pytest.raises(DomainError) as refusal:
        services.conflict_resolve(conflict=conflict, decision=ConflictState.SAME, by=user)
    assert refusal.value.code == "conflict_resolved"
    assert Creator.objects.get().external_id == "7000000000000000001"


@pytest.mark.parametrize("page", ["new/", "{pk}/preview/", "{pk}/undo/"])
def test_imports_are_read_only_for_viewers(client: Client, page: str) -> None:
    draft = make_draft(make_user())
    assert sign_in(client, make_user("viewer")).get(f"/imports/{page.format(pk=draft.pk)}").status_code == 403


def test_conflict_resolve_is_not_for_sellers(client: Client) -> None:
    conflict = make_conflict(make_user())
    address = f"/imports/{conflict.source_import_id}/conflicts/{conflict.pk}/"
    assert sign_in(client, make_user("seller")).get(address).status_code == 403


def test_import_detail_of_a_draft_is_shown_to_readers(client: Client) -> None:
    draft = make_draft(make_user())
    page = sign_in(client, make_user("viewer")).get(f"/imports/{draft.pk}/").content.decode()
    assert "Not started" in page
