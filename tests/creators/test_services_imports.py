"""An import from file to facts: matching, conflicts, repeats, undo."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import User
from core.errors import DomainError
from core.models import Job
from core.states import JobState
from creators.models import Creator, CreatorConflict, CreatorContact, CreatorFacts, CreatorText, Import, Snapshot
from creators.services import imports
from creators.services.merge import facts_merge
from creators.states import ConflictState, Quality
from tests.factories import make_market, make_shop, make_shortlist, make_user
from tests.imports import counts, make_import, run_import

pytestmark = pytest.mark.django_db

ID_A, ID_B = "7280000000000000001", "7280000000000000002"


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith("import_")}


def test_new_creators_get_snapshot_facts_and_text() -> None:
    done = run_import("Handle,Nickname,Followers,GMV\n@Amy,Amy Ok,12.5K,$1\n", quality=Quality.EXACT)
    creator = Creator.objects.get(handle="amy")
    assert counts(done) == (1, 0, 0, 0, 0)
    assert (creator.facts.followers, creator.facts.gmv_30d_usd) == (12500, 1)
    assert creator.text.document == "amy amy ok "
    assert creator.snapshots.get().quality == Quality.EXACT
    assert tables() == set()


def test_money_is_kept_in_its_currency_and_compared_in_usd() -> None:
    run_import("Handle,GMV\namy,110.000₫\n")
    creator = Creator.objects.get(handle="amy")
    assert (creator.snapshots.get().currency, creator.snapshots.get().gmv_30d) == ("VND", 110000)
    assert str(creator.facts.gmv_30d_usd) == "4.40"


def test_same_list_again_changes_nothing() -> None:
    run_import("Handle,Followers\namy,100\n")
    assert counts(run_import("Handle,Followers\namy,100\n")) == (0, 0, 1, 0, 0)


def test_known_creator_with_new_number_is_updated() -> None:
    run_import("Handle,Followers\namy,100\n", as_of=date(2026, 10, 1))
    assert counts(run_import("Handle,Followers\namy,200\n")) == (0, 1, 0, 0, 0)
    assert CreatorFacts.objects.get().followers == 200


def test_known_id_under_new_handle_is_a_rename() -> None:
    run_import(f"Handle,Creator ID\namy,{ID_A}\n", as_of=date(2026, 10, 1))
    run_import(f"Handle,Creator ID\namy.new,{ID_A}\n")
    creator = Creator.objects.get()
    assert creator.handle == "amy.new"
    assert [old.handle for old in creator.old_handles.all()] == ["amy"]
    assert creator.text.document.startswith("amy.new")


def test_older_list_does_not_rename_back() -> None:
    run_import(f"Handle,Creator ID\namy.new,{ID_A}\n")
    run_import(f"Handle,Creator ID\namy,{ID_A}\n", as_of=date(2026, 9, 1))
    assert Creator.objects.get().handle == "amy.new"


def test_older_list_finds_creator_by_old_handle() -> None:
    run_import(f"Handle,Creator ID\namy,{ID_A}\n", as_of=date(2026, 10, 1))
    run_import(f"Handle,Creator ID\namy.new,{ID_A}\n")
    assert counts(run_import("Handle,Followers\namy,5\n", as_of=date(2026, 9, 1))) == (0, 1, 0, 0, 0)
    assert Creator.objects.count() == 1


def test_known_handle_without_id_takes_the_id() -> None:
    run_import("Handle,Followers\namy,100\n")
    run_import(f"Handle,Creator ID\namy,{ID_A}\n")
    assert Creator.objects.get().external_id == ID_A


def test_same_handle_in_another_market_is_another_creator() -> None:
    make_market("VN")
    done = run_import("Handle,Country\namy,US\namy,VN\n")
    assert counts(done) == (2, 0, 0, 0, 0)


def test_known_handle_with_other_id_is_a_conflict_and_overwrites_nothing() -> None:
    run_import(f"Handle,Creator ID,Followers\namy,{ID_A},100\n", as_of=date(2026, 10, 1))
    done = run_import(f"Handle,Creator ID,Followers\namy,{ID_B},900\n")
    assert counts(done) == (0, 0, 0, 1, 0)
    assert (Creator.objects.get().external_id, CreatorFacts.objects.get().followers) == (ID_A, 100)


def make_conflict() -> tuple[CreatorConflict, User]:
    run_import(f"Handle,Creator ID,Followers\namy,{ID_A},100\n", as_of=date(2026, 10, 1))
    run_import(f"Handle,Creator ID,Followers\namy,{ID_B},900\n")
    return CreatorConflict.objects.get(), make_user("ops")


def test_conflict_same_creator_takes_id_and_values() -> None:
    conflict, ops = make_conflict()
    imports.conflict_resolve(conflict=conflict, decision=ConflictState.SAME, by=ops)
    assert (Creator.objects.get().external_id, CreatorFacts.objects.get().followers) == (ID_B, 900)


def test_conflict_other_creator_takes_the_handle() -> None:
    conflict, ops = make_conflict()
    imports.conflict_resolve(conflict=conflict, decision=ConflictState.OTHER, by=ops, note="asked her")
    old, new = Creator.objects.get(external_id=ID_A), Creator.objects.get(external_id=ID_B)
    assert (old.handle, new.handle) == (f"amy.{old.pk}", "amy")
    assert (old.facts.followers, new.facts.followers) == (100, 900)


def test_conflict_ignored_changes_nothing() -> None:
    conflict, ops = make_conflict()
    imports.conflict_resolve(conflict=conflict, decision=ConflictState.IGNORED, by=ops)
    assert CreatorFacts.objects.get().followers == 100


def test_conflict_is_resolved_once() -> None:
    conflict, ops = make_conflict()
    imports.conflict_resolve(conflict=conflict, decision=ConflictState.IGNORED, by=ops)
    with pytest.raises(DomainError, match="already been resolved"):
        imports.conflict_resolve(conflict=conflict, decision=ConflictState.SAME, by=ops)


def test_conflict_id_of_another_creator_is_refused() -> None:
    conflict, ops = make_conflict()
    run_import(f"Handle,Creator ID\nbea,{ID_B}\n")
    with pytest.raises(DomainError, match="Another creator has the id"):
        imports.conflict_resolve(conflict=conflict, decision=ConflictState.SAME, by=ops)


def test_handle_held_by_another_creator_is_a_conflict() -> None:
    run_import(f"Handle,Creator ID\namy,{ID_A}\nbea,{ID_B}\n", as_of=date(2026, 10, 1))
    done = run_import(f"Handle,Creator ID\nbea,{ID_A}\n")
    assert counts(done) == (0, 0, 0, 1, 0)


def test_last_of_repeated_rows_wins_and_is_reported() -> None:
    done = run_import("Handle,Followers\namy,1\nbea,2\n@AMY,3\n")
    assert (done.rows, done.created, done.repeats) == (3, 2, 1)
    assert Creator.objects.get(handle="amy").facts.followers == 3
    assert Job.objects.get().result["repeats"] == [{"row": 2, "kept": 4, "handle": "amy"}]


def test_rows_naming_one_creator_by_id_and_by_handle_are_repeats() -> None:
    run_import(f"Handle,Creator ID\namy,{ID_A}\n", as_of=date(2026, 10, 1))
    done = run_import(f"Handle,Creator ID,Followers\namy,,1\namy.new,{ID_A},2\n")
    assert (done.repeats, done.updated, CreatorFacts.objects.get().followers) == (1, 1, 2)


def test_failed_row_stops_no_other() -> None:
    done = run_import("Handle,Followers\namy,many\nbea,7\n,3\n")
    assert counts(done) == (1, 0, 0, 0, 2)
    failures = {failure.row_number: failure.problems[0] for failure in done.failures.all()}
    assert failures[2] == {"column": "Followers", "value": "many", "code": "number_unreadable"}
    assert failures[4]["code"] == "handle_missing"


def test_contacts_come_only_with_a_shop() -> None:
    run_import("Handle,Email\namy,a@example.com\n")
    assert not CreatorContact.objects.exists()
    shop = make_shop()
    run_import("Handle,Email\namy,a@example.com\n", shop=shop)
    assert CreatorContact.objects.get().shop == shop


def test_undo_removes_creators_that_only_it_brought() -> None:
    done = run_import("Handle,Followers\namy,1\nbea,2\n")
    imports.import_run_inline(imports.import_undo(source_import=done, by=None))
    assert (Creator.objects.count(), CreatorFacts.objects.count(), CreatorText.objects.count()) == (0, 0, 0)


def test_undo_keeps_what_later_imports_said() -> None:
    first = run_import("Handle,Followers\namy,1\n", as_of=date(2026, 10, 1))
    run_import("Handle,Nickname\namy,Amy\n")
    imports.import_run_inline(imports.import_undo(source_import=first, by=None))
    facts = CreatorFacts.objects.get()
    assert (facts.followers, facts.creator.nickname) == (None, "Amy")


def test_undo_gives_back_the_values_before() -> None:
    run_import("Handle,Followers\namy,1\n", as_of=date(2026, 10, 1))
    second = run_import("Handle,Followers\namy,2\n")
    imports.import_run_inline(imports.import_undo(source_import=second, by=None))
    assert CreatorFacts.objects.get().followers == 1


def test_undo_keeps_a_creator_on_a_shortlist_with_empty_facts() -> None:
    done = run_import("Handle,Followers\namy,1\nbea,2\n")
    seller = make_user()
    make_shortlist(make_shop([seller]), seller, creators=[Creator.objects.get(handle="amy")])
    imports.import_run_inline(imports.import_undo(source_import=done, by=None))
    assert [c.handle for c in Creator.objects.all()] == ["amy"]
    assert CreatorFacts.objects.get().followers is None


def test_undo_gives_the_old_handle_back() -> None:
    run_import(f"Handle,Creator ID\namy,{ID_A}\n", as_of=date(2026, 10, 1))
    second = run_import(f"Handle,Creator ID\namy.new,{ID_A}\n")
    imports.import_run_inline(imports.import_undo(source_import=second, by=None))
    creator = Creator.objects.get()
    assert (creator.handle, creator.old_handles.count()) == ("amy", 0)


def test_undo_twice_is_refused() -> None:
    done = run_import("Handle\namy\n")
    imports.import_run_inline(imports.import_undo(source_import=done, by=None))
    with pytest.raises(DomainError, match="already undone"):
        imports.import_undo(source_import=done, by=None)


def test_undo_of_unfinished_import_is_refused() -> None:
    with pytest.raises(DomainError, match="Only a finished import"):
        imports.import_undo(source_import=make_import("Handle\namy\n"), by=None)


@pytest.mark.parametrize(
    ("content", "settings", "code"),
    [
        ("Name,Followers\nAmy Lee,1\n", {}, "no_handle_column"),
        ("Handle\namy\n", {"market": None}, "no_market"),
        ("Handle\namy\n", {"as_of": date(2999, 1, 1)}, "as_of_in_future"),
        ("Handle\namy\n", {"source": ""}, "no_source"),
        ("Handle\namy\n", {"currency": "XXX"}, "no_rate"),
    ],
)
def test_start_refuses_unready(content: str, settings: dict[str, object], code: str) -> None:
    draft = make_import(content, **settings)
    with pytest.raises(DomainError) as refused:
        imports.import_start(source_import=draft, by=None)
    assert refused.value.code == code
    assert not Job.objects.exists()


def test_start_needs_the_day() -> None:
    draft = make_import("Handle\namy\n")
    Import.objects.filter(pk=draft.pk).update(as_of=None)
    with pytest.raises(DomainError, match="Choose the day"):
        imports.import_start(source_import=draft, by=None)


def test_start_twice_is_refused() -> None:
    draft = run_import("Handle\namy\n")
    with pytest.raises(DomainError, match="already been started"):
        imports.import_start(source_import=draft, by=None)


def test_actor_who_lost_the_right_fails_the_job() -> None:
    seller = make_user()
    job = imports.import_start(source_import=make_import("Handle\namy\n", by=seller), by=seller)
    User.objects.filter(pk=seller.pk).update(role="viewer")
    job = imports.import_run_inline(job)
    assert (job.state, job.error_code, Creator.objects.count()) == (JobState.FAILED, "forbidden", 0)


def test_dry_run_counts_and_keeps_nothing() -> None:
    run_import("Handle,Followers\namy,1\n")
    found = imports.import_dry_run(make_import("Handle,Followers\namy,1\nbea,2\ncyd,x\n"))
    assert counts(found.source_import) == (1, 0, 1, 0, 1)
    assert [failure.row_number for failure in found.failures] == [4]
    assert (Creator.objects.count(), Snapshot.objects.count(), tables()) == (1, 1, set())


def rules_of_creators() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'creators_creator' ORDER BY 1")
        return cursor.fetchall()


def test_first_large_list_puts_the_unique_rules_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("creators.services.imports.matching.LARGE_ROWS", 1)
    before = rules_of_creators()
    assert counts(run_import(f"Handle,Creator ID\namy,{ID_A}\nbea,{ID_B}\n")) == (2, 0, 0, 0, 0)
    assert rules_of_creators() == before


def test_undo_keeps_what_a_running_import_has_matched() -> None:
    done = run_import("Handle,Followers\namy,1\nbea,2\n")
    job = imports.import_start(source_import=make_import("Handle,Followers\namy,5\n"), by=None)
    for _step in ("read", "match"):
        imports.import_advance(job.pk)
    imports.import_run_inline(imports.import_undo(source_import=done, by=None))
    imports.import_run_inline(job)
    assert [(facts.creator.handle, facts.followers) for facts in CreatorFacts.objects.all()] == [("amy", 5)]


def test_large_import_rebuilds_to_the_same_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("creators.services.imports.running.REBUILD_ROWS", 1)
    run_import("Handle,Nickname,Followers,GMV\namy,Amy,1,$5\nbea,Bea,2,$6\n", as_of=date(2026, 10, 1))
    run_import("Handle,Nickname,Followers,GMV\namy,Amy,9,\ncyd,Cyd,3,$7\n")
    rebuilt = list(CreatorFacts.objects.order_by("pk").values())
    facts_merge(creator_ids=list(Creator.objects.values_list("pk", flat=True)))
    assert list(CreatorFacts.objects.order_by("pk").values()) == rebuilt
    assert [(row["followers"], row["gmv_30d_usd"]) for row in rebuilt] == [(9, 5), (2, 6), (3, 7)]


def test_saved_mapping_is_proposed_for_the_same_headers() -> None:
    draft = make_import("Handle,Fans today\namy,7\n")
    imports.import_configure(source_import=draft, by=None, fields={0: "handle", 1: "followers"})
    draft.refresh_from_db()
    imports.mapping_save(source_import=draft, name="Fans", by=None)
    again = make_import("handle ,FANS TODAY\nbea,9\n", source=None)
    assert [(column["field"]) for column in again.mapping] == ["handle", "followers"]
    assert again.source == "tool"


def test_saved_mapping_is_proposed_for_the_mended_workbook(tmp_path: Path) -> None:
    done = run_import("Handle,Fans today,Followers\namy,7,many\n")
    imports.mapping_save(source_import=done, name="Fans", by=None)
    assert imports.failures_workbook(done, tmp_path / "failed.xlsx") == 1
    mended = make_import((tmp_path / "failed.xlsx").read_bytes(), name="failed.xlsx", source=None)
    assert [column["field"] for column in mended.mapping] == ["handle", None, "followers", None]
    assert mended.source == "tool"
