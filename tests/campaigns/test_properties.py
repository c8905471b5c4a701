"""Random work of a whole team, through the services of every part: what must hold whatever is done, and when.

Seats stay within 30, every change of a state is one row, the stock is the sum of its moves, and money is conserved.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction

from campaigns.models import (
    Collaboration,
    Content,
    OrderLine,
    Payout,
    Product,
    Sample,
    Seat,
    SettlementLine,
    Statement,
    StockMove,
)
from campaigns.rules.money import month_of
from campaigns.selectors.campaign_days import days_of
from campaigns.selectors.campaigns import overview_of, rows_of
from campaigns.selectors.money import totals
from campaigns.services.agreements import agreement_write
from campaigns.services.collaborations import collaboration_move, moves_open_to
from campaigns.services.drafts import draft_review, draft_submit
from campaigns.services.payouts import payout_create, payout_discard, payout_pay
from campaigns.services.publications import content_publish, content_take_down
from campaigns.services.results import result_write
from campaigns.services.sampling import sample_approve, sample_refuse
from campaigns.services.seats import seats_add
from campaigns.services.settlements import lines_approve, settlement_refresh
from campaigns.services.shipping import sample_deliver, sample_lose, sample_return, sample_ship
from campaigns.services.statements import statements_issue
from campaigns.states.collaborations import COLLABORATION_TRANSITIONS, RELEASED
from campaigns.states.contents import CONTENT_TRANSITIONS
from campaigns.states.samples import SAMPLE_TRANSITIONS
from campaigns.states.settlements import LINE_TRANSITIONS, LineState, Payer
from core.errors import DomainError
from tests.factories import make_shop, make_user
from tests.plans import NOON, make_campaign, make_creators, make_plan, make_product
from tests.settlements import approver
from tests.works import VIDEO

pytestmark = pytest.mark.django_db
STOCK = 12
MOVES = {
    Collaboration: COLLABORATION_TRANSITIONS,
    Sample: SAMPLE_TRANSITIONS,
    Content: CONTENT_TRANSITIONS,
    SettlementLine: LINE_TRANSITIONS,
}


class Team:
    """A campaign with one plan, and everybody's actions, each on something chosen at random."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.at, self.done = NOON, Counter[str]()
        self.seller = make_user()
        self.shop = make_shop([self.seller])
        self.manager = approver(self.shop)
        self.product = make_product(self.shop, self.seller, sample_stock=STOCK)
        self.campaign = make_campaign(self.shop, self.seller)
        common: dict[str, Any] = {"campaign": self.campaign, "products": [self.product], "contents_wanted": 2}
        self.plan = make_plan(self.shop, self.seller, sample_rule="approval", **common)
        self.creators = make_creators(40)

    def work(self, steps: int) -> None:
        actions: list[Callable[[], Any]] = [
            self.seat, self.terms, self.invite_and_accept, self.move, self.sample, self.sample, self.draft, self.draft,
            self.publish, self.publish, self.result, self.result, self.order, self.order, self.refund, self.settle,
            self.settle, self.approve, self.pay,
        ]  # fmt: skip
        for _ in range(steps):
            self.at += timedelta(hours=self.chance.randint(1, 20))
            action = self.chance.choice(actions)
            try:
                with transaction.atomic():
                    action()
            except DomainError as refused:
                self.done[f"refused: {refused.code}"] += 1
            except LookupError:
                # Nothing to choose from yet.
                continue
            else:
                self.done[action.__name__] += 1

    def one(self, rows: Iterable[Any]) -> Any:
        return self.chance.choice(list(rows))

    def by(self) -> dict[str, Any]:
        return {"by": self.seller, "at": self.at}

    def seat(self) -> None:
        chosen = self.chance.sample(self.creators, self.chance.randint(3, 20))
        seats_add(plan=self.plan, creator_ids=[one.pk for one in chosen], **self.by())

    def terms(self) -> None:
        basis, terms = self.one(
            [
                ("fixed", {"fixed_fee": Decimal("80.55")}),
                ("guarantee", {"guarantee": Decimal(50), "share_rate": Decimal("12.5")}),
                ("per_views", {"per_views_fee": Decimal("3.33"), "per_views_cap": Decimal(90)}),
            ]
        )
        seated = self.one(Collaboration.objects.filter(state__in=["seated", "invited"]))
        agreement_write(collaboration=seated, basis=basis, **terms, **self.by())

    def invite_and_accept(self) -> None:
        seated = list(Collaboration.objects.filter(state="seated"))
        for one in self.chance.sample(seated, min(3, len(seated))):
            collaboration_move(collaboration=one, to="invited", **self.by())
            collaboration_move(collaboration=one, to="accepted", **self.by())

    def move(self) -> None:
        chosen = self.one(Collaboration.objects.all())
        to = self.one(moves_open_to(chosen))
        collaboration_move(collaboration=chosen, to=to, reason=self.one(["", "Because"]), **self.by())

    def sample(self) -> None:
        chosen = self.one(Sample.objects.all())
        reason = {"reason": "Because"}
        act, more = self.one(
            [
                (sample_approve, {"cost": Decimal("6.49")}), (sample_approve, {}), (sample_refuse, reason),
                (sample_ship, {"carrier": "UPS"}), (sample_ship, {"carrier": "UPS"}), (sample_deliver, {}),
                (sample_deliver, {}), (sample_lose, reason), (sample_return, reason),
            ]
        )  # fmt: skip
        act(sample=chosen, **more, **self.by())

    def draft(self) -> None:
        waiting = Content.objects.filter(state="in_review")
        if self.chance.random() < 0.5 and waiting:
            draft = self.one(waiting).drafts.last()
            verdict = self.one(["approved", "changes"])
            confirmed = range(len(draft.checklist))
            draft_review(draft=draft, verdict=verdict, confirmed=confirmed, comments="Louder.", **self.by())
        else:
            draft_submit(content=self.one(Content.objects.all()), script="Repairs the barrier. #ad", **self.by())

    def publish(self) -> None:
        content = self.one(Content.objects.all())
        if content.state == "published" and self.chance.random() < 0.3:
            content_take_down(content=content, reason="Wrong label", **self.by())
            return
        url = VIDEO.format(content.pk)
        content_publish(content=content, url=url, product=self.product, published_at=self.at, **self.by())

    def result(self) -> None:
        content = self.one(Content.objects.filter(published_at__isnull=False))
        values = {"views": self.chance.randint(0, 90_000), "gmv": self.cents(300), "refunds": self.cents(20)}
        day = content.published_at.date() + timedelta(days=self.chance.randint(0, 3))
        result_write(content=content, values=values, source="hand", day=day, **self.by())

    def order(self) -> None:
        chosen = self.one(Collaboration.objects.filter(accepted_at__isnull=False))
        OrderLine.objects.create(
            shop=self.shop, order_id=str(self.at.timestamp()), creator=chosen.creator, product=self.product,
            collaboration=chosen, ordered_at=self.at, currency="USD", item_price=self.cents(200), tax=Decimal("1.07"),
            seller_coupon=Decimal("2.5"), commission_rate=Decimal(15), recorded_at=self.at,
        )  # fmt: skip

    def refund(self) -> None:
        line = self.one(OrderLine.objects.filter(refunded=0))
        line.refunded = line.item_price - line.seller_coupon
        line.save()

    def settle(self) -> None:
        settlement_refresh(shop=self.shop, month=month_of(self.at.date()), at=self.at)

    def approve(self) -> None:
        lines_approve(lines=list(SettlementLine.objects.filter(state="due")), by=self.manager, at=self.at)

    def pay(self) -> None:
        if self.chance.random() < 0.3:
            statements_issue(shop=self.shop, month=month_of(self.at.date()), **self.by())
            return
        payout = payout_create(shop=self.shop, currency="USD", **self.by())
        if self.chance.random() < 0.3:
            payout_discard(payout=payout, **self.by())
        else:
            payout_pay(payout=payout, reference="TT-1", paid_on=self.at.date(), **self.by())

    def cents(self, most: int) -> Decimal:
        return Decimal(self.chance.randint(300, most * 100)) / 100


def check_seats(team: Team) -> None:
    taken = list(Seat.objects.taken().filter(plan=team.plan))
    assert len(taken) == len({one.slot for one in taken}) == len({one.creator_id for one in taken}) <= 30
    for one in Collaboration.objects.select_related("seat"):
        assert (one.seat.released_at is not None) == (one.state in RELEASED)


def check_changes() -> None:
    for model, table in MOVES.items():
        for row in model.objects.prefetch_related("moves"):
            moves = sorted(row.moves.all(), key=lambda one: one.pk)
            assert (moves[0].from_state, moves[-1].to_state) == ("", row.state)
            for before, after in pairwise(moves):
                assert after.from_state == before.to_state
                assert after.to_state in table[after.from_state]
                assert after.at >= before.at


def check_stock(team: Team) -> None:
    product = Product.objects.get(pk=team.product.pk)
    moves = list(StockMove.objects.filter(product=product).order_by("pk"))
    assert product.sample_stock == STOCK + sum(one.delta for one in moves)
    assert all(one.balance >= 0 for one in moves)


def check_money(team: Team, at: datetime) -> None:
    ids = list(Collaboration.objects.values_list("pk", flat=True))
    found = totals(ids)
    lines = list(SettlementLine.objects.all())
    ours = [one for one in lines if one.payer == Payer.US]
    kept = [one for one in ours if one.state != LineState.CANCELLED]
    assert sum(one.fees for one in found.values()) == sum(one.amount for one in kept)
    # A payout is the sum of its lines, and what is paid stands in exactly one payout that was paid.
    for payout in Payout.objects.all():
        assert payout.total == sum(one.amount for one in ours if one.payout_id == payout.pk)
    paid = [one for one in ours if one.state == LineState.PAID]
    settled = Payout.objects.filter(paid_on__isnull=False)
    assert sum(one.amount for one in paid) == sum(one.total for one in settled)
    assert {one.payout_id for one in paid} <= {one.pk for one in settled}
    for statement in Statement.objects.all():
        stated = sum((one.amount for one in ours if one.statement_id == statement.pk), Decimal(0))
        assert Decimal(statement.totals["payable"]) == stated
    # Every screen has the same sums.
    row, overview = rows_of([team.campaign])[0], overview_of(team.campaign, today=at.date())
    net = sum((one.gmv_net for one in found.values() if one.gmv_net is not None), Decimal(0))
    assert (row.money.own.gmv_net or 0) == net == sum(days_of(team.campaign).gmv_net.values())
    assert row.money == overview.row.money
    assert row.money.own.cost == sum(one.cost for one in found.values())
    assert sum(plan.money.own.contribution for plan in overview.plans) == row.money.own.contribution


@pytest.mark.parametrize("seed", [3, 11])
def test_whatever_a_team_does(seed):
    team = Team(seed)
    for _round in range(2):
        team.work(60)
        # The database's own checks of recorded moves and seats wait for the end of a transaction.
        connection.check_constraints()
        check_seats(team)
        check_changes()
        check_stock(team)
        check_money(team, team.at)
    # Random work that only bounces off would prove nothing.
    reached = {"seat", "invite_and_accept", "sample", "draft", "publish", "result", "order", "settle", "approve"}
    assert reached <= team.done.keys()
    assert SettlementLine.objects.filter(payer=Payer.US).exists()
