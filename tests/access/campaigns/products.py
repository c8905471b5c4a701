"""Addresses of products; `world()` makes the rows that they need."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.services.product_imports import product_import_create
from tests.access.people import STRANGE, Row, everybody, only, signed_in
from tests.plans import make_product

SELLERS = ("seller", "stranger", "account_manager", "admin")
MINE = ("seller", "account_manager", "admin")
ROWS: list[Row] = [
    Row("product_list", get=signed_in(200), post=everybody(405)),
    Row("product_export", get=only(*MINE) | {"stranger": 400}),
    Row("product_create", get=only(*SELLERS), post=only(*SELLERS, status=422)),
    Row("product_detail", ("product",), get=signed_in(200) | STRANGE),
    Row("product_edit", ("product",), get=only(*MINE) | STRANGE, post=only(*MINE, status=422) | STRANGE),
    Row("product_move", ("product",), post=only(*MINE, status=302) | STRANGE, data={"to": "paused"}),
    Row("product_stock", ("product",), post=only(*MINE, status=422) | STRANGE),
    Row("product_import", get=only(*SELLERS), post=only(*SELLERS, status=422)),
    Row("product_import_columns", ("product_import",), get=only(*MINE) | STRANGE, post=only(*MINE) | STRANGE),
    Row(
        "product_import_detail",
        ("product_import",),
        get=signed_in(200) | STRANGE | dict.fromkeys(MINE, 302),
    ),
    Row("product_import_cancel", ("product_import",), post=only(*MINE, status=409) | STRANGE),
    Row("product_import_refused", ("product_import",), get=only(*MINE) | STRANGE),
    Row(
        "api_product-list",
        get=signed_in(200, anonymous=401),
        post=only(*SELLERS, status=400, anonymous=401),
    ),
    Row(
        "api_product-detail",
        ("product",),
        get=signed_in(200, anonymous=401) | STRANGE,
        patch=only(*MINE, anonymous=401) | STRANGE,
    ),
    Row("api_product-stock", ("product",), post=only(*MINE, status=400, anonymous=401) | STRANGE),
]


def world(**known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    make_product(known["shop"], known["people"]["seller"])
    upload = SimpleUploadedFile("list.csv", b"SKU,Title,Price\nA-1,Serum,24\n")
    source = product_import_create(shop=known["shop"], upload=upload, by=known["people"]["seller"], at=timezone.now())
    return {"product_import": source}
