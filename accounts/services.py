"""Every write about people: accounts, shops, memberships, invitations, tokens."""

import secrets
import zoneinfo
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pghistory
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import ApiToken, Invitation, Membership, Shop, User
from accounts.rules import secret_digest
from accounts.states import RoleCode
from core.errors import DomainError

INVITATION_DAYS = 7
TOKEN_MARK = "cd_"  # noqa: S105 - how a token begins
TOKEN_PREFIX_LENGTH = 8
# A busy client would otherwise write a row with every request.
TOKEN_USE_STEP = timedelta(minutes=1)


@dataclass(frozen=True)
class NewToken:
    """A token with its secret, which is shown once and never stored."""

    token: ApiToken
    secret: str


@dataclass(frozen=True)
class NewInvitation:
    """An invitation with its link, which is shown once; only a digest of the secret in it is stored."""

    invitation: Invitation
    link: str


@transaction.atomic
def user_create(
    *,
    email: str,
    name: str,
    role: str,
    by: User | None,
    password: str | None = None,
    language: str = "en",
    shops: Iterable[Shop] = (),
) -> User:
    """A new user, member of the shops; `by` is None when the shell creates one.

    Without a password the user sets one by "Forgot the password".
    Raises `role_unknown`, `email_taken`, `password_weak`.
    """
    _check_role(role)
    user = User(email=email.strip().lower(), name=name.strip(), role=role, language=language)
    _check_email_free(user.email)
    if password is not None:
        _check_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise _email_taken() from error
    Membership.objects.bulk_create([Membership(user=user, shop=shop, added_by=by) for shop in shops])
    return user


@transaction.atomic
def user_update(*, user: User, name: str, role: str, is_active: bool, by: User) -> User:
    """Change a person's name and role, or close the account. Raises `role_unknown`, `last_admin`."""
    _check_role(role)
    # Locked in one order, so that two admins cannot take the role from each other at once.
    admins = {admin.pk for admin in User.objects.admins().order_by("pk").select_for_update()}
    stays = is_active and role == RoleCode.ADMIN
    if admins == {user.pk} and not stays:
        message = _("This is the last active admin. Make another person admin first.")
        raise DomainError("last_admin", message)
    user.name, user.role, user.is_active = name.strip(), role, is_active
    with pghistory.context(user=by.pk):
        user.save(update_fields=["name", "role", "is_active"])
    return user


@transaction.atomic
def profile_update(*, user: User, name: str, by: User) -> User:
    """Change one's own name."""
    user.name = name.strip()
    with pghistory.context(user=by.pk):
        user.save(update_fields=["name"])
    return user


@transaction.atomic
def user_language_set(*, user: User, language: str, by: User) -> User:
    """Remember the language of pages and mails. Raises `language_unknown`."""
    if language not in dict(settings.LANGUAGES):
        raise DomainError("language_unknown", _("Choose English or Chinese."))
    user.language = language
    user.save(update_fields=["language"])
    return user


@transaction.atomic
def shop_create(*, name: str, market_code: str, by: User | None, time_zone: str = "UTC") -> Shop:
    """A new shop without members. Raises `shop_name_taken`, `time_zone_unknown`."""
    shop = Shop(name=name.strip(), market_code=market_code, time_zone=time_zone)
    _shop_save(shop)
    return shop


@transaction.atomic
def shop_update(*, shop: Shop, name: str, market_code: str, time_zone: str, is_active: bool, by: User) -> Shop:
    """Change a shop; a closed one keeps its rows. Raises `shop_name_taken`, `time_zone_unknown`."""
    shop.name, shop.market_code, shop.time_zone, shop.is_active = name.strip(), market_code, time_zone, is_active
    with pghistory.context(user=by.pk):
        _shop_save(shop)
    return shop


@transaction.atomic
def membership_add(*, shop: Shop, user: User, by: User | None) -> Membership:
    """Let a person work for a shop. Raises `user_inactive`, `member_already`."""
    if not user.is_active:
        raise DomainError("user_inactive", _("This account is closed. Open it again first."))
    membership, is_new = Membership.objects.get_or_create(shop=shop, user=user, defaults={"added_by": by})
    if not is_new:
        raise DomainError("member_already", _("%(name)s is a member already.") % {"name": user})
    return membership


@transaction.atomic
def membership_remove(*, shop: Shop, user: User, by: User) -> None:
    """End a person's work for a shop; what they wrote stays. Raises `member_missing`."""
    removed, _rows = Membership.objects.filter(shop=shop, user=user).delete()
    if not removed:
        raise DomainError("member_missing", _("%(name)s is no member of this shop.") % {"name": user})


@transaction.atomic
def invitation_create(
    *, email: str, role: str, shops: Iterable[Shop], language: str, by: User, link: Callable[[str], str]
) -> NewInvitation:
    """Invite a person for 7 days and mail the link, in the given language.

    `link` gives the address for a secret. Raises `role_unknown`, `email_taken`, `invitation_open`.
    """
    _check_role(role)
    email = email.strip().lower()
    now = timezone.now()
    _check_email_free(email)
    if Invitation.objects.open(at=now).filter(email=email).exists():
        message = _("%(email)s is invited already. Revoke that invitation first.") % {"email": email}
        raise DomainError("invitation_open", message, fields={"email": message})
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        language=language,
        digest=secret_digest(secret),
        invited_by=by,
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    invitation.shops.set(shops)
    address = link(secret)
    # Robust: the link is on the admin's screen too, a mail server that is down must not hide it.
    transaction.on_commit(partial(_invitation_mail, invitation, address), robust=True)
    return NewInvitation(invitation, address)


@transaction.atomic
def invitation_accept(*, secret: str, name: str, password: str) -> User:
    """The account that an invitation promised. Raises `invitation_unusable`, `email_taken`, `password_weak`."""
    now = timezone.now()
    invitation = Invitation.objects.open(at=now).with_secret(secret).select_for_update().first()
    if invitation is None:
        message = _("This invitation was used, revoked or is older than 7 days. Ask an admin for a new one.")
        raise DomainError("invitation_unusable", message, status=404)
    user = user_create(
        email=invitation.email,
        name=name,
        role=invitation.role,
        by=invitation.invited_by,
        password=password,
        language=invitation.language,
        shops=invitation.shops.all(),
    )
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return user


@transaction.atomic
def invitation_revoke(*, invitation: Invitation, by: User) -> Invitation:
    """The link stops working. Raises `invitation_closed` when it was accepted or revoked before."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.revoked_at:
        raise DomainError("invitation_closed", _("This invitation was accepted or revoked before."))
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    return locked


@transaction.atomic
def token_create(*, user: User, name: str, by: User | None, expires_days: int | None = None) -> NewToken:
    """A bearer token that may do what its user may; None never expires. Raises `token_days`, `user_inactive`."""
    if not user.is_active:
        raise DomainError("user_inactive", _("This account is closed. Open it again first."))
    if expires_days is not None and expires_days < 1:
        raise DomainError("token_days", _("A token lives at least 1 day."))
    now = timezone.now()
    # 30 random bytes are 40 characters.
    secret = TOKEN_MARK + secrets.token_urlsafe(30)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        prefix=secret[:TOKEN_PREFIX_LENGTH],
        digest=secret_digest(secret),
        created_at=now,
        expires_at=None if expires_days is None else now + timedelta(days=expires_days),
    )
    return NewToken(token, secret)


@transaction.atomic
def token_revoke(*, token: ApiToken, by: User) -> ApiToken:
    """The token stops working; revoking it twice changes nothing."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    return token


def token_used(*, token: ApiToken) -> None:
    """Remember when the token was last used, to the minute."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - TOKEN_USE_STEP)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def _check_role(role: str) -> None:
    if role not in RoleCode.values:
        message = _("Choose one of the roles: %(roles)s.") % {"roles": ", ".join(RoleCode.values)}
        raise DomainError("role_unknown", message, fields={"role": message})


def _check_email_free(email: str) -> None:
    if User.objects.by_email(email).exists():
        raise _email_taken()


def _email_taken() -> DomainError:
    message = _("There is an account with this e-mail already. Use another address.")
    return DomainError("email_taken", message, fields={"email": message})


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        message = " ".join(error.messages)
        raise DomainError("password_weak", message, fields={"password": message}) from error


def _shop_save(shop: Shop) -> None:
    if shop.time_zone not in zoneinfo.available_timezones():
        message = _("Choose a time zone of the list.")
        raise DomainError("time_zone_unknown", message, fields={"time_zone": message})
    try:
        with transaction.atomic():
            shop.save()
    except IntegrityError as error:
        message = _("There is a shop of this name already. Choose another name.")
        raise DomainError("shop_name_taken", message, fields={"name": message}) from error


def _invitation_mail(invitation: Invitation, link: str) -> None:
    context = {"invitation": invitation, "link": link, "days": INVITATION_DAYS}
    with translation.override(invitation.language):
        subject = _("Invitation to Creator Desk")
        text = render_to_string("accounts/mail/invitation.txt", context)
    send_mail(subject, text, None, [invitation.email])
