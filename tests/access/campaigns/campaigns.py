"""Addresses of campaigns; `world()` makes the rows that they need."""

from typing import Any

from campaigns.services.matrices import matrix_create
from campaigns.services.stages import StageValues, stage_create
from tests.access.people import STRANGE, Row, only, signed_in
from tests.plans import NOON, make_campaign

WRITING = ("seller", "account_manager", "admin")
SEEN = signed_in(200) | STRANGE
CHANGED = only(*WRITING) | STRANGE
POSTED = only(*WRITING, status=422) | STRANGE
MOVED = only(*WRITING, status=302) | STRANGE
ASKED = signed_in(200, anonymous=401) | STRANGE
SENT = only(*WRITING, status=400, anonymous=401) | STRANGE
ROWS: list[Row] = [
    Row("campaign_list", get=signed_in(200)),
    Row("campaign_export", get=only(*WRITING) | {"stranger": 400}),
    Row("campaign_create", get=only(*WRITING, "stranger"), post=only(*WRITING, "stranger", status=422)),
    Row("campaign_detail", ("campaign",), get=SEEN),
    Row("campaign_edit", ("campaign",), get=CHANGED, post=POSTED),
    # There is no state of that name.
    Row("campaign_move", ("campaign",), post=only(*WRITING, status=409) | STRANGE),
    Row("campaign_map", ("campaign",), get=SEEN),
    Row("stage_preset", ("campaign",), post=only(*WRITING, status=409) | STRANGE),
    Row("stage_create", ("campaign",), get=CHANGED, post=POSTED),
    Row("stage_edit", ("campaign", "stage"), get=CHANGED, post=POSTED),
    Row("stage_delete", ("campaign", "stage"), post=MOVED),
    Row("matrix_list", ("campaign",), get=SEEN),
    Row("matrix_create", ("campaign",), get=CHANGED, post=POSTED),
    Row("matrix_detail", ("matrix",), get=SEEN),
    Row("matrix_assign", ("matrix",), get=CHANGED, post=POSTED),
    Row("matrix_push", ("matrix", "cell"), post=MOVED),
    Row("api_campaign-list", get=signed_in(200, anonymous=401), post=SENT | {"stranger": 400}),
    Row("api_campaign-detail", ("campaign",), get=ASKED, patch=only(*WRITING, anonymous=401) | STRANGE),
    Row("api_campaign-move", ("campaign",), post=SENT),
    Row("api_campaign-stages", ("campaign",), get=ASKED, post=SENT),
    Row("api_campaign-stage", ("campaign", "stage"), patch=only(*WRITING, anonymous=401) | STRANGE),
    Row("api_campaign-matrices", ("campaign",), get=ASKED, post=SENT),
]  # fmt: skip


def world(**known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    seller = known["people"]["seller"]
    campaign = make_campaign(known["shop"], seller)
    first = campaign.starts_on
    stage = stage_create(campaign=campaign, values=StageValues("Push", first, first), by=seller)
    matrix = matrix_create(
        campaign=campaign, name="Test", products=[known["product"]], styles=["Story"], by=seller, at=NOON
    )
    known["product"].default_commission_rate = 15
    known["product"].save()
    return {"campaign": campaign, "stage": stage, "matrix": matrix, "cell": matrix.cells.get()}
