"""Test matrices: products by content styles; seats and contents are put into their cells."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from campaigns.models import Campaign, Content, MatrixCell, Product, Seat, TestMatrix
from campaigns.rules.matrix import PRODUCTS, STYLE_LENGTH, STYLES
from campaigns.services.campaigns import campaign_hold, check_active
from core.errors import DomainError

# So many are named in a refusal.
NAMED = 3


@transaction.atomic
def matrix_create(
    *, campaign: Campaign, name: str, products: Sequence[Product], styles: Sequence[str], by: User, at: datetime
) -> TestMatrix:
    """A matrix with a cell for each product in each style.

    Raises DomainError `campaign_not_active` (409), `matrix_products`, `matrix_styles`.
    """
    held = campaign_hold(campaign=campaign)
    check_active(held)
    chosen = list(dict.fromkeys(products))
    if not 1 <= len(chosen) <= PRODUCTS or any(product.shop_id != held.shop_id for product in chosen):
        text = _("Choose 1 to %(most)s products of the campaign's shop.") % {"most": PRODUCTS}
        raise DomainError("matrix_products", text, fields={"products": text})
    names = list(dict.fromkeys(style.strip() for style in styles if style.strip()))
    if not 1 <= len(names) <= STYLES or any(len(style) > STYLE_LENGTH for style in names):
        text = _("Write 1 to %(most)s different styles of at most %(length)s characters, one a line.")
        text %= {"most": STYLES, "length": STYLE_LENGTH}
        raise DomainError("matrix_styles", text, fields={"styles": text})
    matrix = TestMatrix.objects.create(campaign=held, name=name.strip(), created_by=by, created_at=at)
    MatrixCell.objects.bulk_create(
        MatrixCell(matrix=matrix, product=product, style=style, row=row, column=column)
        for row, product in enumerate(chosen, start=1)
        for column, style in enumerate(names, start=1)
    )
    return matrix


@transaction.atomic
def seats_assign(*, matrix: TestMatrix, cell: MatrixCell | None, seat_ids: Sequence[int]) -> int:
    """Put seats of the campaign's plans into a cell, or with None out of the matrix; returns how many.

    Their contents count there too, unless they are put elsewhere themselves.
    Raises DomainError `campaign_not_active` (409), `cell_unknown`, `nothing_chosen`, `cell_product_missing`.
    """
    _check_cell(matrix, cell)
    chosen = Seat.objects.taken().filter(plan__campaign=matrix.campaign_id, pk__in=seat_ids)
    seats = list(chosen.select_related("plan", "creator").select_for_update(of=("self",)).order_by("pk"))
    _check_chosen(seats)
    if cell is not None:
        plans = {seat.plan for seat in seats}
        without = sorted(
            (
                plan
                for plan in plans
                if not plan.plan_products.filter(product=cell.product_id, removed_at=None).exists()
            ),
            key=str,
        )
        if without:
            text = _("%(product)s is not in %(plans)s. Add it to the plan first, or choose a cell of its products.")
            text %= {"product": cell.product, "plans": _names(without)}
            raise DomainError("cell_product_missing", text, fields={"cell": text})
    Seat.objects.filter(pk__in=[seat.pk for seat in seats]).update(cell=cell)
    return len(seats)


@transaction.atomic
def contents_assign(*, matrix: TestMatrix, cell: MatrixCell | None, content_ids: Sequence[int]) -> int:
    """Put contents of the campaign into a cell, or with None back to that of their seat; returns how many.

    Raises DomainError `campaign_not_active` (409), `cell_unknown`, `nothing_chosen`, `cell_product_differs`.
    """
    _check_cell(matrix, cell)
    chosen = Content.objects.filter(collaboration__plan__campaign=matrix.campaign_id, pk__in=content_ids)
    contents = list(chosen.select_for_update(of=("self",)).order_by("pk"))
    _check_chosen(contents)
    if cell is not None:
        others = [one for one in contents if one.product_id not in (None, cell.product_id)]
        if others:
            text = ngettext(
                "%(names)s shows another product than this cell.",
                "%(names)s show another product than this cell.",
                len(others),
            )
            text %= {"names": _names(others)}
            raise DomainError("cell_product_differs", text, fields={"cell": text})
    Content.objects.filter(pk__in=[one.pk for one in contents]).update(cell=cell)
    return len(contents)


def _check_cell(matrix: TestMatrix, cell: MatrixCell | None) -> None:
    check_active(campaign_hold(campaign=matrix.campaign))
    if cell is not None and cell.matrix_id != matrix.pk:
        text = _("Choose a cell of this matrix.")
        raise DomainError("cell_unknown", text, fields={"cell": text})


def _check_chosen(rows: Sequence[object]) -> None:
    if not rows:
        text = _("Nothing is chosen. Tick at least one row.")
        raise DomainError("nothing_chosen", text, fields={"chosen": text})


def _names(rows: Iterable[object]) -> str:
    names = [str(one) for one in rows]
    shown = ", ".join(names[:NAMED])
    return (
        shown
        if len(names) <= NAMED
        else _("%(names)s and %(more)s more") % {"names": shown, "more": len(names) - NAMED}
    )
