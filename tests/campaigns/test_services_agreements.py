from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Agreement, Quote
from campaigns.services.agreements import agreement_acknowledge, agreement_write
from campaigns.services.collaborations import collaboration_move
from campaigns.services.quotes import quote_record, quote_remove
from core.errors import DomainError
from tests.factories import make_creator, make_user
from tests.links import make_link
from tests.plans import NOON, make_campaign, make_collaboration, make_plan

pytestmark = pytest.mark.django_db


def write(collaboration, basis="commission", **fields) -> Agreement:
    return agreement_write(collaboration=collaboration, by=collaboration.owner, at=NOON, basis=basis, **fields)


def accept(collaboration):
    for to in ("invited", "accepted"):
        collaboration = collaboration_move(collaboration=collaboration, to=to, by=collaboration.owner, at=NOON)
    return collaboration


def refusal(function, **arguments) -> DomainError:
    with pytest.raises(DomainError) as caught:
        function(**arguments)
    return caught.value


def test_write_takes_currency_and_contents_of_the_plan():
    agreement = write(make_collaboration(make_plan(currency="GBP", contents_wanted=3)))
    assert (agreement.currency, agreement.contents) == ("GBP", 3)


def test_write_leaves_out_money_of_another_basis():
    collaboration = make_collaboration()
    agreement = write(collaboration, "fixed", fixed_fee=Decimal(200), guarantee=Decimal(90), share_rate=Decimal(5))
    agreement.refresh_from_db()
    assert (agreement.fixed_fee, agreement.guarantee, agreement.share_rate) == (200, None, None)


def test_write_again_replaces_everything():
    collaboration = make_collaboration()
    write(collaboration, "fixed", fixed_fee=Decimal(200), usage_rights="Ads")
    agreement = write(collaboration, "per_views", per_views_fee=Decimal(5), per_views_cap=Decimal(50))
    assert (agreement.fixed_fee, agreement.usage_rights, Agreement.objects.count()) == (None, "", 1)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"basis": "barter"}, {"basis"}),
        ({"basis": "fixed"}, {"fixed_fee"}),
        ({"basis": "buy_out", "fixed_fee": Decimal(0)}, {"fixed_fee"}),
        ({"basis": "guarantee", "guarantee": Decimal(5)}, {"share_rate"}),
        ({"basis": "guarantee", "guarantee": Decimal(5), "share_rate": Decimal(101)}, {"share_rate"}),
        ({"basis": "per_views", "per_views_fee": Decimal(5), "per_views_cap": Decimal(4)}, {"per_views_cap"}),
        ({"currency": "usd"}, {"currency"}),
        ({"contents": 0}, {"contents"}),
        ({"due_on": date(2026, 11, 21)}, {"due_on"}),
        ({"usage_until": date(2027, 1, 1)}, {"usage_rights"}),
        ({"exclusive_until": date(2027, 1, 1)}, {"exclusivity"}),
    ],
)
def test_write_refuses_what_does_not_fit(fields, wrong):
    error = refusal(write, collaboration=make_collaboration(), **fields)
    assert (error.code, set(error.fields)) == ("terms_invalid", wrong)


def test_write_refuses_a_quote_of_somebody_else():
    collaboration = make_collaboration()
    quote = record(make_creator(), collaboration)
    assert refusal(write, collaboration=collaboration, quote=quote).code == "quote_foreign"


def test_write_is_refused_once_frozen_and_when_over():
    collaboration = accept(make_collaboration())
    error = refusal(write, collaboration=collaboration)
    assert (error.code, error.status) == ("terms_frozen", 409)
    dropped = make_collaboration()
    collaboration_move(collaboration=dropped, to="dropped", by=dropped.owner, at=NOON, reason="No")
    assert refusal(write, collaboration=dropped).code == "collaboration_over"


def test_acceptance_freezes_all_that_was_written():
    collaboration = make_collaboration(make_plan(rate="12.5"))
    write(collaboration, "fixed", fixed_fee=Decimal(200), usage_rights="Ads", usage_until=date(2027, 3, 1))
    accept(collaboration)
    terms = Agreement.objects.get(collaboration=collaboration).terms
    assert (terms["fixed_fee"], terms["usage_until"], terms["basis"]) == ("200.00", "2027-03-01", "fixed")
    assert terms["products"][0]["commission_rate"] == "12.50"


def test_acceptance_without_terms_freezes_commission_and_the_rights_asked():
    plan = make_plan()
    plan.campaign = make_campaign(plan.shop, plan.owner, usage_rights="Organic only")
    plan.save()
    accept(collaboration := make_collaboration(plan))
    agreement = collaboration.agreement
    assert (agreement.basis, agreement.terms["usage_rights"], agreement.frozen_at) == (
        "commission",
        "Organic only",
        NOON,
    )


def test_the_database_refuses_a_change_of_frozen_terms():
    accept(collaboration := make_collaboration())
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(collaboration=collaboration).update(usage_rights="Everything")


def test_acknowledge_once_through_the_own_link():
    accept(collaboration := make_collaboration())
    link, _token = make_link(collaboration.creator)
    at = timezone.now()
    agreement = agreement_acknowledge(agreement=collaboration.agreement, link=link, at=at)
    assert (agreement.acknowledged_at, agreement.acknowledged_through) == (at, link)
    again = agreement_acknowledge(agreement=agreement, link=link, at=at + timedelta(hours=1))
    assert again.acknowledged_at == at


def test_acknowledge_refuses_strangers_drafts_and_what_is_over():
    collaboration = make_collaboration()
    agreement = write(collaboration)
    link, _token = make_link(collaboration.creator)
    strange, _token = make_link(make_creator())
    at = timezone.now()
    assert refusal(agreement_acknowledge, agreement=agreement, link=strange, at=at).code == "link_foreign"
    assert refusal(agreement_acknowledge, agreement=agreement, link=link, at=at).code == "terms_not_frozen"
    collaboration = accept(collaboration)
    collaboration_move(collaboration=collaboration, to="dropped", by=collaboration.owner, at=NOON, reason="No")
    assert refusal(agreement_acknowledge, agreement=agreement, link=link, at=at).code == "collaboration_over"


def record(creator, collaboration, **fields) -> Quote:
    values = {"form": "video", "price": Decimal(300), "currency": "USD"} | fields
    return quote_record(creator=creator, shop=collaboration.shop, by=make_user(), at=NOON, **values)


def test_quote_is_recorded():
    collaboration = make_collaboration()
    quote = record(collaboration.creator, collaboration, valid_until=date(2026, 12, 1), note=" by mail ")
    assert (quote.source, quote.note, quote.recorded_at) == ("creator", "by mail", NOON)


@pytest.mark.parametrize(
    "fields",
    [
        {"form": "song"},
        {"source": "rumour"},
        {"price": Decimal(-1)},
        {"currency": "$"},
        {"valid_until": date(2026, 11, 1)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_quote_is_refused_with_the_field(fields):
    collaboration = make_collaboration()
    error = refusal(record, creator=collaboration.creator, collaboration=collaboration, **fields)
    assert (error.code, set(error.fields)) == ("quote_invalid", set(fields))


def test_quote_of_frozen_terms_stays():
    collaboration = make_collaboration()
    quote = record(collaboration.creator, collaboration)
    spare = record(collaboration.creator, collaboration)
    write(collaboration, "fixed", fixed_fee=Decimal(300), quote=quote)
    accept(collaboration)
    assert refusal(quote_remove, quote=quote, by=make_user()).code == "quote_in_terms"
    quote_remove(quote=spare, by=make_user())
    assert list(Quote.objects.all()) == [quote]
