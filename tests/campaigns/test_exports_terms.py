from decimal import Decimal

import pytest
from django.utils import timezone

from campaigns.exports.terms import terms_pdf
from campaigns.rules.terms_document import percent_text, terms_document, terms_fingerprint
from campaigns.selectors.quotes import listed_quote_of
from campaigns.services.agreements import agreement_acknowledge, agreement_write
from campaigns.services.collaborations import collaboration_move
from tests.factories import make_creator
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
