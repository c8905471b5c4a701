"""Conversations, messages and what limits them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Look


class Direction(models.TextChoices):
    OUT = "out", _("Sent")
    IN = "in", _("Received")


class Channel(models.TextChoices):
    MAIL = "mail", pgettext_lazy("channel", "E-mail")
    CHAT = "chat", _("TikTok chat")
    OTHER = "other", _("Other")


class TemplateStage(models.TextChoices):
    """When in a collaboration a template is offered."""

    INVITATION = "invitation", _("Invitation")
    REMINDER = "reminder", _("Reminder")
    SAMPLE = "sample", _("Sample")
    CONTENT = "content", _("Content")
    THANKS = "thanks", _("Thanks")
    OTHER = "other", _("Other")


class MessageState(models.TextChoices):
    """A mail is marked as being sent before the server gets it: after a crash it is unsure, never sent twice."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    RECEIVED = "received", _("Received")


M = MessageState
MESSAGE_LOOKS: dict[str, Look] = {
    M.WAITING: Look(M.WAITING.label, "idle"),
    M.SENDING: Look(M.SENDING.label, "warn"),
    M.SENT: Look(M.SENT.label, "ok"),
    M.FAILED: Look(M.FAILED.label, "bad"),
    M.RECEIVED: Look(M.RECEIVED.label, "info"),
}
MESSAGE_TRANSITIONS: dict[str, frozenset[str]] = {
    M.WAITING: frozenset({M.SENDING, M.FAILED}),
    M.SENDING: frozenset({M.SENT, M.FAILED}),
    M.SENT: frozenset(),
    M.FAILED: frozenset({M.WAITING}),
    M.RECEIVED: frozenset(),
}
# Counted against quota and the messages before a reply: all that may have reached the creator.
MESSAGE_COUNTED = frozenset({M.WAITING, M.SENDING, M.SENT})
