"""Every address of the product, and what each kind of person gets there.

A new address needs a row: a test fails without one. Expected statuses are written as `everybody`, `signed_in` or
`only`, with `|` for those who differ; 404 is for what a stranger may not even see, 403 for what a role may not do.
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
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

# A seller and a stranger hold the same role; the stranger works for another shop.
ROLES = ("viewer", "seller", "stranger", "ops", "account_manager", "admin")
EVERYBODY = ("anonymous", *ROLES)
WORKING = ("seller", "stranger", "ops", "account_manager", "admin")
LISTING = ("seller", "stranger", "account_manager", "admin")
MEMBERS = ("viewer", "seller", "ops", "account_manager", "admin")
RESOLVING = ("ops", "account_manager", "admin")
SECRET = "invitation-secret"

Expected = dict[str, int]


def everybody(status: int) -> Expected:
    return dict.fromkeys(EVERYBODY, status)


def signed_in(status: int, anonymous: int = 302) -> Expected:
    return everybody(status) | {"anonymous": anonymous}


def only(*roles: str, status: int = 200, anonymous: int = 302) -> Expected:
    return signed_in(403, anonymous) | dict.fromkeys(roles, status)


@dataclass(frozen=True)
class Row:
    """`args` name rows of the world whose keys the address needs; `data` is posted."""

    name: str
    args: tuple[str, ...] = ()
    get: Expected | None = None
    post: Expected | None = None
    patch: Expected | None = None
    delete: Expected | None = None
    data: dict[str, Any] = field(default_factory=lambda: {"csrf": "x"})


STRANGE = {"stranger": 404}
OWNERS = {"seller": 200, "admin": 200}
OWNED = {"seller": 302, "admin": 302}

CORE = [
    Row("home", get=everybody(302)),
    Row("help_page", get=everybody(200)),
    Row("preference_set", post=everybody(302)),
    Row("health_live", get=everybody(200)),
    Row("health_ready", get=everybody(200)),
    # The job is the seller's, and so is its file.
    Row("job_detail", ("job",), get=signed_in(404) | OWNERS),
    Row("job_cancel", ("job",), post=signed_in(404) | OWNED),
    Row("file_download", ("file",), get=signed_in(404) | OWNERS),
    # For debug only.
    Row("gallery", get=everybody(404)),
    # Only with the token of the deployment.
    Row("prometheus_metrics", get=everybody(404)),
]
ACCOUNT = [
    Row("account_login", get=signed_in(302, anonymous=200), post=signed_in(302, anonymous=200)),
    Row("account_logout", get=signed_in(200), post=everybody(302)),
    Row("account_inactive", get=everybody(200)),
    Row("account_reauthenticate", get=signed_in(200), post=signed_in(200)),
    Row("account_change_password", get=signed_in(200)),
    # Only for those without a password.
    Row("account_set_password", get=signed_in(302)),
    Row("account_reset_password", get=everybody(200), post=everybody(200)),
    Row("account_reset_password_done", get=everybody(200)),
    Row("account_reset_password_from_key", ("uid", "secret"), get=everybody(200)),
    Row("account_reset_password_from_key_done", get=everybody(200)),
    Row("mfa_index", get=signed_in(200)),
    Row("mfa_authenticate", get=everybody(302)),
    Row("mfa_reauthenticate", get=signed_in(302)),
    Row("mfa_activate_totp", get=signed_in(302)),
    Row("mfa_deactivate_totp", get=signed_in(404)),
    Row("mfa_view_recovery_codes", get=signed_in(404)),
    Row("mfa_generate_recovery_codes", get=signed_in(302)),
    Row("mfa_download_recovery_codes", get=signed_in(404)),
    Row("mfa_list_webauthn", get=signed_in(200)),
    Row("mfa_add_webauthn", get=signed_in(302)),
    Row("mfa_reauthenticate_webauthn", get=signed_in(302)),
    Row("mfa_remove_webauthn", ("user",), get=signed_in(302)),
    Row("mfa_edit_webauthn", ("user",), get=signed_in(302)),
    Row("mfa_login_webauthn", get=everybody(302)),
]
PEOPLE = [
    Row("people_list", get=only("admin")),
    Row("person_edit", ("user",), get=only("admin"), post=only("admin")),
    Row("invitation_create", get=only("admin"), post=only("admin")),
    Row("invitation_revoke", ("invitation",), get=only("admin"), post=only("admin", status=302)),
    Row("invitation_accept", ("secret",), get=everybody(200), post=everybody(200)),
    Row("shop_list", get=only("admin")),
    Row("shop_create", get=only("admin"), post=only("admin")),
    Row("shop_edit", ("shop",), get=only("admin"), post=only("admin")),
    Row("membership_add", ("shop",), post=only("admin", status=302)),
    Row("membership_remove", ("shop", "user"), post=only("admin", status=302)),
    Row("profile", get=signed_in(200), post=signed_in(200)),
    Row("token_create", get=signed_in(200), post=signed_in(200)),
    # The token is the seller's.
    Row("token_revoke", ("token",), get=signed_in(404) | {"seller": 200}, post=signed_in(404) | {"seller": 302}),
    Row("language_set", post=everybody(302)),
]
CREATORS = [
    Row("creator_list", get=signed_in(200)),
    Row("creator_facets", get=signed_in(200)),
    Row("creator_detail", ("creator",), get=signed_in(200)),
    Row("creator_drawer", ("creator",), get=signed_in(200)),
    Row("creator_edit", ("creator",), get=only(*WORKING), post=only(*WORKING)),
    Row("creator_link", ("creator",), get=only(*WORKING), post=only(*WORKING)),
    # Nobody is linked.
    Row("creator_unlink", ("creator",), post=only(*WORKING, status=400)),
    Row("metric_list", get=signed_in(200)),
]
SHORTLISTS = [
    Row("shortlist_list", get=signed_in(200)),
    Row("shortlist_create", get=only(*LISTING), post=only(*LISTING)),
    Row("shortlist_bulk_add", get=only(*LISTING), post=only(*LISTING, status=422)),
    Row("shortlist_detail", ("shortlist",), get=signed_in(200) | STRANGE),
    # Private to the seller.
    Row("shortlist_detail", ("private",), get=signed_in(404) | {"seller": 200}),
    Row("shortlist_edit", ("shortlist",), get=only(*LISTING) | STRANGE, post=only(*LISTING) | STRANGE),
    # Only the owner and admins delete a list.
    Row("shortlist_delete", ("shortlist",), get=only(*LISTING) | STRANGE, post=signed_in(403) | OWNED | STRANGE),
    Row("shortlist_export", ("shortlist",), get=only(*WORKING) | STRANGE),
    Row("entries_remove", ("shortlist",), post=only(*LISTING, status=302) | STRANGE),
    Row("entries_move", ("shortlist",), post=only(*LISTING, status=400) | STRANGE),
    Row("entries_copy", ("shortlist",), post=only(*LISTING, status=400) | STRANGE),
    Row("entry_note", ("shortlist", "entry"), post=only(*LISTING, status=302) | STRANGE),
    Row("creator_compare", get=signed_in(200)),
    Row("creator_export", get=only(*WORKING)),
]
IMPORTS = [
    Row("import_list", get=signed_in(200)),
    Row("import_create", get=only(*WORKING), post=only(*WORKING)),
    # A draft shows its preview to those who may run it; the import is the shop's.
    Row("import_detail", ("import",), get=signed_in(302) | {"viewer": 200} | STRANGE),
    Row("import_preview", ("import",), get=only(*WORKING) | STRANGE, post=only(*WORKING) | STRANGE),
    Row("import_cancel", ("import",), post=only(*WORKING, status=409) | STRANGE),
    Row("import_undo", ("import",), get=only(*WORKING) | STRANGE),
    Row("import_failures", ("import",), get=signed_in(200) | STRANGE),
    Row("conflict_resolve", ("import", "conflict"), get=only(*RESOLVING), post=only(*RESOLVING)),
]
REFERENCE = [
    Row("rate_list", get=only("admin"), post=only("admin")),
    Row("alias_list", get=only("admin"), post=only("admin")),
    Row("alias_delete", ("alias",), post=only("admin", status=302)),
]
API = [
    Row("api_creator-list", get=signed_in(200, anonymous=401)),
    Row("api_creator-detail", ("creator",), get=signed_in(200, anonymous=401)),
    Row("api_import-list", get=signed_in(200, anonymous=401), post=only(*WORKING, status=400, anonymous=401)),
    Row("api_import-detail", ("import",), get=signed_in(200, anonymous=401) | STRANGE),
    # The draft has no market yet.
    Row("api_import-start", ("import",), post=only(*WORKING, status=400, anonymous=401) | STRANGE),
    Row("api_import-cancel", ("import",), post=only(*WORKING, status=409, anonymous=401) | STRANGE),
    Row("api_import-undo", ("import",), post=only(*WORKING, status=409, anonymous=401) | STRANGE),
    Row("api_import-failures", ("import",), get=signed_in(200, anonymous=401) | STRANGE),
    Row("api_shortlist-list", get=signed_in(200, anonymous=401), post=only(*LISTING, status=400, anonymous=401)),
    Row(
        "api_shortlist-detail",
        ("shortlist",),
        get=signed_in(200, anonymous=401) | STRANGE,
        patch=only(*LISTING, anonymous=401) | STRANGE,
        delete=signed_in(403, anonymous=401) | {"seller": 204, "admin": 204} | STRANGE,
    ),
    Row(
        "api_entry-list",
        ("shortlist",),
        get=signed_in(200, anonymous=401) | STRANGE,
        post=only(*LISTING, status=400, anonymous=401) | STRANGE,
    ),
    Row(
        "api_entry-detail",
        ("shortlist", "entry"),
        patch=only(*LISTING, status=400, anonymous=401) | STRANGE,
        delete=only(*LISTING, status=204, anonymous=401) | STRANGE,
    ),
    Row("api_metric-list", get=signed_in(200, anonymous=401)),
    Row("api_schema", get=signed_in(200, anonymous=401)),
    Row("api_docs", get=signed_in(200)),
]
ROWS = [*CORE, *ACCOUNT, *PEOPLE, *CREATORS, *SHORTLISTS, *IMPORTS, *REFERENCE, *API]
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


@pytest.fixture
def people() -> dict[str, Any]:
    """One person of each kind; all but the stranger work for the shop of the world."""
    found = {role: make_user("seller" if role == "stranger" else role) for role in ROLES}
    for user in found.values():
        user.password = password_hash()
    User.objects.bulk_update(found.values(), ["password"])
    return found


@pytest.fixture
def world(people) -> dict[str, Any]:
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
    return {name: row.pk for name, row in rows.items()} | {"secret": SECRET, "uid": "1"}


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
    ours = ("core.", "accounts.", "creators.", "violations.")
    without = []
    for pattern in patterns(get_resolver()):
        view = pattern.callback
        of_api = hasattr(view, "cls") and "requires(Permission." in inspect.getsource(view.cls)
        named = hasattr(view, "permission") or of_api
        if view.__module__.startswith(ours) and not named:
            without.append(pattern.name)
    assert without == []
