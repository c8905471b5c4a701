"""The demo: people of each role, three shops, invented creators and shortlists that tell a story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from django.db import connection, transaction
from numpy.random import Generator

from accounts.models import Shop, User
from accounts.services import shop_create, user_create
from accounts.states import RoleCode
from creators.models import CreatorFacts, Shortlist, ShortlistEntry
from creators.rules.invented import invent_snapshots
from creators.rules.invented_words import invent_places
from creators.services.demo_import import demo_import
from creators.services.invented import (
    Batch,
    batch_copy,
    batch_make,
    days_copy,
    frame_copy,
    snapshots_copy,
    vocabulary_read,
)
from creators.services.loading import partitions_ensure
from creators.services.merge import facts_merge
from creators.states import Visibility

SEED = 20260101
DAILY_DAYS = 60
PASSWORD = "creator-desk-demo"  # noqa: S105 - printed for everybody who starts the demo


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to sign in as; `shops` are names of DEMO_SHOPS."""

    email: str
    name: str
    role: RoleCode
    shops: tuple[str, ...] = ()


DEMO_SHOPS = {
    "Luma Skin": ("US", "America/Los_Angeles"),
    "Nhà Xinh": ("VN", "Asia/Ho_Chi_Minh"),
    "Hearth & Table": ("GB", "Europe/London"),
}
DEMO_ACCOUNTS = (
    DemoAccount("mei@demo.example", "Mei Lindqvist", RoleCode.ADMIN),
    DemoAccount("jonas@demo.example", "Jonas Abara", RoleCode.ACCOUNT_MANAGER, tuple(DEMO_SHOPS)),
    DemoAccount("priya@demo.example", "Priya Solberg", RoleCode.OPS, tuple(DEMO_SHOPS)),
    DemoAccount("sofia@demo.example", "Sofia Okoye", RoleCode.SELLER, ("Luma Skin",)),
    DemoAccount("linh@demo.example", "Linh Castellan", RoleCode.SELLER, ("Nhà Xinh",)),
    DemoAccount("tom@demo.example", "Tom Varga", RoleCode.VIEWER, ("Hearth & Table",)),
    # The second person of ops: whoever logs does not decide.
    DemoAccount("owen@demo.example", "Owen Achterberg", RoleCode.OPS, tuple(DEMO_SHOPS)),
)


@dataclass(frozen=True)
class DemoList:
    """A shortlist: the creators of a market and level-1 category with the most sales, and what was noted about them."""

    shop: str
    owner: str
    name: str
    note: str
    niche: int
    notes: tuple[str, ...]
    size: int
    visibility: Visibility = Visibility.SHOP
    # Leave the best sellers to another list.
    skip: int = 0


DEMO_LISTS = (
    DemoList(
        "Luma Skin", "sofia@demo.example", "Glow serum launch", "Video first, LIVE welcome.", 601450,
        ("Asked about the rate on Monday, answers fast.", "Two videos on the old serum in spring, both still sell.",
         "Quote too high for one video; offer a bundle.", "Posts daily, but the views come from dance clips."), 14,
    ),
    DemoList(
        "Luma Skin", "sofia@demo.example", "Maybe later", "Good fit, wrong month.", 601450,
        ("Moving house, back in January.", ""), 5, Visibility.PRIVATE, skip=14,
    ),
    DemoList(
        "Nhà Xinh", "linh@demo.example", "Live 12.12", "Cần 10 bạn livestream tối 12.12.", 600001,
        ("Đã gửi mẫu tháng trước, đăng đúng hẹn.", "Hỏi lại giá livestream.", "Khách quen mua nhiều."), 10,
    ),
    DemoList(
        "Hearth & Table", "jonas@demo.example", "Kitchen testers", "For the cast-iron pan; no discounts talk.", 600024,
        ("Cooks on camera, keeps the pan in use after the video.", "Fulfilment is low; send the sample last."), 8,
    ),
)  # fmt: skip


@transaction.atomic
def demo_load(*, size: int, at: datetime) -> bool:
    """Fill an empty desk with the demo; False when the demo is there already. The same size and day, the same demo."""
    if User.objects.filter(email=DEMO_ACCOUNTS[0].email).exists():
        return False
    _people_load()
    as_of = at.date() - timedelta(days=1)
    rng = np.random.default_rng(SEED)
    vocabulary = vocabulary_read(as_of=as_of)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('creators_creator_id_seq') FROM generate_series(1, %s)", [size])
        ids = np.array([row[0] for row in cursor.fetchall()], np.int64)
        batch = batch_make(rng=rng, vocabulary=vocabulary, ids=ids, as_of=as_of)
        batch_copy(cursor, batch, recorded_at=at)
        _past_copy(cursor, rng, batch, as_of, at)
        facts_merge()
        _days_load(cursor, rng, batch, as_of)
        places = invent_places(rng, batch.creators, vocabulary.words)
        frame_copy(cursor, "creators_audience", places.assign(as_of=as_of), days=("as_of",))
        frame_copy(cursor, "creators_creatorcontact", _contacts(rng, batch.creators, at))
    seller = DEMO_ACCOUNTS[3]
    demo_import(
        creators=batch.creators[batch.creators["market"] == "US"],
        shop=Shop.objects.get(name=seller.shops[0]),
        by=User.objects.get(email=seller.email),
        as_of=as_of,
    )
    for story in DEMO_LISTS:
        _list_load(story, at)
    return True


def _people_load() -> None:
    for name, (market, time_zone) in DEMO_SHOPS.items():
        shop_create(name=name, market_code=market, time_zone=time_zone, by=None)
    for account in DEMO_ACCOUNTS:
        account_load(account)


def account_load(account: DemoAccount) -> User:
    """Create somebody of the demo, whose shops are there."""
    shops = list(Shop.objects.filter(name__in=account.shops))
    return user_create(
        email=account.email, name=account.name, role=account.role, password=PASSWORD, shops=shops, by=None
    )


def _past_copy(cursor: object, rng: Generator, batch: Batch, as_of: date, at: datetime) -> None:
    """What was said of two creators in five a month and two months ago, when they had fewer followers."""
    for months in (1, 2):
        creators = batch.creators[rng.random(len(batch.creators)) < 0.4].copy()
        gained = creators["follower_growth_30d"] * months
        creators["followers"] = (creators["followers"] - gained).clip(lower=500).round()
        then = as_of - timedelta(days=30 * months)
        snapshots = invent_snapshots(rng, creators.reset_index(drop=True), as_of=then)
        snapshots["creator_id"] = creators["id"].to_numpy()[snapshots["creator"]]
        snapshots_copy(cursor, snapshots, recorded_at=at - timedelta(days=30 * months))


def _days_load(cursor: object, rng: Generator, batch: Batch, as_of: date) -> None:
    """Daily rows of half the creators."""
    days = [as_of - timedelta(days=back) for back in reversed(range(DAILY_DAYS))]
    partitions_ensure(first=days[0], last=days[-1])
    days_copy(cursor, rng=rng, creators=batch.creators[::2], days=days, as_of=as_of)


def _contacts(rng: Generator, creators: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """An e-mail address that the shop of the market knows, for one creator in three."""
    shops = {shop.market_code: shop.pk for shop in Shop.objects.filter(name__in=DEMO_SHOPS)}
    known = creators[creators["market"].isin(list(shops)) & (rng.random(len(creators)) < 1 / 3)]
    return pd.DataFrame(
        {
            "creator_id": known["id"],
            "shop_id": known["market"].map(shops),
            "kind": "email",
            "value": known["handle"].str.strip(".") + "@mail.example",
            "added_at": at.isoformat(),
        }
    )


def _list_load(story: DemoList, at: datetime) -> None:
    shop = Shop.objects.get(name=story.shop)
    owner = User.objects.get(email=story.owner)
    shortlist = Shortlist.objects.create(
        shop=shop, owner=owner, name=story.name, note=story.note, visibility=story.visibility, created_at=at
    )
    found = CreatorFacts.objects.filter(market=shop.market_code, category_tree__contains=[story.niche])
    ids = found.order_by("-gmv_30d_usd", "pk").values_list("pk", flat=True)[story.skip : story.skip + story.size]
    ShortlistEntry.objects.bulk_create(_entries(shortlist, list(ids), story.notes, owner, at))


def _entries(
    shortlist: Shortlist, ids: Sequence[int], notes: Sequence[str], owner: User, at: datetime
) -> list[ShortlistEntry]:
    """The best sellers carry the notes; each entry was added an hour before the one above it."""
    return [
        ShortlistEntry(
            shortlist=shortlist,
            creator_id=creator_id,
            note=notes[place] if place < len(notes) else "",
            added_by=owner,
            added_at=at - timedelta(hours=place),
        )
        for place, creator_id in enumerate(ids)
    ]
