"""Links of creators: what a token in an address means, and what staff see of the links of a creator."""

from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet

from accounts.models import User
from accounts.rules import secret_digest
from creators.models import Creator, CreatorContact
from violations.models import CreatorLink, Notice
from violations.rules.languages import mail_language


def token_of(secret: str) -> str:
    """What stands in the address: the secret and our signature over it."""
    return _signer().sign(secret)


def digest_of(token: str) -> str | None:
    """The SHA-256 of the secret in a token; None when the signature is not ours. Reads no row."""
    try:
        return secret_digest(_signer().unsign(token))
    except BadSignature:
        return None


def link_of(token: str, *, at: datetime) -> CreatorLink | None:
    """The link that the token opens at the instant; None when it is tampered, unknown, expired or revoked."""
    digest = digest_of(token)
    if digest is None:
        return None
    usable = CreatorLink.objects.usable(at=at).select_related("creator__market")
    return usable.filter(digest=digest).first()


def links_of(creator: Creator) -> QuerySet[CreatorLink]:
    """Every link of the creator, the newest first."""
    return CreatorLink.objects.filter(creator=creator).select_related("created_by", "revoked_by")


def address_of(creator: Creator, user: User) -> tuple[str, str]:
    """The address and language to send a link to: of the last link, a contact that the user may see, the last notice.

    The address is "" when none is known.
    """
    newest = CreatorLink.objects.filter(creator=creator, revoked_at=None).first()
    if newest is not None:
        return newest.email, newest.language
    language = mail_language(creator.language)
    contacts = CreatorContact.objects.visible_to(user).filter(creator=creator, kind=CreatorContact.Kind.EMAIL)
    if contact := contacts.order_by("-added_at").first():
        return contact.value, language
    notice = Notice.objects.filter(entry__creator=creator).exclude(address="").order_by("-pk").first()
    return (notice.address, notice.language) if notice else ("", language)


def _signer() -> Signer:
    # The dot is in no secret and needs no escape in an address.
    return Signer(sep=".", salt="violations.creator_link")
