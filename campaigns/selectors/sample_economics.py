"""What samples cost and what they brought: by creator, plan and product, in each currency."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from django.db.models import Count, Q, Sum
from django.urls import reverse

from accounts.models import User
from campaigns.models import Collaboration, Content, Sample
from campaigns.selectors.results import Figures, results_of, results_of_contents
from campaigns.states.samples import SAMPLE_RECEIVED, SAMPLE_TOOK_STOCK, SampleState

By = Literal["creator", "plan", "product"]
BY: tuple[By, ...] = get_args(By)
ROWS = 100


@dataclass(frozen=True)
class EconomicsRow:
    """Samples of one creator, plan or product in one currency; GMV net of refunds, None where nobody has said."""

    label: str
    url: str
    currency: str
    samples: int
    received: int
    fulfilled: int
    cost: Decimal | None
    gmv_net: Decimal | None

    @property
    def fulfilled_share(self) -> float | None:
        """The part of the received samples that is fulfilled, from 0 to 1."""
        return self.fulfilled / self.received if self.received else None

    @property
    def return_on_cost(self) -> Decimal | None:
        """GMV net of refunds for each unit of money that the samples cost."""
        return self.gmv_net / self.cost if self.cost and self.gmv_net is not None else None


_LABELS: dict[By, tuple[str, str, str]] = {
    "creator": ("collaboration__creator", "collaboration__creator__handle", "creator_detail"),
    "plan": ("collaboration__plan", "collaboration__plan__name", "plan_detail"),
    "product": ("product", "product__title", "product_detail"),
}


def economics_of(user: User, *, by: By) -> list[EconomicsRow]:
    """The dearest first, at most 100 rows; samples of the user's shops that left the stock and did not come back."""
    key, label, page = _LABELS[by]
    booked = Sample.objects.visible_to(user).filter(state__in=SAMPLE_TOOK_STOCK).order_by()
    groups = booked.values(key, label, "currency").annotate(
        samples=Count("pk"),
        received=Count("pk", filter=Q(state__in=sorted(SAMPLE_RECEIVED))),
        fulfilled=Count("pk", filter=Q(state=SampleState.FULFILLED)),
        total=Sum("cost"),
    )
    brought = _brought(booked.values_list("collaboration", flat=True).distinct(), by)
    rows = [
        EconomicsRow(
            label=f"@{row[label]}" if by == "creator" else row[label],
            url=reverse(page, args=[row[key]]),
            currency=row["currency"],
            samples=row["samples"],
            received=row["received"],
            fulfilled=row["fulfilled"],
            cost=row["total"],
            gmv_net=brought.get((row[key], row["currency"])),
        )
        for row in groups
    ]
    return sorted(rows, key=lambda row: (-(row.cost or Decimal(0)), row.label))[:ROWS]


def _brought(collaborations: Iterable[int], by: By) -> dict[tuple[int, str], Decimal]:
    """GMV net of refunds by creator, plan or tagged product, and currency."""
    ids = list(collaborations)
    if by == "product":
        contents = Content.objects.filter(collaboration__in=ids, product__isnull=False).order_by()
        keys = dict(contents.values_list("pk", "product"))
        return _summed(results_of_contents(list(keys)), keys.__getitem__)
    keys = dict(Collaboration.objects.filter(pk__in=ids).order_by().values_list("pk", by))
    return _summed(results_of(ids), keys.__getitem__)


def _summed(figures: Mapping[int, Figures], key_of: Callable[[int], int]) -> dict[tuple[int, str], Decimal]:
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for pk, one in figures.items():
        if one.gmv_net is not None:
            sums[key_of(pk), one.currency] += one.gmv_net
    return dict(sums)
