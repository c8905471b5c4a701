"""The platform's report of orders: read, matched, written once, settled."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import OrderImport, OrderLine, SettlementLine
from campaigns.rules.order_columns import OrderRow
from campaigns.services.nightly_settlement import settlements_refresh
from campaigns.services.order_imports import (
    order_import_advance,
    order_import_cancel,
    order_import_create,
    order_import_start,
)
from campaigns.services.orders import order_lines_record
from core.errors import DomainError
from core.models import Job
from tests.factories import make_creator, make_shop, make_user
from tests.plans import NOON, make_collaboration, make_plan, make_product
from tests.settlements import make_terms

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)
HEAD = (
    "Order ID,Product ID,SKU ID,Creator Username,Content ID,Price,Quantity,Platform discount,Seller discount,Tax,"
    "Refund amount,Commission rate,Actual commission,Time Created"
)


@pytest.fixture
def collaboration():
    plan = make_plan()
    product = plan.plan_products.get().product
    product.platform_id = "1729384756"
    product.save()
    return make_collaboration(plan, make_creator("brass_lantern"), state="accepted")


def row_of(collaboration, **fields) -> OrderRow:
    values = {
        "order_id": "576461413038785752",
        "line_id": "1",
        "handle": "brass_lantern",
        "product_id": "1729384756",
        "ordered_at": LATER,
        "currency": "USD",
        "item_price": Decimal("24.00"),
    }
    return OrderRow(**values | fields)


def record(collaboration, *rows, at=LATER):
    return order_lines_record(shop=collaboration.shop, rows=rows, at=at)


def imported(shop, text, *, name="orders.csv", by=None) -> OrderImport:
    data = text if isinstance(text, bytes) else text.encode()
    by = by or make_user()
    source = order_import_create(shop=shop, upload=SimpleUploadedFile(name, data), by=by, at=NOON)
    job = order_import_start(source=source, by=by)
    while order_import_advance(job.pk):
        pass
    source.refresh_from_db()
    return source


def code_of(act, **values) -> str:
    with pytest.raises(DomainError) as refused:
        act(**values)
    return refused.value.code


def test_a_line_finds_its_product_and_collaboration(collaboration):
    recorded = record(collaboration, row_of(collaboration))
    line = OrderLine.objects.get()
    assert (recorded.written, recorded.matched, recorded.months) == (1, 1, {date(2026, 11, 1)})
    assert (line.collaboration, line.product) == (collaboration, collaboration.plan.plan_products.get().product)


def test_a_line_sent_again_is_the_same_line(collaboration):
    record(collaboration, row_of(collaboration))
    record(collaboration, row_of(collaboration, refunded=Decimal(4)), row_of(collaboration, refunded=Decimal(6)))
    assert [line.refunded for line in OrderLine.objects.all()] == [Decimal(6)]


def test_an_order_before_the_acceptance_or_of_another_product_belongs_to_none(collaboration):
    other = make_product(collaboration.shop, sku="OTHER")
    record(
        collaboration,
        row_of(collaboration, line_id="1", ordered_at=NOON - timedelta(days=1)),
        row_of(collaboration, line_id="2", product_id="", sku="OTHER"),
        row_of(collaboration, line_id="3", product_id="99"),
    )
    lines = OrderLine.objects.order_by("line_id")
    assert [(line.collaboration, line.product) for line in lines][1:] == [(None, other), (None, None)]
    assert lines[0].collaboration is None


def test_the_content_says_which_collaboration(collaboration):
    other = make_collaboration(make_plan(collaboration.shop), collaboration.creator, state="accepted")
    content = other.contents.get()
    content.platform_id = "7301"
    content.save()
    record(collaboration, row_of(collaboration, content_id="7301"))
    assert (OrderLine.objects.get().collaboration, OrderLine.objects.get().content) == (other, content)


def test_a_content_of_another_creator_says_nothing(collaboration):
    content = make_collaboration(make_plan(collaboration.shop), make_creator(), state="accepted").contents.get()
    content.platform_id = "7301"
    content.save()
    record(collaboration, row_of(collaboration, content_id="7301"))
    assert (OrderLine.objects.get().collaboration, OrderLine.objects.get().content) == (collaboration, None)


def test_unknown_creators_are_refused_row_by_row(collaboration):
    make_creator("tin_star", market="GB")
    recorded = record(collaboration, row_of(collaboration), row_of(collaboration, handle="tin_star", line_id="2"))
    assert [row.problems for row in recorded.refused] == [[("creator", "creator_unknown")]]
    assert recorded.written == 1


def test_a_report_is_written_and_settled(collaboration):
    line = "576461413038785752,1729384756,17293,@Brass_Lantern,,24.00,2,-3.00,1.00,2.00,0,15%,6.30,2026-11-23 10:00"
    source = imported(collaboration.shop, f"{HEAD}\n{line}\n")
    found = OrderLine.objects.get()
    assert (found.item_price, found.platform_coupon, found.seller_coupon, found.tax) == (
        Decimal(48),
        Decimal(3),
        Decimal(1),
        Decimal(2),
    )
    assert (found.quantity, found.line_id, found.order_import) == (2, "17293", source)
    assert source.problems == []
    assert [str(one) for one in SettlementLine.objects.all()] == ["Commission 6.30 USD"]
    assert SettlementLine.objects.get().state == "matched"


def test_the_same_report_again_changes_nothing(collaboration):
    text = f"{HEAD}\n576461413038785752,1729384756,1,brass_lantern,,24.00,1,0,0,0,0,15%,3.60,2026-11-23 10:00\n"
    imported(collaboration.shop, text)
    before = list(SettlementLine.objects.values("pk", "amount", "state"))
    imported(collaboration.shop, text)
    assert OrderLine.objects.count() == 1
    assert list(SettlementLine.objects.values("pk", "amount", "state")) == before


def test_refused_rows_are_kept_with_their_reason(collaboration):
    rows = [
        "1,1729384756,1,brass_lantern,,24.00,1,0,0,0,0,15%,3.60,2026-11-23 10:00",
        ",1729384756,1,brass_lantern,,24.00,1,0,0,0,0,15%,3.60,2026-11-23 10:00",
        "3,1729384756,1,nobody,,abc,1,0,0,0,0,15%,3.60,soon",
    ]
    source = imported(collaboration.shop, "\n".join([HEAD, *rows]))
    assert [(one["row"], one["field"], one["value"], one["code"]) for one in source.problems] == [
        (3, "order_id", "", "order_missing"),
        (4, "ordered_at", "soon", "moment_unreadable"),
        (4, "price", "abc", "number_unreadable"),
        (4, "price", "abc", "price_missing"),
        (4, "creator", "nobody", "creator_unknown"),
    ]
    assert source.job.result["refused"] == 2


def test_vietnamese_workbook_with_chinese_headers():
    plan = make_plan(make_shop([make_user()], market_code="VN", time_zone="Asia/Ho_Chi_Minh"), currency="VND")
    product = plan.plan_products.get().product
    make_collaboration(plan, make_creator("linh.nha", market="VN"), state="accepted", at=NOON - timedelta(days=30))
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["订单ID", "SKU", "达人用户名", "商品价格", "数量", "佣金率", "实际佣金", "下单时间"])
    values = ["576461413038785752", product.sku, "linh.nha", "110.000₫", 1, "15%", "16.500₫", "2026-11-01 01:30:00"]
    sheet.write_row(1, 0, values)
    book.close()
    imported(plan.shop, target.getvalue(), name="orders.xlsx")
    line = OrderLine.objects.get()
    assert (line.item_price, line.currency, line.commission_reported) == (Decimal(110_000), "VND", Decimal(16_500))
    # Early on 1 November there is still October in UTC.
    assert line.ordered_at == datetime(2026, 10, 31, 18, 30, tzinfo=UTC)
    assert SettlementLine.objects.get().month == date(2026, 11, 1)


def test_what_is_no_report_is_not_kept(collaboration):
    make = {"shop": collaboration.shop, "by": make_user(), "at": NOON}
    upload = SimpleUploadedFile("a.csv", b"Order ID,Price\n1,2\n")
    assert code_of(order_import_create, upload=upload, **make) == "columns_missing"
    upload = SimpleUploadedFile("a.csv", f"{HEAD}\n".encode())
    assert code_of(order_import_create, upload=upload, **make) == "no_rows"
    assert OrderImport.objects.count() == 0


def test_starting_twice_starts_once_and_needs_the_right(collaboration):
    row = "1,1729384756,1,brass_lantern,,24.00,1,0,0,0,0,15%,3.60,2026-11-23 10:00"
    by = make_user()
    upload = SimpleUploadedFile("a.csv", f"{HEAD}\n{row}\n".encode())
    source = order_import_create(shop=collaboration.shop, upload=upload, by=by, at=NOON)
    assert code_of(order_import_cancel, source=source, by=by) == "not_started"
    assert code_of(order_import_start, source=source, by=make_user("viewer")) == "not_allowed"
    first = order_import_start(source=source, by=by)
    assert order_import_start(source=source, by=by) == first
    assert Job.objects.count() == 1


def test_too_many_rows_are_said_so(collaboration, monkeypatch):
    monkeypatch.setattr("campaigns.services.order_imports.MOST_ROWS", 1)
    row = "1,1729384756,1,brass_lantern,,24.00,1,0,0,0,0,15%,3.60,2026-11-23 10:00"
    upload = SimpleUploadedFile("a.csv", f"{HEAD}\n{row}\n{row}\n".encode())
    source = order_import_create(shop=collaboration.shop, upload=upload, by=make_user(), at=NOON)
    assert code_of(order_import_start, source=source, by=make_user()) == "too_many_rows"


def test_many_rows_are_written_in_parts(collaboration, monkeypatch):
    monkeypatch.setattr("campaigns.services.order_imports.CHUNK_ROWS", 2)
    rows = [f"{n},1729384756,1,brass_lantern,,24.00,1,0,0,0,0,15%,3.60,2026-11-23 10:00" for n in range(1, 6)]
    source = imported(collaboration.shop, "\n".join([HEAD, *rows]))
    assert source.job.result | {"months": []} == {"written": 5, "matched": 5, "refused": 0, "read": 5, "months": []}
    assert SettlementLine.objects.get().amount == Decimal(18)


def test_the_night_makes_due_what_a_month_ended():
    collaboration = make_terms("fixed", fixed_fee="90", state="published")
    assert settlements_refresh(at=NOON) == 1
    assert settlements_refresh(at=NOON) == 0
    assert SettlementLine.objects.get(collaboration=collaboration).state == "due"
