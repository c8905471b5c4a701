"""Addresses of settlements; `world()` makes the rows that they need."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.models import Collaboration
from campaigns.services.order_imports import order_import_create
from campaigns.services.payouts import payout_create
from campaigns.services.settlements import line_approve
from campaigns.services.statements import statement_issue
from tests.access.people import LISTING, STRANGE, Row, everybody, only, signed_in
from tests.factories import make_user
from tests.settlements import make_line, make_order

# Everybody may look, of the shop's members; who sells may change and approve.
ROWS: list[Row] = [
    Row("settlement_list", get=signed_in(200), post=everybody(405)),
    # Nobody else has a line to export.
    Row("settlement_export", get=only(*LISTING) | {"stranger": 400}),
    Row("settlement_approve", post=only(*LISTING, status=302)),
    Row("settlement_refresh", post=only(*LISTING, status=404)),
    Row("settlement_limit", get=only("admin"), post=only("admin", status=422)),
    Row("settlement_detail", ("money_line",), get=signed_in(200) | STRANGE),
    Row("settlement_act", ("money_line",), post=only(*LISTING, status=422) | STRANGE),
    Row(
        "settlement_create", ("collaboration",), get=only(*LISTING) | STRANGE, post=only(*LISTING, status=422) | STRANGE
    ),
    Row("statement_list", get=signed_in(200), post=everybody(405)),
    Row("statement_create", get=only(*LISTING), post=only(*LISTING, status=200)),
    Row(
        "statement_preview",
        ("money_shop", "money_creator", "month_text", "currency_text"),
        get=only(*LISTING) | STRANGE,
        post=only(*LISTING, status=409) | STRANGE,
    ),
    Row("statement_detail", ("statement",), get=signed_in(200) | STRANGE),
    Row("statement_download", ("statement",), get=only(*LISTING) | STRANGE),
    Row("payout_list", get=signed_in(200), post=everybody(405)),
    Row("payout_create", post=only(*LISTING, status=404)),
    Row("payout_detail", ("payout",), get=signed_in(200) | STRANGE),
    Row("payout_file", ("payout",), get=only(*LISTING) | STRANGE),
    Row("payout_pay", ("payout",), post=only(*LISTING, status=422) | STRANGE),
    Row("payout_discard", ("payout",), post=only(*LISTING, status=302) | STRANGE),
    Row("order_line_list", get=signed_in(200), post=everybody(405)),
    Row("order_import", get=only(*LISTING), post=only(*LISTING, status=422)),
    Row("order_import_detail", ("order_import",), get=only(*LISTING) | STRANGE),
    Row("order_import_start", ("order_import",), post=only(*LISTING, status=302) | STRANGE),
    Row("order_import_cancel", ("order_import",), post=only(*LISTING, status=409) | STRANGE),
    Row("order_import_failures", ("order_import",), get=only(*LISTING) | STRANGE),
    Row("api_settlement-list", get=signed_in(200, anonymous=401)),
    Row("api_settlement-detail", ("money_line",), get=signed_in(200, anonymous=401) | STRANGE),
    # It was approved already, and nobody said why it is disputed.
    Row("api_settlement-approval", ("money_line",), post=only(*LISTING, status=409, anonymous=401) | STRANGE),
    Row("api_settlement-dispute", ("money_line",), post=only(*LISTING, status=400, anonymous=401) | STRANGE),
    Row("api_statement-list", get=signed_in(200, anonymous=401), post=only(*LISTING, status=400, anonymous=401)),
    Row("api_statement-detail", ("statement",), get=signed_in(200, anonymous=401) | STRANGE),
    Row("api_payout-list", get=signed_in(200, anonymous=401), post=only(*LISTING, status=400, anonymous=401)),
    Row("api_payout-detail", ("payout",), get=signed_in(200, anonymous=401) | STRANGE),
    Row("api_payout-payment", ("payout",), post=only(*LISTING, status=400, anonymous=401) | STRANGE),
    Row("api_order_line-list", get=signed_in(200, anonymous=401), post=only(*LISTING, status=400, anonymous=401)),
]


def world(*, collaboration: Collaboration, **known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    now = timezone.now()
    maker, other = make_user(), make_user()
    make_order(collaboration, ordered_at=now - timedelta(days=1))
    line = line_approve(line=make_line(collaboration, by=maker, at=now), by=other, at=now)
    shared = {"shop": collaboration.shop, "by": other, "at": now}
    statement = statement_issue(creator=collaboration.creator, month=now.date(), currency=line.currency, **shared)
    text = f"Order ID,Creator Username,Price,Time Created\n1,{collaboration.creator.handle},5,2026-11-20\n"
    upload = SimpleUploadedFile("orders.csv", text.encode())
    return {
        "money_line": line,
        "money_shop": collaboration.shop,
        "money_creator": collaboration.creator,
        "month_text": f"{now:%Y-%m}",
        "currency_text": line.currency,
        "statement": statement,
        "payout": payout_create(currency=line.currency, **shared),
        "order_import": order_import_create(upload=upload, **shared),
    }
