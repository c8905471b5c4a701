"""Addresses of plans; `world()` makes the rows that they need."""

from typing import Any

from tests.access.people import LISTING, STRANGE, Row, everybody, only, signed_in

ROWS: list[Row] = [
    Row("plan_list", get=signed_in(200), post=everybody(405)),
    # Who works for several shops chooses one first.
    Row("plan_create", get=only(*LISTING), post=only(*LISTING, status=422) | {"admin": 200}),
    Row("plan_bulk_add", get=only(*LISTING)),
    Row("plan_detail", ("plan",), get=signed_in(200) | STRANGE),
    Row("plan_edit", ("plan",), get=only(*LISTING) | STRANGE, post=only(*LISTING, status=422) | STRANGE),
    # It is running already.
    Row("plan_start", ("plan",), get=only(*LISTING) | STRANGE, post=only(*LISTING, status=409) | STRANGE),
    Row("plan_close", ("plan",), get=only(*LISTING) | STRANGE),
    Row("plan_archive", ("plan",), get=only(*LISTING) | STRANGE, post=only(*LISTING, status=409) | STRANGE),
    Row("plan_duplicate", ("plan",), get=only(*LISTING) | STRANGE, post=only(*LISTING, status=422) | STRANGE),
    Row("plan_export", ("plan",), get=only(*LISTING) | STRANGE),
    Row("plan_add_creators", ("plan",), get=only(*LISTING) | STRANGE, post=only(*LISTING) | STRANGE),
    Row("plan_products", ("plan",), get=only(*LISTING) | STRANGE, post=only(*LISTING, status=422) | STRANGE),
    Row("plan_commission", ("plan", "plan_product"), get=only(*LISTING) | STRANGE,
        post=only(*LISTING, status=422) | STRANGE),
    # A running plan keeps its last product.
    Row("plan_product_remove", ("plan", "plan_product"), post=only(*LISTING, status=409) | STRANGE),
    Row("api_plan-list", get=signed_in(200, anonymous=401), post=only(*LISTING, status=400, anonymous=401)),
    Row("api_plan-detail", ("plan",), get=signed_in(200, anonymous=401) | STRANGE,
        patch=only(*LISTING, anonymous=401) | STRANGE),
    Row("api_plan-start", ("plan",), post=only(*LISTING, status=409, anonymous=401) | STRANGE),
    Row("api_plan-close", ("plan",), post=only(*LISTING, anonymous=401) | STRANGE),
    Row("api_plan-archive", ("plan",), post=only(*LISTING, status=409, anonymous=401) | STRANGE),
    Row("api_plan-duplicate", ("plan",), post=only(*LISTING, status=201, anonymous=401) | STRANGE),
    Row("api_plan_seats", ("plan",), get=signed_in(200, anonymous=401) | STRANGE,
        post=only(*LISTING, status=400, anonymous=401) | STRANGE),
    Row("api_plan_seat", ("plan", "plan_seat"), delete=only(*LISTING, status=400, anonymous=401) | STRANGE),
    Row("api_plan_products", ("plan",), get=signed_in(200, anonymous=401) | STRANGE,
        post=only(*LISTING, status=400, anonymous=401) | STRANGE),
    Row("api_plan_product", ("plan", "plan_product"), patch=only(*LISTING, status=400, anonymous=401) | STRANGE,
        delete=only(*LISTING, status=409, anonymous=401) | STRANGE),
]  # fmt: skip


def world(**known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    return {"plan_product": known["plan"].plan_products.get(), "plan_seat": known["collaboration"].seat}
