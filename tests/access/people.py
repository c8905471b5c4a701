"""Kinds of people, and the short ways to write what each of them gets."""

from dataclasses import dataclass, field
from typing import Any

# A seller and a stranger hold the same role; the stranger works for another shop.
ROLES = ("viewer", "seller", "stranger", "ops", "account_manager", "admin")
EVERYBODY = ("anonymous", *ROLES)
WORKING = ("seller", "stranger", "ops", "account_manager", "admin")
LISTING = ("seller", "stranger", "account_manager", "admin")
MEMBERS = ("viewer", "seller", "ops", "account_manager", "admin")
RESOLVING = ("ops", "account_manager", "admin")

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
