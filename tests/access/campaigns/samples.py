"""Addresses of samples; `world()` makes the rows that they need."""

from typing import Any

from campaigns.services.sampling import sample_request
from creators.models import Creator
from tests.access.people import LISTING, STRANGE, Row, everybody, only, signed_in
from tests.factories import make_creator
from tests.plans import NOON, make_collaboration, make_plan

SELLING = ("seller", "account_manager", "admin")
WRITING = (*SELLING, "stranger")

ROWS: list[Row] = [
    Row("sample_list", get=signed_in(200), post=everybody(405)),
    Row("sample_economics", get=signed_in(200)),
    # Nothing is chosen.
    Row("sample_bulk_approve", post=only(*LISTING, status=302)),
    Row("sample_bulk_ship", post=only(*LISTING, status=302)),
    Row("sample_detail", ("sample",), get=signed_in(200) | STRANGE),
    Row("sample_step", ("sample", "sample_step_name"), post=only(*SELLING, status=422) | STRANGE),
    Row("sample_request", ("sampled",), get=only(*SELLING) | STRANGE, post=only(*SELLING, status=422) | STRANGE),
    Row("api_sample-list", get=signed_in(200, anonymous=401), post=only(*WRITING, status=400, anonymous=401)),
    Row("api_sample-detail", ("sample",), get=signed_in(200, anonymous=401) | STRANGE),
    *[
        Row(f"api_sample-{name}", ("sample",), post=only(*SELLING, status=status, anonymous=401) | STRANGE)
        for name, status in {
            "refuse": 400,
            "cancel": 400,
            "ship": 400,
            "deliver": 409,
            "extend": 400,
            "defect": 400,
            "defect-answer": 400,
            "return": 400,
            "lose": 400,
            "judge": 400,
            "approve": 200,
        }.items()
    ],
]


def world(**known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    seller, product = known["people"]["seller"], known["product"]
    creator: Creator = make_creator()
    plan = make_plan(known["shop"], seller, products=[product], sample_rule="approval")
    collaboration = make_collaboration(plan, creator, state="accepted")
    sample = sample_request(collaboration=collaboration, product=product, by=seller, at=NOON)
    return {"sample": sample, "sampled": collaboration, "sample_step_name": "refuse"}
