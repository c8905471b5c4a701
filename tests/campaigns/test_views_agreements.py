from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from campaigns.models import Agreement, Quote
from campaigns.services.agreements import agreement_write
from campaigns.services.collaborations import collaboration_move
from tests.factories import make_creator, make_user, sign_in
from tests.links import make_link, open_page
from tests.plans import NOON, make_collaboration, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def collaboration(client):
    found = make_collaboration()
    sign_in(client, found.owner)
    return found


def address(collaboration, name="agreement_edit") -> str:
    return reverse(name, args=[collaboration.pk])


def accepted(collaboration, **terms):
    if terms:
        agreement_write(collaboration=collaboration, by=collaboration.owner, at=NOON, **terms)
    for to in ("invited", "accepted"):
        collaboration = collaboration_move(collaboration=collaboration, to=to, by=collaboration.owner, at=NOON)
    return collaboration


def test_terms_are_written_by_the_form(client, collaboration):
    assert client.get(address(collaboration)).status_code == 200
    data = {"basis": "fixed", "currency": "USD", "fixed_fee": "250", "contents": "2", "usage_rights": "Ads"}
    response = client.post(address(collaboration), data)
    assert response.url == collaboration.get_absolute_url()
    agreement = Agreement.objects.get()
    assert (agreement.basis, agreement.fixed_fee, agreement.contents) == ("fixed", Decimal(250), 2)


def test_form_shows_every_field_and_what_is_wrong(client, collaboration):
    response = client.post(address(collaboration), {"basis": "guarantee", "currency": "USD", "contents": "1"})
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("This basis needs it.") >= 2
    for name in ("fixed_fee", "per_views_fee", "per_views_cap", "guarantee", "share_rate"):
        assert f'name="{name}"' in page


def test_frozen_terms_are_shown_and_refused(client, collaboration):
    accepted(collaboration, basis="buy_out", fixed_fee=Decimal(90))
    page = client.get(address(collaboration)).content.decode()
    assert "Buy-out" in page
    assert 'name="basis"' not in page
    response = client.post(address(collaboration), {"basis": "commission", "currency": "USD", "contents": "1"})
    assert response.status_code == 409
    assert Agreement.objects.get().basis == "buy_out"


def test_quotes_stand_beside_the_terms_and_the_listed_price(client, collaboration):
    creator = collaboration.creator
    response = client.post(
        address(collaboration, "quote_create"),
        {"price": "300", "currency": "USD", "form": "live", "source": "agency", "note": "two hours"},
    )
    assert response.status_code == 302
    page = client.get(address(collaboration)).content.decode()
    assert "$300" in page
    assert "two hours" in page
    quote = Quote.objects.get(creator=creator)
    client.post(reverse("quote_remove", args=[collaboration.pk, quote.pk]))
    assert not Quote.objects.exists()


def test_quote_form_says_what_is_wrong(client, collaboration):
    response = client.post(
        address(collaboration, "quote_create"),
        {"price": "300", "currency": "USD", "form": "live", "source": "agency", "valid_until": "2020-01-01"},
    )
    assert response.status_code == 422
    assert "This day is over." in response.content.decode()


def test_pdf_is_a_download_in_the_language_asked_for(client, collaboration):
    accepted(collaboration)
    english = client.get(address(collaboration, "agreement_pdf"))
    chinese = client.get(address(collaboration, "agreement_pdf") + "?language=zh-hans")
    assert english["Content-Type"] == "application/pdf"
    assert english["Content-Disposition"].startswith('attachment; filename="terms-TP-')
    assert english.content.startswith(b"%PDF-")
    assert english.content != chinese.content
    assert client.get(address(collaboration, "agreement_pdf") + "?language=xx").content == english.content


class TestBehindTheLink:
    @pytest.fixture(autouse=True)
    def fresh_limits(self) -> None:
        cache.clear()

    @pytest.fixture
    def opened(self, client, collaboration) -> str:
        """The token of a link of the creator that the client has opened."""
        client.logout()
        link, token = make_link(collaboration.creator)
        open_page(client, link, token)
        return token

    def test_the_creator_reads_and_agrees(self, client, collaboration, opened):
        accepted(collaboration, basis="fixed", fixed_fee=Decimal(250))
        page = client.get(reverse("creator_terms", args=[opened])).content.decode()
        assert "$250.00 USD" in page
        assert "I agree" in page
        agreement = Agreement.objects.get()
        client.post(reverse("creator_terms_agree", args=[opened, agreement.pk]))
        agreement.refresh_from_db()
        assert agreement.acknowledged_through.creator == collaboration.creator
        page = client.get(reverse("creator_terms", args=[opened])).content.decode()
        assert "You agreed on" in page
        assert "I agree" not in page

    def test_the_page_is_in_the_language_of_the_link(self, client, collaboration):
        accepted(collaboration)
        client.logout()
        link, token = make_link(collaboration.creator, language="zh-hans")
        open_page(client, link, token)
        response = client.get(reverse("creator_terms", args=[token]))
        assert response["Content-Language"] == "zh-hans"
        assert response["Cache-Control"].startswith("max-age=0, no-cache")

    def test_others_terms_and_drafts_are_not_there(self, client, collaboration, opened):
        other = accepted(make_collaboration(make_plan(), make_creator()))
        for name, method in (("creator_terms_agree", "post"), ("creator_terms_pdf", "get")):
            response = getattr(client, method)(reverse(name, args=[opened, other.agreement.pk]))
            assert response.status_code == 404
        agreement_write(collaboration=collaboration, by=collaboration.owner, at=NOON, basis="commission")
        assert "No terms are agreed on yet" in client.get(reverse("creator_terms", args=[opened])).content.decode()

    def test_what_was_dropped_cannot_be_agreed_to(self, client, collaboration, opened):
        agreement = accepted(collaboration).agreement
        collaboration_move(collaboration=collaboration, to="dropped", by=collaboration.owner, at=NOON, reason="No")
        response = client.post(reverse("creator_terms_agree", args=[opened, agreement.pk]))
        assert response.status_code == 404

    def test_closed_terms_stay_readable_and_refuse_an_answer(self, client, opened, collaboration):
        agreement = accepted(collaboration).agreement
        for to in ("content_due", "published", "closed"):
            collaboration_move(collaboration=collaboration, to=to, by=collaboration.owner, at=NOON)
        assert "Over; nobody agreed" in client.get(reverse("creator_terms", args=[opened])).content.decode()
        response = client.post(reverse("creator_terms_agree", args=[opened, agreement.pk]), follow=True)
        assert "This collaboration is over" in response.content.decode()

    def test_the_creator_page_leads_to_the_terms(self, client, collaboration, opened, settings):
        settings.CREATOR_PAGES = f"{__name__}.PAGES"
        page = reverse("creator_page", args=[opened])
        assert "Terms of your collaborations" not in client.get(page).content.decode()
        agreement = accepted(collaboration).agreement
        assert "waiting for your answer: 1 of 1" in client.get(page).content.decode()
        client.post(reverse("creator_terms_agree", args=[opened, agreement.pk]))
        assert "1, none waits for your answer" in client.get(page).content.decode()

    def test_the_creator_keeps_the_pdf(self, client, collaboration, opened):
        agreement = accepted(collaboration).agreement
        response = client.get(reverse("creator_terms_pdf", args=[opened, agreement.pk]))
        assert response.content.startswith(b"%PDF-")
        assert response["X-Robots-Tag"] == "noindex, nofollow"


PAGES = ("campaigns.selectors.agreements.CREATOR_TERMS",)


def test_a_viewer_reads_the_pdf_and_writes_nothing(client, collaboration):
    viewer = make_user("viewer")
    collaboration.shop.memberships.create(user=viewer)
    sign_in(client, viewer)
    assert client.get(address(collaboration, "agreement_pdf")).status_code == 200
    assert client.get(address(collaboration)).status_code == 403
