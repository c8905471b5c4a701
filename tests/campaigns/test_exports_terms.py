from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from campaigns.exports.terms import terms_pdf
from campaigns.rules.terms_document import percent_text, terms_document, terms_fingerprint
from campaigns.selectors.quotes import listed_quote_of
from campaigns.services.agreements import agreement_acknowledge, agreement_write
from campaigns.services.collaborations import collaboration_move
from creators.models import Snapshot
from creators.states import Quality
from tests.campaigns.problems import make_problem
from tests.factories import make_creator, sign_in
from tests.links import make_link
from tests.pdfs import words_of
from tests.plans import NOON, make_collaboration, make_plan, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def collaboration():
    plan = make_plan(rate="12.5", currency="GBP", contact_name="Sofia")
    make_product(plan.shop)
    found = make_collaboration(plan, make_creator("brass_lantern", nickname="黄铜灯"))
    agreement_write(
        collaboration=found,
        by=found.owner,
        at=NOON,
        basis="guarantee",
        guarantee=Decimal(400),
        share_rate=Decimal("7.5"),
        usage_rights="Ads & <organic>",
    )
    for to in ("invited", "accepted"):
        found = collaboration_move(collaboration=found, to=to, by=found.owner, at=NOON)
    return found


def test_pdf_says_the_frozen_terms(collaboration):
    words = words_of(terms_pdf(collaboration, language="en", compress=False))
    product = collaboration.agreement.terms["products"][0]["title"]
    for word in ("Terms of the collaboration", product, "12.5%", "400.00 GBP", "7.5%", "Ads & < organic >", "Not yet"):
        assert word in words, word
    assert "黄铜灯" in words
    assert terms_fingerprint(collaboration.agreement.terms)[:32] in words


def test_pdf_says_when_the_creator_agreed(collaboration):
    link, _token = make_link(collaboration.creator)
    agreement_acknowledge(agreement=collaboration.agreement, link=link, at=timezone.now())
    words = words_of(terms_pdf(collaboration, language="en", compress=False))
    assert "through the personal link" in words


def test_pdf_of_the_same_terms_has_the_same_bytes(collaboration):
    assert terms_pdf(collaboration, language="zh-hans") == terms_pdf(collaboration, language="zh-hans")


def test_pdf_of_a_draft_says_so():
    collaboration = make_collaboration()
    words = words_of(terms_pdf(collaboration, language="en", compress=False))
    assert "Draft of the terms, not agreed on." in words
    assert "sha256" not in words


def test_document_leaves_out_what_the_basis_does_not_know(collaboration):
    document = terms_document(collaboration.agreement.terms, language="en")
    assert [name for name, _text in document.paid] == [
        "Basis",
        "Guarantee",
        "Share of the net sales",
        "Commission",
    ]


@pytest.mark.parametrize(("rate", "text"), [("15.00", "15%"), ("12.50", "12.5%"), ("20", "20%"), ("0.05", "0.05%")])
def test_percent_text_drops_zeros(rate, text):
    assert percent_text(rate) == text


def test_no_listed_price_without_a_list():
    assert listed_quote_of(make_creator()) is None


@pytest.mark.parametrize(
    ("quality", "ranges", "text", "mark"),
    [
        (Quality.EXACT, None, "£150", "exact"),
        (Quality.RANGE, {"price_quote": "400"}, "£150–400", "range"),
        (Quality.RANGE, {"price_quote": None}, "£150+", "range"),
    ],
)
def test_listed_price_stays_in_its_currency_and_names_its_source(quality, ranges, text, mark):
    creator = make_creator()
    Snapshot.objects.create(
        creator=creator,
        source="affiliate center",
        as_of=date(2026, 11, 20),
        quality=quality,
        currency="GBP",
        price_quote=Decimal(150),
        ranges=ranges,
        recorded_at=NOON,
    )
    found = listed_quote_of(creator)
    assert (found.text, found.mark, found.source, found.as_of) == (text, mark, "affiliate center", date(2026, 11, 20))


def test_sections_are_on_the_page_of_the_collaboration(client, collaboration):
    make_problem(collaboration, summary="The parcel is lost")
    sign_in(client, collaboration.owner)
    page = client.get(collaboration.get_absolute_url()).content.decode()
    for word in ("Frozen, not acknowledged yet", "£400.00 GBP", "The parcel is lost", "Raise a problem"):
        assert word in page, word
