"""Links of creators that tests make and open without a mail server's help."""

import re
from datetime import datetime

from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from creators.models import Creator
from tests.factories import make_user
from violations.models import CreatorLink
from violations.services.links import code_send, link_create


def make_link(
    creator: Creator,
    *,
    email: str = "brass@example.com",
    language: str = "en",
    at: datetime | None = None,
    by: User | None = None,
) -> tuple[CreatorLink, str]:
    """A link through the real service, and its token."""
    by, at = by or make_user("ops"), at or timezone.now()
    new = link_create(creator=creator, email=email, language=language, by=by, at=at, address=lambda token: token)
    return new.link, new.url


def mailed_code(link: CreatorLink, *, at: datetime | None = None) -> str:
    """A new code of the link, read from its mail."""
    assert code_send(digest=link.digest, at=at or timezone.now())
    found = re.search(r"^\d{6}$", mail.outbox[-1].body, re.MULTILINE)
    assert found
    return found[0]


def open_page(client: Client, link: CreatorLink, token: str) -> Client:
    """The client, after it has entered a code of the link."""
    response = client.post(reverse("creator_code_enter", args=[token]), {"code": mailed_code(link)})
    assert response.status_code == 302
    return client
