"""Pages of settlement, as a seller, a second person and an admin."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaigns.models import OrderImport, OrderLine, Payout, SettlementLine, Statement
from campaigns.services.order_imports import order_import_advance
from campaigns.services.settings import settings_of
from campaigns.services.settlements import line_approve, settlement_refresh
from core.models import ExportRecord
from tests.factories import make_creator, make_user, sign_in
from tests.plans import make_collaboration, make_plan
from tests.settlements import approver, make_line, make_order

pytestmark = pytest.mark.django_db
LIST = "/settlements/"


@pytest.fixture
def collaboration():
    return make_collaboration(make_plan(), make_creator("brass_lantern"), state="accepted")


@pytest.fixture
def seller(collaboration):
    return collaboration.owner


def text(response) -> str:
    return response.content.decode()


def taken(response) -> bytes:
    """The bytes of a download."""
    return response.getvalue()


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def platform_line(collaboration, reported="12.00") -> SettlementLine:
    make_order(collaboration, commission_reported=Decimal(reported))
    order = OrderLine.objects.get()
    settlement_refresh(shop=collaboration.shop, month=order.ordered_at.date().replace(day=1), at=timezone.now())
    return SettlementLine.objects.get(payer="platform")


def test_the_list_shows_lines_and_sums_by_currency(client, collaboration, seller):
    make_line(collaboration, "120.50")
    make_line(make_collaboration(make_plan(collaboration.shop, currency="VND"), state="accepted"), "110000")
    page = text(sign_in(client, seller).get(LIST))
    assert "@brass_lantern" in page
    assert page.count("$120.50") == 3
    assert page.count("₫110,000") == 3


def test_the_filters_narrow_list_and_sums(client, collaboration, seller):
    make_line(collaboration, "120.50")
    sign_in(client, seller)
    assert "$120.50" in text(client.get(LIST, {"creator": "@brass", "state": "due", "payer": "us"}))
    for query in ({"creator": "tin"}, {"month": "2020-01"}, {"tab": "disputed"}, {"state": "paid"}):
        assert "$120.50" not in text(client.get(LIST, query))
    assert "Write the month as 2026-11." in text(client.get(LIST, {"month": "soon"}))


def test_an_unknown_cursor_shows_the_first_page(client, collaboration, seller):
    make_line(collaboration)
    for name in ("settlement_list", "order_line_list"):
        assert sign_in(client, seller).get(reverse(name), {"cursor": "nonsense"}).status_code == 200


def test_differences_have_a_tab(client, collaboration, seller):
    platform_line(collaboration)
    page = text(sign_in(client, seller).get(LIST, {"tab": "differences"}))
    assert "−$3.00" in page
    assert "Differs from the report" in page


def test_a_fragment_is_the_list_alone(client, collaboration, seller):
    make_line(collaboration)
    page = text(sign_in(client, seller).get(LIST, headers={"HX-Request": "true"}))
    assert page.strip().startswith('<div id="results"')


def test_chosen_lines_are_approved_and_refusals_named(client, collaboration, seller):
    mine, other = make_line(collaboration, by=seller), make_line(collaboration)
    answer = sign_in(client, seller).post(f"{LIST}approve/", {"line": [mine.pk, other.pk]}, follow=True)
    assert messages(answer) == [
        "1 line approved.",
        f"Line #{mine.pk}: You made this line or wrote its terms. Somebody else approves it.",
    ]
    assert messages(client.post(f"{LIST}approve/", {"back": "https://evil.example/"}, follow=True)) == [
        "Choose lines first."
    ]


def test_a_line_of_another_shop_is_not_approved(client, seller):
    line = make_line()
    sign_in(client, seller).post(f"{LIST}approve/", {"line": line.pk})
    line.refresh_from_db()
    assert line.state == "due"


def test_computing_again_says_how_much_changed(client, collaboration, seller):
    make_order(collaboration)
    data = {"shop": collaboration.shop_id, "month": "2026-11"}
    answer = sign_in(client, seller).post(f"{LIST}refresh/", data, follow=True)
    assert messages(answer) == ["Computed again: 1 line changed."]


def test_a_line_says_how_it_was_computed_and_what_may_be_done(client, collaboration, seller):
    line = platform_line(collaboration)
    page = text(sign_in(client, seller).get(reverse("settlement_detail", args=[line.pk])))
    assert "of $100.00, 1 order" in page
    assert "−$3.00" in page
    due = make_line(collaboration)
    page = text(client.get(reverse("settlement_detail", args=[due.pk])))
    assert 'value="dispute"' in page
    assert 'value="cancel"' in page
    assert 'value="resolve"' not in page


def test_dispute_and_resolve_from_the_page(client, collaboration, seller):
    line = make_line(collaboration)
    url = reverse("settlement_act", args=[line.pk])
    sign_in(client, seller).post(url, {"act": "dispute", "reason": "Wrong sum."})
    assert SettlementLine.objects.get(pk=line.pk).state == "disputed"
    client.post(url, {"act": "resolve", "reason": "It is right."})
    assert SettlementLine.objects.get(pk=line.pk).state == "due"
    again = client.post(url, {"act": "resolve", "reason": "Once more."})
    assert (again.status_code, "cannot be changed like this" in text(again)) == (422, True)
    assert client.post(url, {"act": "fly", "reason": "x"}).status_code == 422


def test_a_compensation_by_hand(client, collaboration, seller):
    url = reverse("settlement_create", args=[collaboration.pk])
    assert "In USD" in text(sign_in(client, seller).get(url))
    client.post(url, {"kind": "compensation", "amount": "35", "note": "Parcel broke."})
    line = SettlementLine.objects.get()
    assert (line.amount, line.made_by, line.state) == (35, seller, "due")
    wrong = client.post(url, {"kind": "refund", "amount": "35", "note": "Back."})
    assert (wrong.status_code, "below 0" in text(wrong)) == (422, True)


def test_the_limit_is_the_admins(client, collaboration):
    admin = make_user("admin")
    url = reverse("settlement_limit")
    sign_in(client, admin).post(url, {"shop": collaboration.shop_id, "limit": "500"})
    assert settings_of(shop=collaboration.shop).approval_limit == 500
    assert 'value="500.00"' in text(client.get(url, {"shop": collaboration.shop_id}))
    assert client.post(url, {"shop": collaboration.shop_id, "limit": "-1"}).status_code == 422


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_list_is_exported(client, collaboration, seller, file_format):
    make_line(collaboration, "120.50")
    answer = sign_in(client, seller).get(f"{LIST}export/", {"format": file_format, "state": "due"})
    content = taken(answer)
    assert (b"120.5" in content) == (file_format == "csv")
    assert ExportRecord.objects.get().rows == 1
    refused = client.get(f"{LIST}export/", {"state": "paid"})
    assert (refused.status_code, "No line is left to export" in text(refused)) == (400, True)


def test_nothing_to_export_has_a_code():
    from campaigns.services.settlement_exports import lines_extract
    from core.errors import DomainError

    with pytest.raises(DomainError) as refused:
        lines_extract(query="", file_format="csv", by=make_user(), at=timezone.now())
    assert refused.value.code == "no_lines"


# Statements and payouts -------------------------------------------------------


def this_month() -> str:
    return timezone.localdate().strftime("%Y-%m")


def test_a_statement_is_looked_at_issued_and_taken_home(client, collaboration, seller):
    make_line(collaboration, "120.50", at=timezone.now())
    sign_in(client, seller)
    page = text(client.get(reverse("statement_create"), {"shop": collaboration.shop_id, "month": this_month()}))
    assert "$120.50" in page
    args = [collaboration.shop_id, collaboration.creator_id, this_month(), "USD"]
    assert "A preview" in text(client.get(reverse("statement_preview", args=args)))
    client.post(reverse("statement_preview", args=args))
    statement = Statement.objects.get()
    assert "$120.50" in text(client.get(statement.get_absolute_url()))
    file = reverse("statement_download", args=[statement.pk])
    assert client.get(file).content.startswith(b"%PDF")
    assert taken(client.get(file, {"format": "xlsx"})).startswith(b"PK")
    assert [one.file_format for one in ExportRecord.objects.order_by("pk")] == ["pdf", "xlsx"]
    found = text(client.get(reverse("statement_list"), {"q": "@brass"}))
    assert "$120.50" in found
    assert "$120.50" not in text(client.get(reverse("statement_list"), {"q": "tin"}))


def test_all_statements_of_a_month_at_once(client, collaboration, seller):
    make_line(collaboration, at=timezone.now())
    data = {"shop": collaboration.shop_id, "month": this_month()}
    answer = sign_in(client, seller).post(reverse("statement_create"), data, follow=True)
    assert messages(answer) == ["1 statement issued."]
    assert client.post(reverse("statement_create"), data).status_code == 409


def test_a_month_that_is_none_leads_back(client, collaboration, seller):
    args = [collaboration.shop_id, collaboration.creator_id, "soon", "USD"]
    assert sign_in(client, seller).get(reverse("statement_preview", args=args)).status_code == 302


def test_a_payout_from_approval_to_bank(client, collaboration, seller):
    line_approve(line=make_line(collaboration, "120.50"), by=approver(collaboration.shop), at=timezone.now())
    sign_in(client, seller)
    assert "$120.50" in text(client.get(reverse("payout_list")))
    client.post(reverse("payout_create"), {"shop": collaboration.shop_id, "currency": "USD"})
    payout = Payout.objects.get()
    file = client.get(reverse("payout_file", args=[payout.pk]))
    assert b"brass_lantern" in taken(file)
    assert "Not paid yet" in text(client.get(payout.get_absolute_url()))
    url = reverse("payout_pay", args=[payout.pk])
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    assert client.post(url, {"reference": "TT-1", "paid_on": tomorrow}).status_code == 422
    client.post(url, {"reference": "TT-1", "paid_on": timezone.now().date().isoformat()})
    payout.refresh_from_db()
    assert payout.reference == "TT-1"
    assert "TT-1" in text(client.get(payout.get_absolute_url()))
    assert "TT-1" in text(client.get(reverse("payout_list")))


def test_a_payout_that_was_not_paid_is_discarded(client, collaboration, seller):
    line_approve(line=make_line(collaboration), by=approver(collaboration.shop), at=timezone.now())
    sign_in(client, seller).post(reverse("payout_create"), {"shop": collaboration.shop_id, "currency": "usd"})
    answer = client.post(reverse("payout_discard", args=[Payout.objects.get().pk]), follow=True)
    assert messages(answer)[-1] == "Discarded: 1 line is free again."


def test_a_payout_without_its_file_has_none(client, collaboration, seller):
    payout = Payout.objects.create(
        shop=collaboration.shop, currency="USD", total=1, made_by=seller, made_at=timezone.now()
    )
    assert sign_in(client, seller).get(reverse("payout_file", args=[payout.pk])).status_code == 404


# Orders -----------------------------------------------------------------------


def test_a_report_from_file_to_lines(client, collaboration, seller):
    product = collaboration.plan.plan_products.get().product
    rows = [
        "Order ID,SKU,Creator Username,Price,Refund amount,Commission rate,Actual commission,Time Created",
        f"576461413038785752,{product.sku},brass_lantern,24,4,15%,3.00,2026-11-23 10:00",
        f"576461413038785753,{product.sku},nobody,24,0,15%,3.60,2026-11-23 10:00",
    ]
    upload = SimpleUploadedFile("orders.csv", "\n".join(rows).encode())
    sign_in(client, seller)
    answer = client.post(reverse("order_import"), {"shop": collaboration.shop_id, "file": upload}, follow=True)
    source = OrderImport.objects.get()
    assert "576461413038785752" in text(answer)
    client.post(reverse("order_import_start", args=[source.pk]))
    assert 'hx-trigger="every 1s"' in text(client.get(source.get_absolute_url()))
    source.refresh_from_db()
    while order_import_advance(source.job_id):
        pass
    page = text(client.get(source.get_absolute_url()))
    assert "1 lines written, 1 with a collaboration, 1 rows refused" in page
    assert "No creator of the shop" in page
    assert taken(client.get(reverse("order_import_failures", args=[source.pk]))).startswith(b"PK")
    found = text(client.get(reverse("order_line_list"), {"matched": "yes", "refunded": "yes", "creator": "brass"}))
    assert "576461413038785752" in found
    assert "$20.00" in found
    assert "576461413038785752" not in text(client.get(reverse("order_line_list"), {"order": "1"}))
    assert "orders.csv" in text(client.get(reverse("order_import")))


def test_a_file_that_is_no_report_is_said_so(client, collaboration, seller):
    upload = SimpleUploadedFile("orders.csv", b"Handle,Followers\nbrass,1\n")
    answer = sign_in(client, seller).post(reverse("order_import"), {"shop": collaboration.shop_id, "file": upload})
    assert (answer.status_code, "The file has no column for: Order ID" in text(answer)) == (422, True)


def test_the_number_of_queries_of_the_list_does_not_grow(client, collaboration, seller, django_assert_max_num_queries):
    for _ in range(12):
        make_line(collaboration)
    sign_in(client, seller)
    with django_assert_max_num_queries(16):
        client.get(LIST)
