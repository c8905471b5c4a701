"""Addresses of the ledger, rule books, appeals, the blacklist and the creator's own page.

Each part names its own in its module; the order decides nothing.
"""

from django.urls import URLPattern, URLResolver, include, path

from violations.views import (
    appeals,
    batches,
    blacklist,
    cases,
    creator_page,
    desk,
    entries,
    evidence,
    health,
    history,
    links,
    rulebook_parts,
    rulebooks,
)

desk_urls: list[URLPattern | URLResolver] = [
    path("violations/", desk.violation_desk, name="violation_desk"),
    path("violations/export/", desk.entry_export, name="entry_export"),
    path("creators/<int:pk>/statement/", desk.statement_export, name="statement_export"),
]

entry_urls: list[URLPattern | URLResolver] = [
    path("violations/new/", entries.violation_create, name="violation_create"),
    path("violations/preview/", entries.violation_preview, name="violation_preview"),
    path("violations/creators/", entries.violation_creators, name="violation_creators"),
    path("violations/evidence/", entries.evidence_upload, name="evidence_upload"),
    path("violations/evidence/<int:pk>/", evidence.evidence_download, name="evidence_download"),
    path("violations/entries/<int:pk>/", cases.entry_detail, name="entry_detail"),
    path("violations/entries/<int:pk>/notice/", cases.notice_create, name="notice_create"),
    path("violations/entries/<int:pk>/reversal/", cases.reversal_propose, name="reversal_propose"),
    path("violations/entries/<int:pk>/erasure/", cases.entry_erase, name="entry_erase"),
    path("violations/reversals/<int:pk>/", cases.reversal_decide, name="reversal_decide"),
    path("violations/notices/<int:pk>/sent/", cases.notice_confirm, name="notice_confirm"),
    path("violations/notices/<int:pk>/again/", cases.notice_resend, name="notice_resend"),
    path("violations/notices/<int:pk>/proof/", evidence.notice_proof, name="notice_proof"),
    path("violations/measures/new/", cases.measure_create, name="measure_create"),
    path("violations/lifts/new/", cases.lift_create, name="lift_create"),
]

appeal_urls: list[URLPattern | URLResolver] = [
    path("violations/appeals/", appeals.appeal_list, name="appeal_list"),
    path("violations/appeals/outcomes/", appeals.appeal_outcomes, name="appeal_outcomes"),
    path("violations/appeals/<int:pk>/", appeals.appeal_detail, name="appeal_detail"),
    path("violations/appeals/<int:pk>/claim/", appeals.appeal_claim, name="appeal_claim"),
    path("violations/appeals/<int:pk>/reviewer/", appeals.appeal_assign, name="appeal_assign"),
    path("violations/appeals/<int:pk>/question/", appeals.appeal_ask, name="appeal_ask"),
    path("violations/appeals/<int:pk>/answer/", appeals.appeal_answer, name="appeal_answer"),
    path("violations/appeals/<int:pk>/decision/", appeals.appeal_decide, name="appeal_decide"),
    path("violations/appeals/<int:pk>/withdrawal/", appeals.appeal_withdraw, name="appeal_withdraw"),
    path("violations/appeals/evidence/<int:pk>/", appeals.appeal_evidence, name="appeal_evidence"),
    path("violations/entries/<int:pk>/appeal/", appeals.appeal_create, name="appeal_create"),
]

blacklist_urls: list[URLPattern | URLResolver] = [
    path("violations/blacklist/", blacklist.blacklist_list, name="blacklist_list"),
    path("violations/blacklist/<int:pk>/", blacklist.blacklist_detail, name="blacklist_detail"),
    path("violations/blacklist/<int:pk>/decision/", blacklist.blacklist_decide, name="blacklist_decide"),
    path("violations/blacklist/<int:pk>/keep/", blacklist.blacklist_keep, name="blacklist_keep"),
    path("violations/blacklist/<int:pk>/removal/", blacklist.blacklist_remove, name="blacklist_remove"),
    path(
        "violations/blacklist/<int:pk>/evidence/<int:evidence_pk>/",
        blacklist.blacklist_evidence,
        name="blacklist_evidence",
    ),
    path("creators/<int:pk>/blacklist/", blacklist.blacklist_create, name="blacklist_create"),
]

health_urls: list[URLPattern | URLResolver] = [
    path("violations/health/", health.health_list, name="health_list"),
    path("violations/history/", history.violation_history, name="violation_history"),
    path("creators/<int:pk>/health-rating/", health.health_create, name="health_create"),
]

rulebook_urls: list[URLPattern | URLResolver] = [
    path("violations/rules/", rulebooks.rulebook_list, name="rulebook_list"),
    path("violations/rules/<int:pk>/", rulebooks.rulebook_detail, name="rulebook_detail"),
    path("violations/rules/<int:pk>/draft/", rulebooks.rulebook_draft, name="rulebook_draft"),
    path("violations/rules/<int:pk>/edit/", rulebooks.rulebook_edit, name="rulebook_edit"),
    path("violations/rules/<int:pk>/publish/", rulebooks.rulebook_publish, name="rulebook_publish"),
    path("violations/rules/<int:pk>/discard/", rulebooks.rulebook_discard, name="rulebook_discard"),
    path("violations/rules/<int:pk>/rule/", rulebook_parts.rule_create, name="rule_create"),
    path("violations/rules/<int:pk>/rule/<int:rule_pk>/", rulebook_parts.rule_edit, name="rule_edit"),
    path("violations/rules/<int:pk>/rule/<int:rule_pk>/delete/", rulebook_parts.rule_delete, name="rule_delete"),
    path("violations/rules/<int:pk>/milestone/", rulebook_parts.milestone_create, name="milestone_create"),
    path(
        "violations/rules/<int:pk>/milestone/<int:milestone_pk>/",
        rulebook_parts.milestone_edit,
        name="milestone_edit",
    ),
    path(
        "violations/rules/<int:pk>/milestone/<int:milestone_pk>/delete/",
        rulebook_parts.milestone_delete,
        name="milestone_delete",
    ),
]

link_urls: list[URLPattern | URLResolver] = [
    path("creators/<int:pk>/creator-link/", links.creator_link_create, name="creator_link_create"),
    path("creator-links/<int:pk>/revoke/", links.creator_link_revoke, name="creator_link_revoke"),
    path("c/<str:token>/", creator_page.creator_page, name="creator_page"),
    path("c/<str:token>/code/", creator_page.creator_code_send, name="creator_code_send"),
    path("c/<str:token>/open/", creator_page.creator_code_enter, name="creator_code_enter"),
    path("c/<str:token>/close/", creator_page.creator_page_close, name="creator_page_close"),
    path("c/<str:token>/review/", creator_page.creator_page_review, name="creator_page_review"),
    path("c/<str:token>/entries/<int:pk>/appeal/", creator_page.creator_page_appeal, name="creator_page_appeal"),
    path("c/<str:token>/appeals/<int:pk>/answer/", creator_page.creator_page_answer, name="creator_page_answer"),
    path("c/<str:token>/appeals/<int:pk>/withdraw/", creator_page.creator_page_withdraw, name="creator_page_withdraw"),
]

batch_urls: list[URLPattern | URLResolver] = [
    path("violations/batches/new/", batches.batch_create, name="batch_create"),
    path("violations/batches/selection/", batches.batch_select, name="batch_select"),
    path("violations/batches/<int:pk>/", batches.batch_detail, name="batch_detail"),
    path("violations/batches/<int:pk>/start/", batches.batch_start, name="batch_start"),
    path("violations/batches/<int:pk>/cancel/", batches.batch_cancel, name="batch_cancel"),
    path("violations/batches/<int:pk>/problems/", batches.batch_failures, name="batch_failures"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *rulebook_urls,
    *appeal_urls,
    *desk_urls,
    *entry_urls,
    *blacklist_urls,
    *health_urls,
    *link_urls,
    *batch_urls,
    path("api/v1/", include("violations.api.urls")),
]
