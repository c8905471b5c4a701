"""The way of each creator of the demo: seat, invitation, answer, sample, contents and end, step by step."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from numpy.random import Generator

from accounts.models import User
from campaigns.models import Collaboration, Content, Product, Sample, TargetedPlan
from campaigns.rules.due import CONTENT_DAYS, CONTENT_SOON
from campaigns.rules.invented_story import Journey, Work
from campaigns.rules.variables import filled
from campaigns.services.agreements import agreement_write
from campaigns.services.collaborations import collaboration_move
from campaigns.services.conversations import conversation_hold, reply_log
from campaigns.services.demo.money import Money
from campaigns.services.drafts import draft_review, draft_submit
from campaigns.services.messages import message_send
from campaigns.services.publications import content_publish
from campaigns.services.sampling import sample_approve
from campaigns.services.seats import seats_add
from campaigns.services.shipping import sample_deliver, sample_ship
from campaigns.states.collaborations import CollaborationState
from campaigns.states.contents import ContentKind, ContentState
from creators.models import Creator

S = CollaborationState
CARRIERS = ("UPS", "DHL", "USPS")
HELD_DAYS = 5.5
Planned = tuple[float, Any]


class Teller:
    """Makes the steps of journeys, and keeps what became of them."""

    def __init__(
        self,
        at: datetime,
        people: dict[str, User],
        plans: dict[str, TargetedPlan],
        products: dict[str, Product],
        rng: Generator,
        money: Money,
    ) -> None:
        self.at, self.people, self.plans, self.products = at, people, plans, products
        self.rng, self.money = rng, money
        self.collaborations: dict[str, Collaboration] = {}
        self.creators: dict[str, Creator] = {}
        self.styled: list[tuple[Content, int]] = []

    def steps_of(self, journey: Journey, creator: Creator) -> Iterator[Planned]:
        """Days before now and what happens then, after the seat; each step is called with its instant."""
        self.creators[journey.who] = creator
        own = partial(partial, journey=journey)
        ways = {
            "invited": self._invite,
            "replied": self._reply,
            "accepted": self._accept,
            "approved": self._approve,
            "shipped": self._ship,
            "delivered": self._deliver,
        }
        for name, act in ways.items():
            if (days := getattr(journey, name)) is not None:
                yield days, own(act)
        yield from self._contents(journey)
        if journey.is_held:
            yield HELD_DAYS, own(self._hold)
        if journey.ended is not None:
            yield journey.ended[1], own(self._end)

    def _contents(self, journey: Journey) -> Iterator[Planned]:
        due_soon = self._content_due_days(journey)
        drafts = [days for work in journey.works for days in (work.drafted, work.published) if days is not None]
        if due_soon is not None and due_soon > 0 and (not drafts or due_soon > max(drafts)):
            yield due_soon, partial(self._content_due, journey=journey)
        for number, work in enumerate(journey.works, start=1):
            if work.drafted is not None:
                yield work.drafted, partial(self._draft, journey=journey, work=work, number=number)
            if work.reviewed is not None:
                yield work.reviewed, partial(self._review, journey=journey, work=work, number=number)
            if work.published is not None:
                yield work.published, partial(self._publish, journey=journey, work=work, number=number)

    def _content_due_days(self, journey: Journey) -> float | None:
        """How many days ago the clock said that the content is due: a week before its day."""
        begins = journey.delivered
        if begins is None and not self._has_samples(journey):
            begins = journey.accepted
        if begins is None or (journey.ended is not None and not journey.works):
            return None
        return begins - CONTENT_DAYS + CONTENT_SOON / timedelta(days=1) - 0.01

    @staticmethod
    def _has_samples(journey: Journey) -> bool:
        return journey.plan != "tet"

    def _owner(self, journey: Journey) -> User:
        return self.plans[journey.plan].owner

    def _one(self, journey: Journey) -> Collaboration | None:
        return self.collaborations.get(journey.who)

    def seat(self, at: datetime, *, plan: str, roles: Sequence[str]) -> None:
        """Give the creators of these roles their seats."""
        keys = {self.creators[who].pk: who for who in roles}
        seating = seats_add(plan=self.plans[plan], creator_ids=list(keys), by=self.plans[plan].owner, at=at)
        for seat in seating.seats:
            self.collaborations[keys[seat.creator_id]] = seat.collaboration

    def _invite(self, at: datetime, *, journey: Journey) -> None:
        if (one := self._one(journey)) is None:
            return
        if journey.terms:
            agreement_write(collaboration=one, by=self._owner(journey), at=at, **journey.terms)
        plan = self.plans[journey.plan]
        message_send(
            shop=plan.shop,
            creator=self.creators[journey.who],
            channel="chat",
            stage="invitation",
            body=filled(plan.message, self._values(journey)),
            language=plan.message_language,
            collaboration=one,
            by=plan.owner,
            at=at,
        )

    def _values(self, journey: Journey) -> dict[str, str]:
        plan = self.plans[journey.plan]
        lines = list(plan.plan_products.select_related("product"))
        rates = sorted({f"{line.commission_rate.normalize():f}%" for line in lines})
        return {
            "creator": f"@{self.creators[journey.who].handle}",
            "shop": plan.shop.name,
            "plan": plan.name,
            "products": " + ".join(line.product.title for line in lines),
            "commission": " / ".join(rates),
            "ends_on": plan.ends_on.isoformat(),
            "contact": plan.contact_name,
        }

    def _reply(self, at: datetime, *, journey: Journey) -> None:
        if self._one(journey) is None:
            return
        shop = self.plans[journey.plan].shop
        conversation = conversation_hold(shop=shop, creator=self.creators[journey.who])
        owner = self._owner(journey)
        reply_log(conversation=conversation, body=journey.reply, channel="chat", received_at=at, by=owner, at=at)

    def _accept(self, at: datetime, *, journey: Journey) -> None:
        self._move(journey, S.ACCEPTED, at, self._owner(journey))

    def _approve(self, at: datetime, *, journey: Journey) -> None:
        if sample := self._sample(journey):
            sample_approve(sample=sample, by=self._owner(journey), at=at)

    def _ship(self, at: datetime, *, journey: Journey) -> None:
        if (sample := self._sample(journey)) is None:
            return
        number = int(self.rng.integers(10**11, 10**12))
        expected = None
        if journey.expected_in is not None:
            expected = (self.at + timedelta(days=journey.expected_in)).date()
        carrier = CARRIERS[number % len(CARRIERS)]
        tracking = f"1Z{number}"
        owner = self._owner(journey)
        sample_ship(sample=sample, carrier=carrier, tracking=tracking, expected_on=expected, by=owner, at=at)

    def _deliver(self, at: datetime, *, journey: Journey) -> None:
        if sample := self._sample(journey):
            sample_deliver(sample=sample, by=self._owner(journey), at=at)

    def _sample(self, journey: Journey) -> Sample | None:
        one = self._one(journey)
        return None if one is None else one.samples.select_related("collaboration", "product").first()

    def _content_due(self, at: datetime, *, journey: Journey) -> None:
        one = self._one(journey)
        if one is not None and Collaboration.objects.get(pk=one.pk).state in {S.ACCEPTED, S.DELIVERED}:
            self._move(journey, S.CONTENT_DUE, at, None)

    def _content(self, journey: Journey, number: int) -> Content | None:
        one = self._one(journey)
        if one is None:
            return None
        related = ("collaboration__plan__market", "collaboration__shop", "collaboration__creator")
        return one.contents.select_related(*related).filter(number=number).first()

    def _draft(self, at: datetime, *, journey: Journey, work: Work, number: int) -> None:
        if content := self._content(journey, number):
            draft_submit(content=content, script=work.script, by=self._owner(journey), at=at)

    def _review(self, at: datetime, *, journey: Journey, work: Work, number: int) -> None:
        content = self._content(journey, number)
        if content is None or content.state != ContentState.IN_REVIEW:
            return
        draft = content.drafts.select_related("content__collaboration").latest("number")
        everything = range(len(draft.checklist))
        draft_review(draft=draft, verdict="approved", confirmed=everything, by=self.people["jonas"], at=at)

    def _publish(self, at: datetime, *, journey: Journey, work: Work, number: int) -> None:
        content = self._content(journey, number)
        if content is None:
            return
        product = self.products[work.product]
        handle = self.creators[journey.who].handle
        key = f"7{int(self.rng.integers(10**17, 10**18))}"
        is_live = content.kind == ContentKind.LIVE
        content = content_publish(
            content=content,
            url=f"https://www.tiktok.com/@{handle}/video/{key}",
            product=product,
            published_at=at - timedelta(hours=2),
            live_minutes=95 if is_live else None,
            by=self._owner(journey),
            at=at,
        )
        if work.style is not None:
            self.styled.append((content, work.style))
        self.money.published(content=content, creator=self.creators[journey.who], product=product, work=work)

    def _hold(self, at: datetime, *, journey: Journey) -> None:
        self._move(journey, S.ON_HOLD, at, None, "Videos are withdrawn until the press has calmed down.")

    def _end(self, at: datetime, *, journey: Journey) -> None:
        if journey.ended is not None:
            state, _days, reason = journey.ended
            by = None if state == S.EXPIRED else self._owner(journey)
            self._move(journey, S(state), at, by, reason)

    def _move(self, journey: Journey, to: CollaborationState, at: datetime, by: User | None, reason: str = "") -> None:
        if one := self._one(journey):
            collaboration_move(collaboration=one, to=to, at=at, by=by, reason=reason)
