"""Errors that a person can act on."""

from collections.abc import Mapping

from django.utils.functional import Promise


class DomainError(Exception):
    """A rule of the business refused something; `message` says what to do about it.

    `code` is stable and for machines, `fields` maps form fields to messages, `status` is the HTTP status.
    """

    def __init__(
        self,
        code: str,
        message: str | Promise,
        *,
        fields: Mapping[str, str | Promise] | None = None,
        status: int = 400,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.fields = dict(fields or {})
        self.status = status

    def __str__(self) -> str:
        return str(self.message)
