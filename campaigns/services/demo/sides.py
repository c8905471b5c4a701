"""Beside the plans of the demo: a test matrix, problems, quotes, and somebody who wants no more messages."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import Shop, User
from campaigns.models import Campaign, Product
from campaigns.rules.invented_story import LUMA, STYLES
from campaigns.services.demo.journeys import Teller
from campaigns.services.do_not_contact import do_not_contact_add
from campaigns.services.matrices import contents_assign, matrix_create
from campaigns.services.problems import problem_raise, problem_resolve, problem_step_tick
from campaigns.services.quotes import quote_record

MATRIX_DAYS = 20


def sides_tell(
    *, at: datetime, people: dict[str, User], teller: Teller, campaign: Campaign, products: dict[str, Product]
) -> None:
    """Tell them all."""
    _matrix(at, people, teller, campaign, products)
    _problems(at, people, teller)
    _quotes(at, people, teller)


def _matrix(
    at: datetime, people: dict[str, User], teller: Teller, campaign: Campaign, products: dict[str, Product]
) -> None:
    matrix = matrix_create(
        campaign=campaign,
        name="Which opening sells",
        products=[products[key] for key in ("serum", "cleanser", "cream")],
        styles=STYLES,
        by=people["sofia"],
        at=at - timedelta(days=MATRIX_DAYS),
    )
    cells = {(cell.product_id, cell.column): cell for cell in matrix.cells.all()}
    for content, style in teller.styled:
        if cell := cells.get((content.product_id or 0, style + 1)):
            contents_assign(matrix=matrix, cell=cell, content_ids=[content.pk])


def _problems(at: datetime, people: dict[str, User], teller: Teller) -> None:
    sofia = people["sofia"]
    late, counted = teller.collaborations.get("larkspur"), teller.collaborations.get("cinder")
    if late is not None:
        problem = problem_raise(
            collaboration=late,
            kind="fulfilment",
            summary="Two videos are four days late",
            details="The sample arrived 18 days ago. Two reminders by chat, no answer since Tuesday.",
            owner=people["jonas"],
            due_on=(at + timedelta(days=3)).date(),
            by=sofia,
            at=at - timedelta(days=2),
        )
        problem_step_tick(step=problem.steps.order_by("position")[0], done=True, by=sofia, at=at - timedelta(days=1))
    if counted is not None:
        problem = problem_raise(
            collaboration=counted,
            kind="technical",
            summary="Orders of two days were missing",
            owner=sofia,
            due_on=(at - timedelta(days=4)).date(),
            by=sofia,
            at=at - timedelta(days=9),
        )
        for step in problem.steps.all():
            problem_step_tick(step=step, done=True, by=sofia, at=at - timedelta(days=8))
        note = "The report was sent again; 23 orders came in."
        problem_resolve(problem=problem, outcome="mended", note=note, by=sofia, at=at - timedelta(days=7))


def _quotes(at: datetime, people: dict[str, User], teller: Teller) -> None:
    shop, sofia = Shop.objects.get(name=LUMA), people["sofia"]
    asked = (("opalhour", "video", "400"), ("night-sold", "video", "520"), ("larkspur", "views", "4"))
    for who, form, price in asked:
        if creator := teller.creators.get(who):
            quote_record(
                creator=creator,
                shop=shop,
                form=form,
                price=Decimal(price),
                currency="USD",
                valid_until=(at + timedelta(days=60)).date(),
                by=sofia,
                at=at - timedelta(days=26),
            )
    if creator := teller.creators.get("night-no"):
        reason = "Asked us by mail to stop."
        do_not_contact_add(creator=creator, shop=None, reason=reason, by=people["jonas"], at=at - timedelta(days=9))
