"""Addresses of contents; `world()` makes the rows that they need."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.services.drafts import draft_submit
from campaigns.services.publications import content_add, content_publish
from campaigns.services.result_imports import result_import_create
from campaigns.services.results import result_write
from tests.access.people import STRANGE, Row, everybody, only, signed_in
from tests.factories import make_creator, make_file
from tests.plans import make_collaboration, make_plan

SELLING = ("seller", "account_manager", "admin")
REVIEWING = ("seller", "ops", "account_manager", "admin")
ROWS: list[Row] = [
    Row("content_list", get=signed_in(200), post=everybody(405)),
    Row("content_detail", ("reviewed_content",), get=signed_in(200) | STRANGE),
    Row("content_review", ("reviewed_content", "content_draft"), post=only(*REVIEWING, status=422) | STRANGE),
    Row("content_draft_file", ("reviewed_content", "content_draft"), get=signed_in(200) | STRANGE),
    Row("content_step", ("published_content", "content_step_name"), post=only(*SELLING, status=422) | STRANGE),
    Row("content_result_remove", ("published_content", "result"), post=only(*SELLING, status=302) | STRANGE),
    Row("content_add", ("collaboration",), get=only(*SELLING) | STRANGE, post=only(*SELLING, status=422) | STRANGE),
    # The stranger chooses a shop of their own.
    Row("result_import_create", get=only(*SELLING, "stranger"), post=only(*SELLING, "stranger", status=422)),
    Row("result_import_detail", ("result_import",), get=only(*SELLING) | STRANGE),
    Row("result_import_start", ("result_import",), post=only(*SELLING, status=302) | STRANGE),
    Row(
        "api_content-list",
        get=signed_in(200, anonymous=401),
        post=only(*SELLING, "stranger", status=400, anonymous=401),
    ),
    Row("api_content-detail", ("reviewed_content",), get=signed_in(200, anonymous=401) | STRANGE),
    Row(
        "api_content-drafts",
        ("reviewed_content",),
        get=signed_in(200, anonymous=401) | STRANGE,
        post=only(*SELLING, status=409, anonymous=401) | STRANGE,
    ),
    Row("api_content-verdict", ("reviewed_content",), post=only(*REVIEWING, status=400, anonymous=401) | STRANGE),
    Row("api_content-results", ("published_content",), get=signed_in(200, anonymous=401) | STRANGE),
    *[
        Row(f"api_content-{name}", ("published_content",), post=only(*SELLING, status=400, anonymous=401) | STRANGE)
        for name in ("publish", "take-down", "cancel")
    ],
]


def world(**known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    seller = known["people"]["seller"]
    plan = make_plan(known["shop"], seller, products=[known["product"]])
    collaboration = make_collaboration(plan, make_creator(), state="accepted")
    now = timezone.now()
    content = content_add(collaboration=collaboration, by=seller, at=now)
    draft = draft_submit(content=content, by=seller, at=now, script="New #ad", file=make_file(seller))
    published = content_add(collaboration=collaboration, by=seller, at=now)
    url = "https://www.tiktok.com/@brass/video/7301234567890990001"
    published = content_publish(
        content=published, by=seller, at=now, published_at=now - timedelta(days=2), url=url, product=known["product"]
    )
    day = (now - timedelta(days=1)).date()
    result = result_write(content=published, values={"views": 5}, source="hand", by=seller, at=now, day=day)
    text = f"Video ID,Date,Views\n7301234567890990001,{day},9\n"
    upload = SimpleUploadedFile("results.csv", text.encode())
    result_import = result_import_create(upload=upload, shop=known["shop"], by=seller, at=now)
    return {
        "reviewed_content": content, "content_draft": draft, "published_content": published,
        "content_step_name": "down", "result": result, "result_import": result_import,
    }  # fmt: skip
