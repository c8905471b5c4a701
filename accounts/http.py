"""Requests of people: their language, and how sign-in behaves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware as DjangoLocaleMiddleware
from django.utils import translation
from pghistory.middleware import HistoryMiddleware as PghistoryMiddleware

from accounts.models import User
from core.http import HtmxRequest


class UserRequest(HtmxRequest):
    """A request behind `require`: somebody is signed in."""

    user: User


class LocaleMiddleware(DjangoLocaleMiddleware):
    """The language of a signed-in user is the one kept with the user; else cookie, then browser."""

    def process_request(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        else:
            super().process_request(request)


class HistoryMiddleware(PghistoryMiddleware):
    """Row history says who, on which page, and from which network address."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_context(request) | {"address": client_address(request)}


def client_address(request: HttpRequest) -> str:
    """The network address that a request came from; behind TLS, the one that the proxy names last."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_TLS else ""
    address: str = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    return address


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come by invitation only."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the language of the recipient, not of the page."""
        user = context.get("user")
        with translation.override(user.language if isinstance(user, User) else translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def format_email_subject(self, subject: str) -> str:
        """The subject as it is; the sender's name says where it comes from."""
        return subject
