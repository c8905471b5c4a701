"""Pages of templates, limits and who wants no contact."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import DoNotContact, MessageTemplate, QuotaTier
from campaigns.services.settings import settings_of
from campaigns.services.templates import template_save
from tests.campaigns.outreach import answer, make_seller, put_into_tier, write
from tests.factories import make_creator, make_shop, make_user, sign_in
from tests.plans import NOON

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def errors(response) -> dict:
    return response.context["form"].errors


def make_template(shop, by, language="en", **options):
    values = {"name": "First contact", "stage": "invitation", "body": "Hi {creator}"} | options
    return template_save(shop=shop, language=language, by=by, at=NOON, **values)


def test_templates_stand_with_their_translations(client):
    seller, shop = make_seller()
    make_template(shop, seller)
    make_template(shop, seller, "vi", body="Chào {creator}")
    other, other_shop = make_seller()
    make_template(other_shop, other, name="Hidden")
    page = text(sign_in(client, seller).get(reverse("template_list")))
    assert page.count("First contact") == page.count("More for First contact") + 1 + page.count("“First contact")
    assert "Hi {creator}" in page
    assert "Hidden" not in page


def test_a_template_is_written_translated_changed_and_taken_out_of_use(client):
    seller, shop = make_seller()
    sign_in(client, seller)
    form = {"shop": shop.pk, "name": "Hello", "stage": "invitation", "language": "en", "body": "Hi {creator}"}
    assert client.post(reverse("template_create"), form).status_code == 302
    template = MessageTemplate.objects.get()
    like = client.get(reverse("template_create"), {"like": template.pk})
    assert like.context["form"].initial["name"] == "Hello"
    url = reverse("template_edit", args=[template.pk])
    response = client.post(url, form | {"body": "Hi {nobody}"})
    assert (response.status_code, "{nobody}" in errors(response)["body"][0]) == (422, True)
    assert client.post(url, form | {"body": "Hello {creator}"}).status_code == 302
    archive = reverse("template_archive", args=[template.pk])
    assert client.get(archive).status_code == 200
    assert client.post(archive).status_code == 302
    template.refresh_from_db()
    assert (template.body, template.archived_at is None) == ("Hello {creator}", False)
    assert client.get(url).status_code == 404


def test_another_shop_is_not_offered(client):
    seller, _shop = make_seller()
    form = {"shop": make_shop().pk, "name": "Hello", "stage": "invitation", "language": "en", "body": "Hi"}
    response = sign_in(client, seller).post(reverse("template_create"), form)
    assert list(errors(response)) == ["shop"]


def test_the_quota_of_the_week_and_how_creators_answer(client):
    seller, shop = make_seller(time_zone="Asia/Ho_Chi_Minh")
    put_into_tier(shop, weekly_limit=50)
    for _ in range(2):
        write(shop, seller, at=timezone.now())
    month_ago = timezone.now() - timedelta(days=30)
    answer(write(shop, seller, at=month_ago), at=month_ago + timedelta(hours=6))
    page = text(sign_in(client, seller).get(reverse("outreach_limits")))
    assert "used 2 of 50 this week, resets Sunday 00:00 Asia/Ho_Chi_Minh" in page
    for part in ("100%", "of 1 contact", "6.0 h"):
        assert part in page


def test_an_unmetered_shop_is_shown_so(client):
    seller, shop = make_seller()
    write(shop, seller, at=timezone.now())
    page = text(sign_in(client, seller).get(reverse("outreach_limits")))
    assert "1 new creator this week, unmetered" in page
    assert "No tier yet" in page


def test_an_account_manager_sets_tiers_and_limits(client):
    manager = make_user("account_manager")
    shop = make_shop([manager])
    sign_in(client, manager)
    client.post(reverse("tier_create"), {"name": "Tier 1", "weekly_limit": "50", "max_followers": "20000"})
    tier = QuotaTier.objects.get()
    assert errors(client.post(reverse("tier_create"), {"name": "Tier 1"}))["name"] == ["Another tier has this name."]
    form = {"tier": tier.pk, "cool_down_days": "21", "reply_days": "5", "remind_days": "2"}
    assert client.post(reverse("outreach_limits_edit", args=[shop.pk]), form).status_code == 302
    assert settings_of(shop=shop).tier == tier
    client.post(reverse("tier_edit", args=[tier.pk]), {"name": "Tier 1", "weekly_limit": ""})
    tier.refresh_from_db()
    assert tier.weekly_limit is None
    assert "unmetered" in text(client.get(reverse("outreach_limits")))
    remove = reverse("tier_remove", args=[tier.pk])
    assert client.get(remove).status_code == 200
    assert client.post(remove).status_code == 409
    client.post(reverse("outreach_limits_edit", args=[shop.pk]), form | {"tier": ""})
    assert client.post(remove).status_code == 302


def test_the_limits_of_another_shop_are_not_there(client):
    manager = make_user("account_manager")
    url = reverse("outreach_limits_edit", args=[make_shop().pk])
    assert sign_in(client, manager).get(url).status_code == 404


def test_a_creator_goes_on_and_off_the_list(client):
    seller, shop = make_seller()
    make_creator("brass_lantern")
    sign_in(client, seller)
    form = {"creator": "@brass_lantern", "shop": shop.pk, "reason": "Asked us to stop."}
    assert client.post(reverse("do_not_contact_create"), form).status_code == 302
    page = text(client.get(reverse("do_not_contact_list"), {"q": "@BRASS"}))
    assert "Asked us to stop." in page
    remove = reverse("do_not_contact_remove", args=[DoNotContact.objects.get().pk])
    assert "Asked us to stop." in text(client.get(remove))
    assert client.post(remove, {"reason": " "}).status_code == 422
    assert client.post(remove, {"reason": "Asked for a plan."}).status_code == 302
    client.get(reverse("do_not_contact_list"))
    assert "@brass_lantern" not in text(client.get(reverse("do_not_contact_list")))
    assert "removed: Asked for a plan." in text(client.get(reverse("do_not_contact_list"), {"tab": "removed"}))


def test_handles_that_name_nobody_or_several_are_refused(client):
    seller, shop = make_seller()
    here = make_creator("brass_lantern")
    make_creator("brass_lantern", market="GB")
    sign_in(client, seller)
    url = reverse("do_not_contact_create")
    form = {"creator": "nobody_at_all", "shop": shop.pk, "reason": "Asked us."}
    assert "No creator" in errors(client.post(url, form))["creator"][0]
    form["creator"] = "brass_lantern"
    assert "several markets" in errors(client.post(url, form))["creator"][0]
    assert {"handle_unknown", "handle_ambiguous"}
    client.post(f"{url}?creator={here.pk}", form)
    assert DoNotContact.objects.get().creator == here
    assert client.get(url, {"creator": "x"}).status_code == 200


def test_the_whole_organisation_is_offered_to_who_may(client):
    manager, seller = make_user("account_manager"), make_user()
    make_shop([manager, seller])
    creator = make_creator()
    url = f"{reverse('do_not_contact_create')}?creator={creator.pk}"
    form = {"creator": creator.handle, "shop": "all", "reason": "Asked us."}
    assert list(errors(sign_in(client, seller).post(url, form))) == ["shop"]
    sign_in(client, manager).post(url, form)
    assert DoNotContact.objects.get().shop is None
    assert errors(client.post(url, form))
