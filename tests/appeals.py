"""Appeals that tests build for themselves: through the real service, with notices and links written straight."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.rules import secret_digest
from core.errors import DomainError
from tests.factories import make_user
from tests.ledger import NOON
from violations.models import POINTS_LAST, Appeal, CreatorLink, LedgerEntry, Notice
from violations.services.appeals import appeal_file


def notify(entry: LedgerEntry, given_at: datetime | None = NOON, **fields: Any) -> Notice:
    """A notice of the entry, given at the instant."""
    fields = {"created_by": make_user("ops"), "channel": "mail", "state": "sent", "language": "en"} | fields
    return Notice.objects.create(entry=entry, given_at=given_at, created_at=NOON, **fields)


def make_link(entry: LedgerEntry, email: str = "brass@example.com", **fields: Any) -> CreatorLink:
    """The signed link of the entry's creator."""
    digest = secret_digest(f"link {CreatorLink.objects.count()}")
    dates = {"created_at": NOON, "expires_at": NOON + POINTS_LAST, "created_by": make_user("ops")}
    return CreatorLink.objects.create(
        creator=entry.creator, email=email, digest=digest, **{"language": "en"} | dates | fields
    )


def file_appeal(entry: LedgerEntry, *, at: datetime = NOON, **options: Any) -> Appeal:
    """An appeal that a seller files."""
    options = {"statement": "The label was on.", "by": make_user("seller")} | options
    return appeal_file(entry=entry, at=at, **options)


def refused(code: str, call: Callable[..., object], **arguments: Any) -> DomainError:
    """The refusal with the code that the call raises."""
    with pytest.raises(DomainError) as caught:
        call(**arguments)
    assert caught.value.code == code
    return caught.value
