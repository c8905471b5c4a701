"""Rule books: loaded from files, drafted, edited and published. A published one never changes."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from violations.models import HealthBand, Milestone, Rule, RuleBook
from violations.states import BOOK_TRANSITIONS, BookState

REFERENCE = Path(__file__).resolve().parent.parent / "reference"


@transaction.atomic
def rulebooks_load(*, at: datetime, by: User | None = None, folder: Path = REFERENCE) -> list[RuleBook]:
    """Publish the rule books that ship and are not there yet; returns those that were published now.

    A version that is there is left as it is, whatever the file says: a published book never changes.
    """
    files = sorted(folder.glob("*.json"))
    books = [_load(json.loads(file.read_text(encoding="utf-8")), by=by, at=at) for file in files]
    return [book for book in books if book is not None]


def _load(values: dict[str, Any], *, by: User | None, at: datetime) -> RuleBook | None:
    rules, milestones, bands = (values.pop(part) for part in ("rules", "milestones", "bands"))
    values["effective_from"] = datetime.fromisoformat(values["effective_from"])
    key = {"code": values.pop("code"), "version": values.pop("version")}
    defaults = values | {"market_id": values.pop("market"), "created_by": by, "created_at": at}
    book, is_new = RuleBook.objects.get_or_create(**key, defaults=defaults)
    if not is_new:
        return None
    _fill(book, [Rule(**row) for row in rules], [Milestone(**row) for row in milestones])
    HealthBand.objects.bulk_create([HealthBand(book=book, **row) for row in bands])
    _publish(book, by=by, at=at)
    return book


def _fill(book: RuleBook, rules: Iterable[Rule], milestones: Iterable[Milestone]) -> None:
    for part in (*rules, *milestones):
        part.book = book
    Rule.objects.bulk_create(rules)
    Milestone.objects.bulk_create(milestones)


def _publish(book: RuleBook, *, by: User | None, at: datetime) -> None:
    if BookState.PUBLISHED not in BOOK_TRANSITIONS[book.state]:
        raise _not_draft(book)
    book.state, book.published_by, book.published_at = BookState.PUBLISHED, by, at
    book.save(update_fields=["state", "published_by", "published_at"])


def _not_draft(book: RuleBook) -> DomainError:
    text = _("%(book)s is published and never changes. Draft a new version.") % {"book": book}
    return DomainError("not_draft", text, status=409)
