from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from campaigns.models import Product, ProductImport
from campaigns.services import product_imports
from campaigns.services.product_exports import products_export
from campaigns.services.products import product_update
from core.errors import DomainError
from core.models import ExportRecord
from creators.models import Category
from tests.factories import make_market, make_shop, make_user, sign_in
from tests.plans import NOON, make_plan, make_product

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def seller():
    return make_user(name="Sofia")


@pytest.fixture
def shop(seller):
    make_market("US")
    return make_shop([seller], name="Luma Skin")


@pytest.fixture
def page(client, seller, shop):
    sign_in(client, seller)

    def get(address, **data):
        return client.get(address, data).content.decode()

    return get


def test_the_list_shows_what_a_piece_leaves(page, shop):
    make_product(shop, title="Barrier serum", price=D("24"), default_commission_rate=D("15"))
    text = page("/products/")
    assert all(part in text for part in ("Barrier serum", "Luma Skin", "$20.40", "before goods cost", "15%"))


def test_filters_search_and_order(page, shop):
    beauty = Category.objects.create(id=1, level=1, name_en="Beauty", name_zh="美妆")
    skin = Category.objects.create(id=2, level=2, parent=beauty, name_en="Skin", name_zh="护肤")
    make_product(shop, title="Alpha", sku="SKU-A", price=D("9"), category=skin, platform_id="17293847")
    make_product(shop, title="Beta", sku="SKU-B", price=D("30"), state="paused")
    for query in ({"q": "alp"}, {"q": "sku-a"}, {"q": "17293"}, {"category": "1"}, {"state": "active"}):
        text = page("/products/", **query)
        assert "Alpha" in text, query
        assert "Beta" not in text, query
    falling = page("/products/", ordering="-price")
    assert falling.index("Beta") < falling.index("Alpha")
    assert "No product passes all filters" in page("/products/", q="gamma")


def test_an_unknown_filter_is_said_and_not_applied(page, shop):
    make_product(shop, title="Alpha")
    text = page("/products/", state="gone")
    assert "Alpha" in text
    assert "errors" in text


def test_an_empty_list_says_what_to_do(page):
    assert "Import a product list" in page("/products/")


def test_a_fragment_is_the_list_alone(client, page, shop):
    make_product(shop, title="Alpha")
    text = client.get("/products/", headers={"HX-Request": "true"}).content.decode()
    assert "Alpha" in text
    assert "<html" not in text


def test_the_export_is_what_the_list_shows(client, page, shop, seller):
    make_product(shop, title="=Alpha", default_commission_rate=D("12.5"), platform_id="1729384756012345678")
    make_product(shop, title="Beta", state="paused")
    response = client.get("/products/export/", {"state": "active", "format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content))).get_sheet_by_index(1)
    cells = rows.to_python()
    assert len(cells) == 2
    assert (cells[1][0], cells[1][2], cells[1][11]) == ("1729384756012345678", "=Alpha", 0.125)
    assert ExportRecord.objects.get().by == seller


@pytest.mark.parametrize(
    ("query", "code"), [("state=gone", "product_filter_unreadable"), ("", "no_products"), ("q=1", "export_not_allowed")]
)
def test_an_export_that_cannot_be(page, shop, query, code):
    by = make_user("viewer") if code == "export_not_allowed" else make_user()
    with pytest.raises(DomainError) as refused:
        products_export(query=query, file_format="csv", by=by)
    assert refused.value.code == code
    assert "No product is left" in page("/products/export/")


def form(**fields):
    return {"title": "Barrier serum", "price": "24.90", "currency": "USD"} | fields


def test_the_form_shows_every_field(client, page, shop):
    text = page("/products/new/")
    names = [name for _label, fields in client.get("/products/new/").context["form"].groups for name in fields]
    assert len(names) == 15
    assert all(field.html_name in text for field in names)


def test_a_product_is_added(client, page, shop):
    response = client.post("/products/new/", form(shop=shop.pk, stock="12", tax_rate="8,5", unit_cost="$7"))
    product = Product.objects.get()
    assert response.url == f"/products/{product.pk}/"
    assert (product.price, product.tax_rate, product.unit_cost) == (D("24.90"), D("8.50"), D("7.00"))
    assert product.sample_stock == 12


def test_what_is_wrong_is_said_at_the_field(client, page, shop):
    response = client.post("/products/new/", form(shop=shop.pk, price="much", default_commission_rate="90"))
    assert response.status_code == 422
    text = response.content.decode()
    assert "Write one amount" in text
    response = client.post("/products/new/", form(shop=shop.pk, default_commission_rate="90"))
    assert "Commission is 1% to 80%" in response.content.decode()


def test_a_shop_of_others_cannot_be_chosen(client, page):
    response = client.post("/products/new/", form(shop=make_shop().pk))
    assert response.status_code == 422
    assert not Product.objects.exists()


def test_vietnamese_amounts_are_read_with_their_currency(client, page, shop):
    client.post("/products/new/", form(shop=shop.pk, price="110.000", currency="VND", sample_cost="20.000₫"))
    product = Product.objects.get()
    assert (product.price, product.sample_cost) == (D("110000"), D("20000"))


def test_an_edit_keeps_what_was_not_changed_and_clears_what_is_empty(client, page, shop):
    product = make_product(shop, unit_cost=D("7"), tax_rate=D("8.25"))
    written = client.get(f"/products/{product.pk}/edit/").context["form"].initial
    assert (written["price"], written["tax_rate"], written["platform_fee_rate"]) == ("24", "8.25", "")
    data = {name: getattr(value, "pk", value) or "" for name, value in written.items()}
    client.post(f"/products/{product.pk}/edit/", data | {"unit_cost": ""})
    product.refresh_from_db()
    assert (product.price, product.unit_cost, product.tax_rate) == (D("24.00"), None, D("8.25"))


def test_a_refused_edit_says_why(client, page, shop):
    make_product(shop, sku="A-1")
    product = make_product(shop, sku="A-2")
    response = client.post(f"/products/{product.pk}/edit/", form(sku="A-1"))
    assert response.status_code == 422
    assert "has this SKU" in response.content.decode()


def test_the_page_of_a_product(page, shop, seller):
    product = make_product(shop, seller, title="Barrier serum", unit_cost=D("7"), compliance_notes="No <b>cure</b>.")
    plan = make_plan(shop, seller, products=[product], name="Winter care")
    product_update(product=product, values={"price": D("26")}, by=seller)
    text = page(product.get_absolute_url())
    assert all(part in text for part in ("Winter care", plan.code, "0 of 30", "No &lt;b&gt;cure"))
    assert "not known" in text


def test_the_history_says_what_was_changed(client, page, shop, seller):
    client.post("/products/new/", form(shop=shop.pk))
    product = Product.objects.get()
    client.post(f"/products/{product.pk}/edit/", form(price="26", default_commission_rate="15"))
    client.post(f"/products/{product.pk}/move/", {"to": "paused"})
    changes = client.get(product.get_absolute_url()).context["changes"]
    assert [[(str(one[0]), *one[1:]) for one in change.fields] for change in changes] == [
        [("State", "Active", "Paused")],
        [("Price", "$24.90", "$26.00"), ("Usual commission", "–", "15%")],
        [],
    ]
    assert {change.by for change in changes} == {seller}


def test_samples_are_booked(client, page, shop):
    product = make_product(shop, sample_stock=3)
    client.post(f"/products/{product.pk}/stock/", {"direction": "in", "pieces": "4", "note": "Delivery 17"})
    client.post(f"/products/{product.pk}/stock/", {"direction": "out", "pieces": "2"})
    assert [move.balance for move in product.stock_moves.all()] == [5, 7]
    assert "Delivery 17" in page(product.get_absolute_url())
    refused = client.post(f"/products/{product.pk}/stock/", {"direction": "out", "pieces": "6"})
    assert refused.status_code == 422
    assert "5 samples in stock, 6 wanted" in refused.content.decode()


def test_a_move_that_is_impossible(client, page, shop):
    product = make_product(shop, state="retired")
    assert client.post(f"/products/{product.pk}/move/", {"to": "paused"}).status_code == 409


def send(client, shop, text=b"SKU,Title,Price\nA-1,One,1\n7.28E+18,Two,x\n"):
    upload = SimpleUploadedFile("list.csv", text)
    client.post("/products/import/", {"file": upload, "shop": shop.pk})
    return ProductImport.objects.get()


def test_an_import_from_upload_to_result(client, page, shop):
    source = send(client, shop)
    columns = f"/products/imports/{source.pk}/columns/"
    text = page(columns)
    assert all(part in text for part in ("3 of 3 columns are read", "1 of the first rows has a problem"))
    chosen = {"column_0": "sku", "column_1": "title", "column_2": "price"}
    part = client.post(columns, chosen | {"column_1": ""}, headers={"HX-Request": "true"})
    assert "2 of 3 columns are read" in part.content.decode()
    response = client.post(columns, chosen | {"action": "start"})
    assert response.url == source.get_absolute_url()
    assert "every 1s" in page(source.get_absolute_url())
    source.refresh_from_db()
    while product_imports.product_import_advance(source.job_id):
        pass
    text = page(source.get_absolute_url())
    assert all(part in text for part in ("Row 3", "column “Price”", "value “x”"))
    refused = client.get(f"/products/imports/{source.pk}/refused/")
    assert len(b"".join(refused.streaming_content)) > 1_000
    assert client.get(columns).status_code == 302


def test_two_columns_for_one_field(client, page, shop):
    source = send(client, shop)
    data = {"column_0": "sku", "column_1": "sku", "column_2": "price", "action": "start"}
    response = client.post(f"/products/imports/{source.pk}/columns/", data)
    assert response.status_code == 422
    assert "Two columns are read as SKU" in response.content.decode()


def test_a_file_that_is_no_table(client, page, shop):
    upload = SimpleUploadedFile("list.pdf", b"%PDF-1.7 nothing")
    response = client.post("/products/import/", {"file": upload, "shop": shop.pk})
    assert response.status_code == 422
    assert "not a table" in response.content.decode()


def test_a_running_import_is_stopped(client, page, shop):
    source = send(client, shop)
    client.post(f"/products/imports/{source.pk}/columns/", {"column_0": "sku", "action": "start"})
    assert client.post(f"/products/imports/{source.pk}/cancel/").status_code == 302
    source.refresh_from_db()
    product_imports.product_import_advance(source.job_id)
    assert "It was stopped" in page(source.get_absolute_url())


def test_lists_cost_the_same_number_of_queries(client, page, shop, django_assert_max_num_queries):
    for number in range(12):
        make_product(shop, title=f"Product {number}", created_at=NOON + timedelta(days=number))
    with django_assert_max_num_queries(14):
        page("/products/")
