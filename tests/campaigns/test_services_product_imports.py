import io
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Product, ProductImport
from campaigns.selectors.product_lists import preview_of, problem_text, refused_sheet, result_of
from campaigns.services import product_imports as services
from core.errors import DomainError
from creators.models import Category
from tests.factories import make_market, make_shop, make_user
from tests.plans import NOON, make_product

pytestmark = pytest.mark.django_db
D = Decimal
HEAD = "商品ID,商品名称,SKU,价格,佣金率,库存,样品成本\n"


@pytest.fixture
def shop():
    make_market("US")
    make_market("VN")
    return make_shop([make_user()])


def upload(text, name="products.csv"):
    content = text.encode() if isinstance(text, str) else text
    return SimpleUploadedFile(name, content)


def listed(shop, text, name="products.csv"):
    by = shop.memberships.get().user
    return services.product_import_create(shop=shop, upload=upload(text, name), by=by, at=NOON)


def run(source):
    job = services.product_import_start(source=source, by=source.created_by)
    while services.product_import_advance(job.pk):
        pass
    source = ProductImport.objects.select_related("job", "file", "shop").get(pk=source.pk)
    assert source.job.state == "done", source.job.error_message
    return source


def counts(source):
    result = result_of(source)
    return result.added, result.changed, result.unchanged, result.refused


def workbook(*rows):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def test_columns_are_guessed_and_shown(shop):
    source = listed(shop, HEAD + "1729384756012345678,屏障精华,BRS-30,24.90,15%,40,6.50\n")
    preview = preview_of(source)
    assert [name for _place, _header, name in preview.columns] == [
        "platform_id", "title", "sku", "price", "default_commission_rate", "sample_stock", "sample_cost"
    ]  # fmt: skip
    assert (preview.read_count, preview.problem_count) == (7, 0)
    assert preview.rows[0].cells[0] == ("1729384756012345678", "")


def test_products_are_added_with_their_stock(shop):
    source = run(listed(shop, HEAD + "1729384756012345678,屏障精华,BRS-30,24.90,15%,40,6.50\n"))
    product = Product.objects.get()
    assert counts(source) == (1, 0, 0, 0)
    assert (product.platform_id, product.price, product.currency) == ("1729384756012345678", D("24.90"), "USD")
    assert (product.default_commission_rate, product.sample_stock) == (D("15"), 40)
    assert product.stock_moves.get().note == "Import of products.csv"


def test_a_vietnamese_list(shop):
    shop.market_code = "VN"
    shop.save()
    run(listed(shop, "Product name,Seller SKU,Price\nKem dưỡng,KD-1,110.000₫\nSữa rửa mặt,SR-2,85.000₫\n"))
    assert list(Product.objects.order_by("sku").values_list("price", "currency")) == [
        (D("110000.00"), "VND"), (D("85000.00"), "VND")
    ]  # fmt: skip


def test_an_empty_cell_keeps_the_old_value(shop):
    product = make_product(shop, platform_id="4711001", sku="A-1", unit_cost=D("7"), sample_stock=5)
    source = run(listed(shop, "Product ID,SKU,Price,Unit cost,Stock\n4711001,A-1,19.90,,\n"))
    product.refresh_from_db()
    assert counts(source) == (0, 1, 0, 0)
    assert (product.price, product.unit_cost, product.sample_stock) == (D("19.90"), D("7"), 5)


def test_the_same_list_twice_changes_nothing(shop):
    text = HEAD + "1729384756012345678,屏障精华,BRS-30,24.90,15%,40,6.50\n"
    run(listed(shop, text))
    assert counts(run(listed(shop, text))) == (0, 0, 1, 0)
    assert Product.objects.get().stock_moves.count() == 1


def test_matched_by_id_else_by_sku(shop):
    by_sku = make_product(shop, sku="A-1", platform_id="")
    source = run(listed(shop, "Product ID,SKU,Price\n4711001,A-1,9.90\n"))
    by_sku.refresh_from_db()
    assert (counts(source), by_sku.platform_id, by_sku.price) == ((0, 1, 0, 0), "4711001", D("9.90"))


def test_a_sku_of_another_product_is_refused(shop):
    make_product(shop, sku="A-1", platform_id="4711001")
    source = run(listed(shop, "Product ID,SKU,Title,Price\n4711999,A-1,Cream,9.90\n"))
    assert counts(source) == (0, 0, 0, 1)
    assert source.rows.get().problems[0]["code"] == "sku_of_other"


def test_a_price_without_sign_is_in_the_products_currency(shop):
    product = make_product(shop, sku="A-1", currency="VND", price=D("100000"), sample_cost=None)
    run(listed(shop, "SKU,Price\nA-1,110.000\n"))
    product.refresh_from_db()
    assert (product.price, product.currency) == (D("110000.00"), "VND")


def test_a_lost_id_names_row_column_and_value(shop):
    source = run(listed(shop, "Product ID,Title,Price\n7.28E+18,Serum,24\n1729384756012345678,Cream,20\n"))
    assert counts(source) == (1, 0, 0, 1)
    text = problem_text(source.rows.get())
    assert all(part in text for part in ("2", "Product ID", "7.28E+18", "lost its last digits"))


def test_a_workbook_that_holds_ids_as_numbers(shop):
    content = workbook(["Product ID", "Title", "Price"], [1729384756012345678, "Serum", 24.9], ["4711001", "Cream", 20])
    source = run(listed(shop, content, "products.xlsx"))
    assert counts(source) == (1, 0, 0, 1)
    assert source.rows.get().problems[0]["code"] == "id_lost_digits"


def test_new_products_need_title_and_price(shop):
    source = run(listed(shop, "Product ID,Title,Price\n4711001,,5\n4711002,Cream,\n"))
    assert counts(source) == (0, 0, 0, 2)
    assert [row.problems[0]["code"] for row in source.rows.all()] == ["product_invalid"] * 2


def test_states_and_categories(shop):
    Category.objects.create(id=601450, level=1, name_en="Beauty & Personal Care", name_zh="美妆个护")
    text = "SKU,Title,Price,类目,状态\nA-1,Serum,24,美妆个护,下架\nA-2,Cream,20,Unheard of,在售\n"
    source = run(listed(shop, text))
    assert list(Product.objects.order_by("sku").values_list("category", "state")) == [
        (601450, "paused"), (None, "active")
    ]  # fmt: skip
    assert result_of(source).without_category == 1
    again = run(listed(shop, text.replace("A-2,Cream,20,Unheard of,在售", "A-1,,,,停售")))
    assert (counts(again), Product.objects.get(sku="A-1").state) == ((0, 1, 1, 0), "retired")


def test_a_job_in_parts_counts_once(shop, monkeypatch):
    monkeypatch.setattr(services, "CHUNK_ROWS", 2)
    lines = "".join(f"A-{number},Serum {number},{number}\n" for number in range(1, 6))
    source = run(listed(shop, "SKU,Title,Price\n" + lines))
    assert (counts(source), source.job.chunks.count()) == ((5, 0, 0, 0), 3)


def test_a_part_that_dies_is_repeated_whole(shop, monkeypatch):
    monkeypatch.setattr(services, "CHUNK_ROWS", 2)
    source = listed(shop, "SKU,Title,Price\nA-1,One,1\nA-2,Two,2\nA-3,Three,3\n")
    job = services.product_import_start(source=source, by=source.created_by)
    real = services.product_create

    def dying(**kwargs):
        if kwargs["values"]["sku"] == "A-2":
            raise MemoryError
        return real(**kwargs)

    monkeypatch.setattr(services, "product_create", dying)
    with pytest.raises(MemoryError):
        services.product_import_advance(job.pk)
    assert not Product.objects.exists()
    monkeypatch.setattr(services, "product_create", real)
    assert counts(run(source)) == (3, 0, 0, 0)


def test_started_once(shop):
    source = listed(shop, "SKU,Title,Price\nA-1,One,1\n")
    by = source.created_by
    job = services.product_import_start(source=source, by=by)
    assert services.product_import_start(source=source, by=by) == job
    assert refused(services.product_import_configure, source=source, columns={}) == "started"


def refused(act, **kwargs):
    with pytest.raises(DomainError) as found:
        act(**kwargs)
    return found.value.code


def test_columns_are_changed_by_hand(shop):
    source = listed(shop, "Code,Title,Price\nA-1,One,1\n")
    services.product_import_configure(source=source, columns={0: "sku", 1: "title", 2: "price"})
    assert run(source).columns == {"0": "sku", "1": "title", "2": "price"}
    assert Product.objects.get().sku == "A-1"


@pytest.mark.parametrize(
    ("columns", "code"), [({0: "sku", 1: "sku"}, "column_twice"), ({0: "followers"}, "columns_unknown")]
)
def test_columns_that_cannot_be(shop, columns, code):
    source = listed(shop, "Code,Title,Price\nA-1,One,1\n")
    assert refused(services.product_import_configure, source=source, columns=columns) == code


def test_nothing_to_match_by(shop):
    source = listed(shop, "Price,Tax rate\n1,8\n")
    assert refused(services.product_import_start, source=source, by=source.created_by) == "columns_missing"


def test_too_many_rows(shop, monkeypatch):
    monkeypatch.setattr(services, "MOST_ROWS", 1)
    source = listed(shop, "SKU,Title,Price\nA-1,One,1\nA-2,Two,2\n")
    assert refused(services.product_import_start, source=source, by=source.created_by) == "too_many_rows"


def test_a_header_alone_is_refused_and_not_kept(shop):
    with pytest.raises(DomainError) as found:
        listed(shop, "SKU,Title,Price\n")
    assert found.value.code == "no_rows"
    assert not ProductImport.objects.exists()


def test_a_viewer_does_not_import(shop):
    source = listed(shop, "SKU,Title,Price\nA-1,One,1\n")
    assert refused(services.product_import_start, source=source, by=make_user("viewer")) == "not_allowed"
    assert refused(services.product_import_cancel, source=source, by=source.created_by) == "not_started"


def test_a_cancelled_job_writes_nothing_more(shop):
    source = listed(shop, "SKU,Title,Price\nA-1,One,1\n")
    services.product_import_start(source=source, by=source.created_by)
    source.refresh_from_db()
    services.product_import_cancel(source=source, by=source.created_by)
    assert services.product_import_advance(source.job_id) is False
    assert not Product.objects.exists()


def test_the_refused_rows_leave_with_their_reason(shop):
    source = run(listed(shop, "Product ID,Title,Price\n7.28E+18,Serum,24\n"))
    sheet = refused_sheet(source)
    row = next(iter(sheet.rows))
    assert [column.value(row) for column in sheet.columns][:3] == ["7.28E+18", "Serum", "24"]
    assert "lost its last digits" in sheet.columns[-1].value(row)
