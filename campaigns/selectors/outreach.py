"""What will be sent to whom, where creators are written to, and how they answer."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Shop, User
from campaigns.models import Collaboration, Conversation, Message, MessageTemplate, PlanProduct, TargetedPlan
from campaigns.rules.plans import day_text, products_text, rates_text
from campaigns.rules.quota import ReplyStats, reply_stats
from campaigns.rules.variables import language_code, language_for
from campaigns.selectors.seating import Refusal
from campaigns.states.outreach import MessageState
from creators.models import Creator, CreatorContact

# A mail that has been going out for so long was cut off: nobody knows whether it went.
UNSURE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Target:
    """Somebody who may be written to, for a shop, and in a collaboration where there is one."""

    shop: Shop
    creator: Creator
    collaboration: Collaboration | None = None


@dataclass(frozen=True)
class Text:
    """What is written in one language, variables open; `template` None: a plan's invitation or one's own words."""

    subject: str
    body: str
    language: str
    template: MessageTemplate | None = None


@dataclass(frozen=True)
class Draft:
    """What one creator would get, and why it is not sent, if it is not."""

    target: Target
    subject: str
    body: str
    language: str
    # The creator's own language, where another one is written.
    missed_language: str
    address: str
    template: MessageTemplate | None
    refusal: Refusal | None


def is_unsure(message: Message, *, at: datetime) -> bool:
    """Whether sending the mail began long ago and nobody knows how it ended."""
    if message.state != MessageState.SENDING:
        return False
    return message.sending_at is None or message.sending_at + UNSURE_AFTER <= at


def addresses_of(shop: Shop, creator_ids: Collection[int]) -> dict[int, str]:
    """The newest mail address of each creator among the shop's contacts; who has none is left out."""
    contacts = CreatorContact.objects.filter(shop=shop, creator__in=creator_ids, kind=CreatorContact.Kind.EMAIL)
    return dict(contacts.order_by("added_at", "pk").values_list("creator", "value"))


def texts_named(shop: Shop, name: str) -> list[Text]:
    """The shop's template of the name, in every language that it has."""
    templates = MessageTemplate.objects.current().filter(shop=shop, name__iexact=name)
    return [Text(one.subject, one.body, one.language, one) for one in templates]


def names_of(shop: Shop) -> list[tuple[str, str, list[str]]]:
    """The shop's templates to choose from: name, stage, languages; in the order of the stages."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    names: dict[tuple[str, str], str] = {}
    for one in MessageTemplate.objects.current().filter(shop=shop):
        key = (one.stage, one.name.lower())
        names.setdefault(key, one.name)
        found[key].append(one.language)
    return [(names[key], key[0], languages) for key, languages in found.items()]


def text_for(target: Target, texts: Sequence[Text]) -> tuple[Text | None, str]:
    """The text in the creator's language, else in English; and the creator's language where it is another one."""
    by_language = {one.language: one for one in texts}
    wanted = language_code(target.creator.language)
    chosen = language_for(wanted, by_language)
    if chosen is None:
        return None, wanted
    is_own = not wanted or chosen.split("-")[0] == wanted.split("-")[0]
    return by_language[chosen], "" if is_own else wanted


def values_of(targets: Sequence[Target], languages: Sequence[str], *, user: User) -> list[dict[str, str]]:
    """What fills the variables for each target, in the language that it is written to in.

    Without a collaboration nothing fills those of a plan.
    """
    plans = {one.collaboration.plan for one in targets if one.collaboration is not None}
    products: dict[int, list[PlanProduct]] = defaultdict(list)
    offered = PlanProduct.objects.filter(plan__in=plans, removed_at__isnull=True).select_related("product")
    for one in offered.order_by("slot"):
        products[one.plan_id].append(one)
    return [_values(*pair, products, user) for pair in zip(targets, languages, strict=True)]


def reply_stats_of_shops(shop_ids: Collection[int], *, at: datetime) -> dict[int, ReplyStats]:
    """How creators answer first contacts of each shop that are at least 14 days old."""
    rows = Conversation.objects.filter(shop__in=shop_ids, first_out_at__isnull=False)
    return _stats(rows.values_list("shop", "first_out_at", "first_reply_at"), shop_ids, at)


def reply_stats_of_creators(creator_ids: Collection[int], *, at: datetime) -> dict[int, ReplyStats]:
    """How each creator answers first contacts of all shops that are at least 14 days old; no shop is named."""
    rows = Conversation.objects.filter(creator__in=creator_ids, first_out_at__isnull=False)
    return _stats(rows.values_list("creator", "first_out_at", "first_reply_at"), creator_ids, at)


def newest_written(creator_ids: Collection[int], shop_ids: Collection[int]) -> dict[int, datetime]:
    """When one of the shops last wrote to each creator."""
    rows = Conversation.objects.filter(creator__in=creator_ids, shop__in=shop_ids, last_out_at__isnull=False)
    return dict(rows.values_list("creator").annotate(newest=Max("last_out_at")))


def _stats(
    rows: Iterable[tuple[int, datetime | None, datetime | None]], keys: Collection[int], at: datetime
) -> dict[int, ReplyStats]:
    found: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for key, out, reply in rows:
        if out is not None:
            found[key].append((out, reply))
    return {key: reply_stats(found[key], at=at) for key in keys}


def _values(target: Target, language: str, products: dict[int, list[PlanProduct]], user: User) -> dict[str, str]:
    values = {"creator": str(target.creator), "shop": target.shop.name, "contact": f"{user}, {user.email}"}
    if target.collaboration is None:
        return values
    plan = target.collaboration.plan
    offered = products.get(plan.pk, [])
    values |= {
        "plan": plan.name,
        "products": products_text([one.product.title for one in offered]),
        "commission": rates_text([one.commission_rate for one in offered]),
        "ends_on": day_text(plan.ends_on, language),
    }
    return values | ({"contact": contact} if (contact := _contact(plan)) else {})


def _contact(plan: TargetedPlan) -> str:
    return ", ".join(part for part in (plan.contact_name, plan.contact_email) if part)


def no_text() -> Refusal:
    return Refusal("no_language", _("The template has no text in this creator's language, and none in English."))


@dataclass(frozen=True)
class TemplateGroup:
    """A text of a shop with its translations."""

    shop: Shop
    name: str
    stage: str
    templates: list[MessageTemplate]

    @property
    def first(self) -> MessageTemplate:
        """The English one, else the first."""
        return next((one for one in self.templates if one.language == "en"), self.templates[0])


def template_groups(user: User) -> list[TemplateGroup]:
    """The templates in use of the user's shops, by shop, stage and name."""
    groups: dict[tuple[int, str, str], TemplateGroup] = {}
    found = MessageTemplate.objects.visible_to(user).current().select_related("shop")
    for one in found.order_by("shop__name", "stage", "name", "language", "pk"):
        key = (one.shop_id, one.stage, one.name.lower())
        group = groups.setdefault(key, TemplateGroup(one.shop, one.name, one.get_stage_display(), []))
        group.templates.append(one)
    return list(groups.values())
