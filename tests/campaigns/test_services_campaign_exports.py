import pytest

from campaigns.services import campaign_exports
from campaigns.services.campaign_exports import campaigns_export
from core.errors import DomainError
from core.models import ExportRecord
from tests.factories import make_shop, make_user
from tests.plans import make_campaign

pytestmark = pytest.mark.django_db


def export(by, query=""):
    return campaigns_export(query=query, file_format="csv", by=by)


def code(by, query=""):
    with pytest.raises(DomainError) as refused:
        export(by, query)
    return refused.value.code


def test_an_export_is_recorded():
    seller = make_user()
    make_campaign(make_shop([seller]), seller)
    rows = list(export(seller, "goal=sales").rows)
    record = ExportRecord.objects.get()
    assert (len(rows), record.rows, record.query, record.by, record.has_contacts) == (1, 1, "goal=sales", seller, False)


def test_exports_that_are_refused(monkeypatch):
    seller = make_user()
    shop = make_shop([seller])
    assert code(seller) == "no_campaigns"
    assert code(seller, "goal=x") == "campaign_filter_unreadable"
    assert code(make_user("viewer")) == "export_not_allowed"
    for _ in range(2):
        make_campaign(shop, seller)
    monkeypatch.setattr(campaign_exports, "MOST", 1)
    assert code(seller) == "too_many_rows"
