"""Several at one stock at the same instant, each with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from campaigns.models import Product, StockMove
from campaigns.services.sampling import sample_approve
from core.errors import DomainError
from tests.plans import NOON, make_plan, make_product
from tests.works import days, make_sample

pytestmark = pytest.mark.django_db(transaction=True)


def test_parallel_approvals_never_take_more_than_there_is():
    product = make_product(make_plan().shop, sample_stock=3)
    samples = [make_sample(product=product) for _ in range(6)]
    barrier = Barrier(len(samples))

    def approve(sample):
        try:
            barrier.wait(timeout=30)
            return sample_approve(sample=sample, by=sample.collaboration.owner, at=NOON + days(1)).state
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(samples)) as pool:
        found = sorted(pool.map(approve, samples))
    assert found == ["approved"] * 3 + ["stock_too_low"] * 3
    assert Product.objects.get(pk=product.pk).sample_stock == 0
    assert sorted(StockMove.objects.values_list("balance", flat=True)) == [0, 1, 2]
