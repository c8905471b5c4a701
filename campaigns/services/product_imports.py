"""A product list from a file: looked at first, then written row by row by a job that may be killed at any moment."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from accounts.states import Permission
from campaigns.models import Product, ProductImport, ProductImportRow
from campaigns.rules.product_columns import LABELS, guess_columns, is_header
from campaigns.rules.product_rows import Problem, Read
from campaigns.selectors.product_lists import ProductList, Result, result_of, stored_problem
from campaigns.services.products import product_create, product_move, product_update
from campaigns.services.stock import stock_change
from core.errors import DomainError
from core.jobs import ChunkPlan, advisory_lock, chunk_run_next, job_cancel, job_create, progress_set, raise_if_cancelled
from core.models import Job, JobChunk, StoredFile
from core.uploads.storage import file_forget, file_path, file_store
from core.uploads.tables import guess_sheet, open_table
from creators.models import Category

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

TASK = "campaigns.tasks.products.product_import_advance"
KIND = "product_import"
STEP = "write"
MOST_ROWS = 20_000
# A worker that dies loses at most so many rows of work, and a cancellation waits for so many.
CHUNK_ROWS = 200


def product_import_create(*, shop: Shop, upload: "UploadedFile[bytes]", by: User, at: datetime) -> ProductImport:
    """Keep an uploaded list and guess its columns; no product is written yet.

    Raises the DomainErrors of `file_store` and `open_table`, and `no_rows`; nothing is kept then.
    """
    stored: StoredFile | None = None
    try:
        with transaction.atomic():
            stored = file_store(
                name=upload.name or "products", content_type=upload.content_type or "", by=by, upload=upload
            )
            header = guess_sheet(open_table(file_path(stored)), is_header)
            columns = {str(place): name for place, name in guess_columns(header.names).items()}
            source = ProductImport.objects.create(shop=shop, file=stored, columns=columns, created_by=by, created_at=at)
            if not ProductList(source).sample:
                raise DomainError("no_rows", _("The file has no rows below its header. Choose another file or sheet."))
    except DomainError:
        if stored is not None:
            file_forget(sha256=stored.sha256)
        raise
    return source


@transaction.atomic
def product_import_configure(*, source: ProductImport, columns: Mapping[int, str]) -> ProductImport:
    """Read the columns at these positions as these fields. Raises `column_twice`, `columns_unknown`, `started`."""
    held = _held(source)
    if held.job_id:
        raise DomainError("started", _("This list is being imported already: its columns stay."), status=409)
    chosen = {place: name for place, name in columns.items() if name}
    if set(chosen.values()) - set(LABELS):
        raise DomainError("columns_unknown", _("Choose the columns from the list."))
    for place, name in chosen.items():
        if list(chosen.values()).count(name) > 1:
            text = _("Two columns are read as %(name)s. Keep one of them.") % {"name": LABELS[name]}
            raise DomainError("column_twice", text, fields={f"column_{place}": text})
    held.columns = {str(place): name for place, name in chosen.items()}
    held.save(update_fields=["columns"])
    source.columns = held.columns
    return held


@transaction.atomic
def product_import_start(*, source: ProductImport, by: User) -> Job:
    """Write the rows; a second press finds the same job.

    Raises DomainError `columns_missing`, `too_many_rows`, `no_rows`, `not_allowed`.
    """
    held = _held(source)
    if held.job is not None:
        return held.job
    _check_allowed(by)
    products = ProductList(held)
    if not {"platform_id", "sku", "title"} & set(products.places):
        raise DomainError("columns_missing", _("Choose the column with the product ID, the SKU or the title."))
    numbers = [number for number, _cells in products.rows()]
    if len(numbers) > MOST_ROWS:
        raise DomainError("too_many_rows", _("At most 20,000 rows at once. Split the file."))
    if not numbers:
        raise DomainError("no_rows", _("The file has no rows below its header. Choose another file or sheet."))
    ends = [*numbers[CHUNK_ROWS - 1 :: CHUNK_ROWS], numbers[-1]]
    begins = [products.header_row, *ends]
    # One stage each: a later row about the same product counts.
    plans = [
        ChunkPlan(stage=place, step=STEP, params={"after": after, "until": until})
        for place, (after, until) in enumerate(zip(begins, ends, strict=False))
        if after < until
    ]
    params: dict[str, Any] = {
        "source": held.pk,
        "title": held.file.name,
        "back": held.get_absolute_url(),
        "language": get_language() or "en",
        "rows": len(numbers),
    }
    held.job = job_create(kind=KIND, task=TASK, by=by, chunks=plans, params=params)
    held.save(update_fields=["job"])
    return held.job


def product_import_cancel(*, source: ProductImport, by: User) -> Job:
    """Stop after the rows that are being written. Raises `not_started`, and what `job_cancel` raises."""
    if source.job is None:
        raise DomainError("not_started", _("This import was not started."), status=409)
    return job_cancel(job=source.job, by=by)


def product_import_advance(job_id: int) -> bool:
    """Run one chunk of such a job; returns whether more wait."""
    job = Job.objects.filter(pk=job_id).first()
    with translation.override(job.params["language"] if job else "en"):
        return chunk_run_next(job_id=job_id, handlers={STEP: _write}, cleanup=_nothing)


def _held(source: ProductImport) -> ProductImport:
    related = ("job", "file", "shop")
    return ProductImport.objects.select_for_update(of=("self",)).select_related(*related).get(pk=source.pk)


def _check_allowed(by: User) -> None:
    if not by.can(Permission.PRODUCT_EDIT):
        raise DomainError("not_allowed", by.refusal(Permission.PRODUCT_EDIT), status=403)


def _write(job: Job, chunk: JobChunk) -> None:
    """Write the rows of a part in one transaction with it; the actor must still be allowed to."""
    source = _held(ProductImport(pk=job.params["source"]))
    # Two lists of a shop hold its products one after the other, in whatever order their rows stand.
    advisory_lock(f"product-import-{source.shop_id}")
    actor = User.objects.get(pk=job.actor_id)
    _check_allowed(actor)
    writer = _Writer(source, actor, timezone.now())
    for done, (number, cells) in enumerate(writer.products.rows(after=chunk.params["after"])):
        if number > chunk.params["until"]:
            break
        if done % 100 == 0:
            raise_if_cancelled(job=job)
            progress_set(job=job, step=STEP, done=writer.before.total + done, total=job.params["rows"])
        writer.row(number, cells)
    ProductImportRow.objects.bulk_create(writer.refused)
    result = writer.result()
    Job.objects.filter(pk=job.pk).update(result=asdict(result))
    progress_set(job=job, step=STEP, done=result.total, total=job.params["rows"])


@dataclass
class _Writer:
    """Writes rows, and counts what became of each."""

    source: ProductImport
    by: User
    at: datetime
    refused: list[ProductImportRow] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"added": 0, "changed": 0, "unchanged": 0})
    without_category: int = 0

    def __post_init__(self) -> None:
        self.products = ProductList(self.source)
        self.before: Result = result_of(self.source)
        self.categories = {
            " ".join(name.casefold().split()): category
            for category in Category.objects.order_by("-level", "-pk")
            for name in (category.name_en, category.name_zh, str(category.pk))
        }

    def row(self, number: int, cells: Sequence[str]) -> None:
        """Write one row in a savepoint; what a service refuses is kept with the row."""
        read = self.products.read(cells)
        if read.problems:
            self._refuse(number, cells, [stored_problem(self.products, cells, one) for one in read.problems])
            return
        try:
            with transaction.atomic():
                self.counts[self._written(cells, read)] += 1
        except _RowError as error:
            self._refuse(number, cells, [stored_problem(self.products, cells, error.problem)])
        except DomainError as error:
            fields = error.fields or {"": error.message}
            told = [
                {**stored_problem(self.products, cells, (name, error.code)), "text": str(text)}
                for name, text in fields.items()
            ]
            self._refuse(number, cells, told)

    def result(self) -> Result:
        counts = {name: getattr(self.before, name) + count for name, count in self.counts.items()}
        return replace(
            self.before,
            **counts,
            refused=self.before.refused + len(self.refused),
            without_category=self.before.without_category + self.without_category,
        )

    def _refuse(self, number: int, cells: Sequence[str], problems: list[dict[str, str]]) -> None:
        row = ProductImportRow(product_import=self.source, number=number, values=list(cells), problems=problems)
        self.refused.append(row)

    def _written(self, cells: Sequence[str], read: Read) -> str:
        """Write the row; returns whether a product was added, changed or left unchanged."""
        product = self._match(read)
        if product is not None and product.currency != self.products.currency:
            # A price without a sign is in the product's own currency, not in the shop's.
            read = self.products.read(cells, currency=product.currency)
        values = dict(read.values)
        state = values.pop("state", None)
        category = self.categories.get(" ".join(read.category.casefold().split())) if read.category else None
        if category is not None:
            values["category"] = category
        elif read.category:
            self.without_category += 1
        if product is None:
            return self._add(values, state, read.stock)
        after = product_update(product=product, values=values, by=self.by)
        is_changed = any(getattr(after, name) != getattr(product, name) for name in values)
        if state and state != after.state:
            product_move(product=after, to=state, by=self.by)
            is_changed = True
        if read.stock is not None and read.stock != after.sample_stock:
            self._stock(after, read.stock - after.sample_stock)
            is_changed = True
        return "changed" if is_changed else "unchanged"

    def _add(self, values: dict[str, Any], state: str | None, stock: int | None) -> str:
        whole = {"price": None, "title": "", "currency": self.products.currency} | values
        product = product_create(shop=self.source.shop, values=whole, by=self.by, at=self.at)
        if stock:
            self._stock(product, stock)
        if state and state != product.state:
            product_move(product=product, to=state, by=self.by)
        return "added"

    def _stock(self, product: Product, delta: int) -> None:
        note = _("Import of %(file)s") % {"file": self.source.file.name}
        stock_change(product=product, delta=delta, note=note, by=self.by, at=self.at)

    def _match(self, read: Read) -> Product | None:
        """The product that the row is about: by the platform's ID, else by SKU; by title never."""
        mine = Product.objects.filter(shop=self.source.shop).select_related("category")
        platform_id, sku = read.values.get("platform_id"), read.values.get("sku")
        found = mine.filter(platform_id=platform_id).first() if platform_id else None
        if found is None and sku:
            found = mine.filter(sku=sku).first()
            if found is not None and platform_id and found.platform_id:
                raise _RowError(("sku", "sku_of_other"))
        return found


class _RowError(Exception):
    """The row contradicts what is known."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def _nothing(job: Job) -> None:
    """Products that were written stay written."""
