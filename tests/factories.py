"""Rows that tests build for themselves; plain functions, each with the least that the database asks for."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Shop, User
from core.models import StoredFile
from core.uploads.storage import file_store
from creators.models import Creator, CreatorFacts, CreatorText, Import, Market, Shortlist, ShortlistEntry
from creators.services.imports import import_upload
from creators.states import Visibility

DAY = date(2026, 11, 20)
PASSWORD = "brass-lantern-42"
MARKETS = {
    "US": ("United States", "美国", "USD"),
    "GB": ("United Kingdom", "英国", "GBP"),
    "VN": ("Vietnam", "越南", "VND"),
    "ID": ("Indonesia", "印度尼西亚", "IDR"),
    "TH": ("Thailand", "泰国", "THB"),
}
CREATOR_FIELDS = frozenset({"external_id", "nickname", "language", "agency", "person", "brought_by"})

_numbers = count(1)


def make_user(role: str = "seller", *, password: str | None = None, **fields: Any) -> User:
    """A user of the role; without a password nobody can sign in by form (hashing one is slow)."""
    number = next(_numbers)
    fields = {"email": f"{role}{number}@example.com", "name": f"{role.title()} {number}"} | fields
    return User.objects.create_user(password=password, role=role, **fields)


def make_shop(members: Iterable[User] = (), **fields: Any) -> Shop:
    shop = Shop.objects.create(**{"name": f"Shop {next(_numbers)}", "market_code": "US"} | fields)
    for user in members:
        Membership.objects.create(shop=shop, user=user)
    return shop


def make_market(code: str = "US") -> Market:
    """The market; the same row when it is there already."""
    name_en, name_zh, currency = MARKETS.get(code, (code, code, "USD"))
    defaults = {"name_en": name_en, "name_zh": name_zh, "currency": currency}
    return Market.objects.get_or_create(code=code, defaults=defaults)[0]


def make_creator(handle: str = "", *, market: str = "US", bio: str = "", as_of: date = DAY, **facts: Any) -> Creator:
    """A creator with its facts and searchable text written straight; names of both tables are taken as `facts`."""
    handle = handle or f"creator{next(_numbers)}"
    own = {name: facts.pop(name) for name in CREATOR_FIELDS & facts.keys()}
    creator = Creator.objects.create(
        market=make_market(market), handle=handle, first_seen_on=as_of, last_seen_on=as_of, **own
    )
    facts.setdefault("category_tree", facts.get("category_ids", []))
    shared = {"language": creator.language, "agency": creator.agency}
    CreatorFacts.objects.create(creator=creator, market_id=market, as_of=as_of, **shared, **facts)
    document = f"{handle}\n{creator.nickname}\n{bio}".lower()
    CreatorText.objects.create(creator=creator, bio=bio, document=document)
    return creator


def make_shortlist(
    shop: Shop, owner: User, *, name: str = "", creators: Iterable[Creator] = (), visibility: str = Visibility.SHOP
) -> Shortlist:
    now = timezone.now()
    shortlist = Shortlist.objects.create(
        shop=shop, owner=owner, name=name or f"List {next(_numbers)}", visibility=visibility, created_at=now
    )
    for creator in creators:
        ShortlistEntry.objects.create(shortlist=shortlist, creator=creator, added_by=owner, added_at=now)
    return shortlist


def make_import(by: User, *, shop: Shop | None = None, text: str = "Handle,Followers\nbrass_lantern,1200\n") -> Import:
    """A list that was uploaded and not yet run."""
    upload = SimpleUploadedFile("list.csv", text.encode(), content_type="text/csv")
    return import_upload(by=by, upload=upload, shop=shop)


def make_file(by: User, *, content: bytes = b"handle\nbrass_lantern\n") -> StoredFile:
    """A stored file of the user."""
    return file_store(name="list.csv", content_type="text/csv", by=by, upload=SimpleUploadedFile("list.csv", content))


def sign_in(client: Client, user: User) -> Client:
    """The client, signed in as the user."""
    client.force_login(user)
    return client
