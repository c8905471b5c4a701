"""Addresses of the ledger, rule books, appeals, the blacklist, batches and the creator's page.

`world()` makes the rows that they need.
"""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Shop, User
from creators.models import Creator
from tests.access.people import RESOLVING, STRANGE, WORKING, Row, everybody, only, signed_in
from tests.factories import make_file, make_user
from tests.ledger import log, make_book
from violations.models import Notice
from violations.services.appeals import appeal_ask, appeal_file
from violations.services.batches import batch_create
from violations.services.blacklist import blacklist_add, blacklist_propose
from violations.services.links import link_create
from violations.services.notices import notice_give
from violations.services.reversals import reversal_propose
from violations.services.rulebooks import rulebook_draft

DRAFTING = ("ops", "admin")
RULEBOOKS = [
    Row("rulebook_list", get=signed_in(200)),
    Row("rulebook_detail", ("book",), get=signed_in(200)),
    Row("rulebook_draft", ("book",), get=only(*DRAFTING), post=only(*DRAFTING)),
    Row("rulebook_edit", ("draft",), get=only(*DRAFTING), post=only(*DRAFTING)),
    # Published: it never changes.
    Row("rulebook_edit", ("book",), get=only(*DRAFTING, status=409)),
    Row("rulebook_publish", ("draft",), get=only("admin"), post=only("admin", status=302)),
    Row("rulebook_discard", ("draft",), get=only(*DRAFTING), post=only(*DRAFTING, status=302)),
    Row("rule_create", ("draft",), get=only(*DRAFTING), post=only(*DRAFTING)),
    Row("rule_edit", ("draft", "rule"), get=only(*DRAFTING), post=only(*DRAFTING)),
    Row("rule_delete", ("draft", "rule"), post=only(*DRAFTING, status=302)),
    Row("milestone_create", ("draft",), get=only(*DRAFTING), post=only(*DRAFTING)),
    Row("milestone_edit", ("draft", "milestone"), get=only(*DRAFTING), post=only(*DRAFTING)),
    Row("milestone_delete", ("draft", "milestone"), post=only(*DRAFTING, status=302)),
    Row("api_rulebook-list", get=signed_in(200, anonymous=401)),
    Row("api_rulebook-detail", ("book",), get=signed_in(200, anonymous=401)),
]
LINKS = [
    Row("creator_link_create", ("creator",), get=only(*RESOLVING), post=only(*RESOLVING, status=422)),
    Row("creator_link_revoke", ("link",), get=only(*RESOLVING), post=only(*RESOLVING, status=302)),
    # A link that works; nobody has entered its code.
    Row("creator_page", ("link_token",), get=everybody(200), post=everybody(405)),
    Row("creator_code_send", ("link_token",), get=everybody(405)),
    Row("creator_code_enter", ("link_token",), get=everybody(200), post=everybody(200)),
    Row("creator_page_close", ("link_token",), post=everybody(302)),
    Row("creator_page_review", ("link_token",), get=everybody(302), post=everybody(302)),
    Row("creator_page_appeal", ("link_token", "link"), get=everybody(302), post=everybody(302)),
    Row("creator_page_answer", ("link_token", "link"), get=everybody(302), post=everybody(302)),
    Row("creator_page_withdraw", ("link_token", "link"), get=everybody(302), post=everybody(302)),
]
DECIDING = ("ops", "admin")
APPEALS = [
    Row("appeal_list", get=signed_in(200)),
    Row("appeal_outcomes", get=signed_in(200)),
    Row("appeal_detail", ("appeal",), get=signed_in(200)),
    Row("appeal_create", ("appealable",), get=only(*WORKING), post=only(*WORKING, status=422)),
    Row("appeal_claim", ("appeal",), post=only(*DECIDING, status=302)),
    Row("appeal_assign", ("appeal",), post=only(*DECIDING, status=422)),
    Row("appeal_ask", ("appeal",), post=only(*DECIDING, status=422)),
    Row("appeal_answer", ("asked",), post=only(*WORKING, status=422)),
    Row("appeal_decide", ("appeal",), post=only(*DECIDING, status=422)),
    # The seller filed it.
    Row("appeal_withdraw", ("appeal",), post=only("seller", "admin", status=302)),
    Row("appeal_evidence", ("appeal_file",), get=signed_in(404) | dict.fromkeys(("seller", *DECIDING), 200)),
    Row("api_appeal-list", get=signed_in(200, anonymous=401), post=only(*WORKING, status=400, anonymous=401)),
    Row("api_appeal-detail", ("appeal",), get=signed_in(200, anonymous=401)),
    Row("api_appeal-claim", ("appeal",), post=only(*DECIDING, anonymous=401)),
    Row("api_appeal-decision", ("appeal",), post=only(*DECIDING, status=400, anonymous=401)),
    Row("api_appeal-withdrawal", ("appeal",), post=only("seller", "admin", anonymous=401)),
]
BLACKLIST = [
    Row("blacklist_list", get=signed_in(200), post=everybody(405)),
    Row("blacklist_detail", ("blacklist",), get=signed_in(200)),
    Row("blacklist_detail", ("own_blacklist",), get=signed_in(200) | STRANGE),
    Row("blacklist_create", ("creator",), get=only(*WORKING), post=only(*WORKING)),
    Row("blacklist_decide", ("blacklist",), get=only(*RESOLVING), post=only(*RESOLVING)),
    Row("blacklist_keep", ("blacklist",), get=only(*RESOLVING)),
    Row("blacklist_keep", ("own_blacklist",), get=only(*WORKING) | STRANGE, post=only(*WORKING, status=302) | STRANGE),
    Row("blacklist_remove", ("blacklist",), get=only(*RESOLVING)),
    Row("blacklist_remove", ("own_blacklist",), get=only(*WORKING) | STRANGE, post=only(*WORKING) | STRANGE),
    Row("blacklist_evidence", ("own_blacklist", "blacklist_file"), get=signed_in(200) | STRANGE),
    Row("api_blacklist-list", get=signed_in(200, anonymous=401), post=only(*WORKING, status=400, anonymous=401)),
    Row("api_blacklist-detail", ("own_blacklist",), get=signed_in(200, anonymous=401) | STRANGE),
    Row("api_blacklist-decision", ("blacklist",), post=only(*RESOLVING, status=400, anonymous=401)),
    Row("api_blacklist-removal", ("own_blacklist",), post=only(*WORKING, status=400, anonymous=401) | STRANGE),
]
HEALTH = [
    Row("health_list", get=signed_in(200), post=everybody(405)),
    Row("violation_history", get=only(*RESOLVING)),
    Row("health_create", ("creator",), get=only(*RESOLVING), post=only(*RESOLVING)),
    Row("api_health_rating-list", get=signed_in(200, anonymous=401), post=only(*RESOLVING, status=400, anonymous=401)),
]
# The case came from the shop, with a file and a notice that failed; its reversal is proposed.
CASES = [
    Row("violation_create", get=only(*DRAFTING), post=only(*DRAFTING)),
    Row("violation_preview", post=only(*DRAFTING)),
    Row("violation_creators", get=only(*DRAFTING)),
    Row("evidence_upload", post=only(*DRAFTING)),
    Row("evidence_download", ("case_file",), get=signed_in(200) | STRANGE),
    Row("entry_detail", ("case",), get=signed_in(200)),
    Row("notice_create", ("case",), get=only(*DRAFTING), post=only(*DRAFTING, status=422)),
    Row("reversal_propose", ("case",), get=only(*DRAFTING), post=only(*DRAFTING, status=422)),
    # The admin proposed it.
    Row("reversal_decide", ("asked_reversal",), post=signed_in(403) | {"ops": 400}),
    Row("entry_erase", ("case",), get=only("admin"), post=only("admin", status=302)),
    Row("notice_confirm", ("notice",), post=only(*DRAFTING, status=409)),
    Row("notice_resend", ("notice",), post=only(*DRAFTING, status=302)),
    Row("notice_proof", ("proved_notice",), get=signed_in(200) | STRANGE),
    # The address names no creator.
    Row("measure_create", get=only(*DRAFTING, status=404), post=only(*DRAFTING, status=404)),
    Row("lift_create", get=only("admin", status=404), post=only("admin", status=404)),
    Row("api_violation-list", get=signed_in(200, anonymous=401), post=only(*DRAFTING, status=400, anonymous=401)),
    Row("api_violation-detail", ("case",), get=signed_in(200, anonymous=401)),
    Row("api_violation-preview", post=only(*DRAFTING, status=400, anonymous=401)),
    Row("api_violation-measures", post=only(*DRAFTING, status=400, anonymous=401)),
    # JSON is no upload.
    Row("api_violation-evidence", post=only(*DRAFTING, status=415, anonymous=401)),
    Row("api_violation-reversal", ("case",), post=only(*DRAFTING, status=400, anonymous=401)),
    Row("api_standing", ("creator",), get=signed_in(200, anonymous=401)),
]
# Of the shop, and about violations: account managers may import ratings only.
BATCHES = [
    Row("batch_create", get=only(*DRAFTING), post=only(*DRAFTING)),
    Row("batch_select", get=only(*DRAFTING), post=only(*DRAFTING)),
    Row("batch_detail", ("batch",), get=only(*DRAFTING)),
    Row("batch_start", ("batch",), post=only(*DRAFTING, status=400)),
    Row("batch_cancel", ("batch",), post=only(*DRAFTING, status=409)),
    Row("batch_failures", ("batch",), get=only(*DRAFTING)),
    Row("api_batch-list", post=only(*DRAFTING, status=400, anonymous=401) | {"account_manager": 400}),
    Row("api_batch-detail", ("batch",), get=only(*DRAFTING, anonymous=401)),
    Row("api_batch-start", ("batch",), post=only(*DRAFTING, status=400, anonymous=401)),
]
ROWS: list[Row] = [
    *BATCHES,
    *CASES,
    *BLACKLIST,
    *HEALTH,
    *APPEALS,
    *LINKS,
    *RULEBOOKS,
    Row("violation_desk", get=signed_in(200), post=everybody(405)),
    Row("entry_export", get=only("ops", "account_manager", "admin")),
    Row("statement_export", ("creator",), get=only("ops", "account_manager", "admin")),
]


def world(*, people: dict[str, User], shop: Shop, creator: Creator) -> dict[str, Any]:
    """Rows of this app by the name that a `Row` uses, as models or plain arguments."""
    book = make_book()
    rows: dict[str, Any] = {"book": book}
    rows["draft"] = draft = rulebook_draft(
        book=book, effective_from=timezone.now() + timedelta(days=9), by=people["ops"], at=timezone.now()
    )
    rows |= {"rule": draft.rules.first(), "milestone": draft.milestones.first()}
    new = link_create(
        creator=creator,
        email="brass@example.com",
        language="en",
        by=people["ops"],
        at=timezone.now(),
        address=lambda token: token,
    )
    rows |= {"link": new.link, "link_token": new.url}
    rows |= _cases(people, shop, creator)
    text = b"Handle,Rule,When it happened\nnobody,fraud,2026-11-20\n"
    rows["batch"] = batch_create(
        kind="violations", upload=SimpleUploadedFile("list.csv", text), shop=shop, by=people["ops"], at=timezone.now()
    )
    return rows | _appeals(people, creator) | _blacklist(people, shop, creator)


def _cases(people: dict[str, User], shop: Shop, creator: Creator) -> dict[str, Any]:
    now = timezone.now()
    ops = people["ops"]
    case = log(creator, "poor_live_experience", at=now, shop=shop, evidence=[make_file(ops)])
    notice = notice_give(entry=case, channel="mail", address="brass@example.com", by=ops, at=now)
    Notice.objects.filter(pk=notice.pk).update(state="failed")
    proved = notice_give(entry=case, channel="handed_over", given_at=now, proof=make_file(ops), by=ops, at=now)
    asked = reversal_propose(entry=case, reason="Another post.", by=people["admin"], at=now)
    rows = {"case": case, "case_file": case.evidence.get(), "notice": notice, "proved_notice": proved}
    return rows | {"asked_reversal": asked}


def _appeals(people: dict[str, User], creator: Creator) -> dict[str, Any]:
    now = timezone.now()
    first, second, third = [log(creator, rule, at=now) for rule in ("spam", "fraud", "late_content")]
    common = {"statement": "The label was on.", "by": people["seller"], "at": now}
    appeal = appeal_file(entry=first, evidence=[make_file(people["seller"])], **common)
    asked = appeal_ask(appeal=appeal_file(entry=second, **common), question="Where?", by=people["ops"], at=now)
    return {"appeal": appeal, "asked": asked, "appealable": third, "appeal_file": appeal.evidence.get()}


def _blacklist(people: dict[str, User], shop: Shop, creator: Creator) -> dict[str, Any]:
    """A proposal of somebody who plays no part, and the shop's own entry with a file."""
    common: dict[str, Any] = {"creator": creator, "reason": "Sold fakes.", "at": timezone.now()}
    own = blacklist_add(shop=shop, by=people["seller"], evidence=[make_file(people["seller"])], **common)
    proposal = blacklist_propose(by=make_user("ops"), **common)
    return {"blacklist": proposal, "own_blacklist": own, "blacklist_file": own.evidence.get()}
