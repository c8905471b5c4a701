"""Every address of the product, and what each kind of person gets there.

A new address needs a row: a test fails without one. Expected statuses are written as `everybody`, `signed_in` or
`only`, with `|` for those who differ; 404 is for what a stranger may not even see, 403 for what a role may not do.
"""

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.rules import secret_digest
from accounts.services import token_create
from core.jobs import job_create
from creators.models import CreatorConflict, HeaderAlias
from tests.access import campaigns, core, creators, violations
from tests.access.people import EVERYBODY, MEMBERS, ROLES
from tests.factories import (
    PASSWORD,
    make_creator,
    make_file,
    make_import,
    make_shop,
    make_shortlist,
    make_user,
    sign_in,
)

pytestmark = pytest.mark.django_db

SECRET = "invitation-secret"
ROWS = [*core.ROWS, *creators.ROWS, *violations.ROWS, *campaigns.ROWS]
CASES = [
    pytest.param(row, method, expected, id="-".join([row.name, *row.args, method]))
    for row in ROWS
    for method in ("get", "post", "patch", "delete")
    if (expected := getattr(row, method)) is not None
]


@cache
def password_hash() -> str:
    """Made once, because it is slow on purpose."""
    return make_password(PASSWORD)


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """People and world, made once for all addresses: each test runs in a transaction inside this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = make_people()
        yield found, make_world(found)
        transaction.set_rollback(True)


@pytest.fixture
def people(rows) -> dict[str, Any]:
    return rows[0]


@pytest.fixture
def world(rows) -> dict[str, Any]:
    return rows[1]


def make_people() -> dict[str, Any]:
    """One person of each kind; all but the stranger work for the shop of the world."""
    found = {role: make_user("seller" if role == "stranger" else role) for role in ROLES}
    for user in found.values():
        user.password = password_hash()
    User.objects.bulk_update(found.values(), ["password"])
    return found


def make_world(people: dict[str, Any]) -> dict[str, Any]:
    """Rows for the addresses, as the arguments that reach them."""
    shop = make_shop([people[role] for role in MEMBERS])
    make_shop([people["stranger"]])
    creator = make_creator("brass_lantern", followers=1200)
    draft = make_import(people["account_manager"], shop=shop)
    shortlist = make_shortlist(shop, people["seller"], creators=[creator])
    now = timezone.now()
    invitation = Invitation.objects.create(
        email="new@example.com",
        digest=secret_digest(SECRET),
        invited_by=people["admin"],
        created_at=now,
        expires_at=now + timezone.timedelta(days=7),
    )
    conflict = CreatorConflict.objects.create(
        creator=creator, source_import=draft, row_number=2, handle=creator.handle, external_id="1234567", values={}
    )
    rows = {
        "shop": shop,
        "creator": creator,
        "import": draft,
        "shortlist": shortlist,
        "private": make_shortlist(shop, people["seller"], visibility="private"),
        "entry": shortlist.entries.get(),
        "invitation": invitation,
        "conflict": conflict,
        "alias": HeaderAlias.objects.create(header="fans", field="followers"),
        "token": token_create(user=people["seller"], name="Sheet", by=people["seller"]).token,
        "user": people["viewer"],
        "job": job_create(kind="export", task="core.tasks.jobs_wake", by=people["seller"], chunks=[]),
        "file": make_file(people["seller"]),
    }
    rows |= violations.world(people=people, shop=shop, creator=creator)
    rows |= campaigns.world(people=people, shop=shop, creator=creator)
    plain = {"secret": SECRET, "uid": "1"}
    return {name: getattr(row, "pk", row) for name, row in rows.items()} | plain


@pytest.mark.parametrize(("row", "method", "expected"), CASES)
def test_access(row, method, expected, client, people, world):
    url = reverse(row.name, args=[world[name] for name in row.args])
    found = {}
    for who in EVERYBODY:
        client.logout()
        if who in people:
            sign_in(client, people[who])
        with transaction.atomic():
            kwargs = {} if method == "get" else {"data": row.data}
            if row.name.startswith("api_"):
                kwargs["content_type"] = "application/json"
            response = getattr(client, method)(url, **kwargs)
            if response.streaming:
                # Read to its end, a file is closed.
                list(response.streaming_content)
            found[who] = response.status_code
            transaction.set_rollback(True)
    assert found == expected


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_every_address_has_a_row():
    names = {pattern.name for pattern in patterns(get_resolver())}
    assert names == {row.name for row in ROWS}


def test_every_view_of_ours_names_its_permission():
    """`require` or `public` for pages, `requires` for the API."""
    ours = ("core.", "accounts.", "creators.", "violations.", "campaigns.")
    without = []
    for pattern in patterns(get_resolver()):
        view = pattern.callback
        of_api = hasattr(view, "cls") and "requires(Permission." in inspect.getsource(view.cls)
        named = hasattr(view, "permission") or of_api
        if view.__module__.startswith(ours) and not named:
            without.append(pattern.name)
    assert without == []
