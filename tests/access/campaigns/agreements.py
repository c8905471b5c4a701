"""Addresses of terms, quotes and their acknowledgement; `world()` makes the rows that they need."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from campaigns.services.agreements import agreement_write
from campaigns.services.quotes import quote_record
from tests.access.people import STRANGE, Row, everybody, only, signed_in
from tests.factories import make_creator
from tests.plans import make_collaboration

EDITING = ("seller", "stranger", "account_manager", "admin")
SHARED = {"anonymous": 401}
ROWS: list[Row] = [
    Row("agreement_edit", ("unaccepted",), get=only(*EDITING) | STRANGE, post=only(*EDITING, status=422) | STRANGE),
    # Accepted: the terms are frozen.
    Row("agreement_edit", ("collaboration",), get=only(*EDITING) | STRANGE),
    Row("agreement_pdf", ("collaboration",), get=signed_in(200) | STRANGE),
    Row("quote_create", ("unaccepted",), get=only(*EDITING, status=302) | STRANGE),
    Row("quote_create", ("unaccepted",), post=only(*EDITING, status=422) | STRANGE),
    Row("quote_remove", ("unaccepted", "quote"), post=only(*EDITING, status=302) | STRANGE),
    # A link that works; nobody has entered its code.
    Row("creator_terms", ("link_token",), get=everybody(302)),
    Row("creator_terms_agree", ("link_token", "agreement"), post=everybody(302)),
    Row("creator_terms_pdf", ("link_token", "agreement"), get=everybody(302)),
    Row("api_agreement-detail", ("unaccepted",), get=signed_in(200) | STRANGE | SHARED),
    Row("api_quote-list", get=signed_in(200) | SHARED, post=only(*EDITING, status=400) | SHARED),
    Row("api_quote-detail", ("quote",), get=signed_in(200) | STRANGE | SHARED),
    Row("api_quote-detail", ("quote",), delete=only(*EDITING, status=204) | STRANGE | SHARED),
]


def world(**known: Any) -> dict[str, Any]:
    """`known`: people, shop, creator, product, plan, collaboration (accepted) of the world."""
    collaboration = make_collaboration(known["plan"], make_creator())
    by, at = known["people"]["seller"], timezone.now()
    agreement = agreement_write(collaboration=collaboration, by=by, at=at, basis="commission")
    quote = quote_record(
        creator=collaboration.creator,
        shop=collaboration.shop,
        form="video",
        price=Decimal(300),
        currency="USD",
        by=by,
        at=at,
    )
    return {"unaccepted": collaboration, "agreement": agreement, "quote": quote}
