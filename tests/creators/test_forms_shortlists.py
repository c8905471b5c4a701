"""Forms of shortlists."""

import pytest

from creators.forms.shortlists import AddForm
from creators.services.shortlists import shortlist_create
from tests.factories import make_creator, make_shop, make_user

pytestmark = pytest.mark.django_db


def test_a_typed_name_wins_over_the_list_chosen_beforehand() -> None:
    seller, creator = make_user("seller"), make_creator()
    shop = make_shop([seller])
    existing = shortlist_create(shop=shop, name="Maybe later", by=seller)
    data = {"shortlist": existing.pk, "new_name": "Winter gifts", "shop": shop.pk}
    form = AddForm(data, user=seller, creator_ids=[creator.pk])
    assert form.is_valid()
    assert form.cleaned_data["shortlist"] is None
    assert form.cleaned_data["new_name"] == "Winter gifts"
