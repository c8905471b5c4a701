"""Templates, conversations with creators, and what limits them."""

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop
from campaigns.models.collaborations import Collaboration
from campaigns.querysets import ConversationQuerySet, DoNotContactQuerySet, MessageQuerySet, MessageTemplateQuerySet
from campaigns.states.outreach import MESSAGE_LOOKS, Channel, Direction, MessageState, TemplateStage
from core.models import StoredFile
from core.states import Look
from creators.models import Creator

BEFORE_REPLY = 5


@pghistory.track(
    pghistory.UpdateEvent(), fields=["tier", "cool_down_days", "reply_days", "approval_limit"],
    model_name="ShopSettingsEvent",
)  # fmt: skip
class ShopSettings(models.Model):
    """What a shop has decided for itself; made with these defaults when it is first asked for."""

    shop = models.OneToOneField(Shop, models.CASCADE, related_name="settings")
    # The quota tier the shop is in now; None: unmetered.
    tier = models.ForeignKey("QuotaTier", models.SET_NULL, null=True, blank=True, related_name="+")
    # After a contact of any shop without a reply.
    cool_down_days = models.PositiveSmallIntegerField(_("Cool-down in days"), default=14)
    # An invitation without an answer expires after it.
    reply_days = models.PositiveSmallIntegerField(_("Days to reply"), default=7)
    remind_days = models.PositiveSmallIntegerField(_("Remind after days"), default=3)
    # A payable line above it is approved by somebody else than who made it; None: every one is.
    approval_limit = models.DecimalField(
        _("Approval by a second person above"), max_digits=18, decimal_places=2, null=True, blank=True
    )

    def __str__(self) -> str:
        return str(self.shop_id)


@pghistory.track(
    pghistory.UpdateEvent(), fields=["name", "gmv_from_usd", "weekly_limit", "max_followers"],
    model_name="QuotaTierEvent",
)  # fmt: skip
class QuotaTier(models.Model):
    """How many creators, not yet connected, a shop of the tier may contact in a week; the organisation's list.

    The platform does not publish today's numbers: an empty limit is unmetered, and shown so.
    """

    name = models.CharField(_("Name"), max_length=60, unique=True)
    # GMV of the past 30 days from which a shop is in it.
    gmv_from_usd = models.DecimalField(_("GMV from"), max_digits=18, decimal_places=2, null=True, blank=True)
    weekly_limit = models.PositiveIntegerField(_("New creators a week"), null=True, blank=True)
    # Only creators with fewer followers; None: any.
    max_followers = models.PositiveIntegerField(_("Followers below"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class QuotaWeek(models.Model):
    """A shop's week from Sunday in its own time: the row that who sends locks, and the limit that held then."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="quota_weeks")
    starts_on = models.DateField()
    weekly_limit = models.PositiveIntegerField(null=True)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "starts_on"], name="quotaweek_once"),
            models.CheckConstraint(
                condition=Q(weekly_limit__isnull=True) | Q(used__lte=F("weekly_limit")), name="quotaweek_within_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.starts_on}"


class WeekContact(models.Model):
    """A creator, not yet connected, whom the shop contacted in the week: counted once."""

    week = models.ForeignKey(QuotaWeek, models.CASCADE, related_name="contacts")
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "creator"], name="weekcontact_once")]

    def __str__(self) -> str:
        return f"{self.week_id} {self.creator_id}"


@pghistory.track(
    pghistory.UpdateEvent(), fields=["name", "stage", "language", "subject", "body"], model_name="MessageTemplateEvent"
)
class MessageTemplate(models.Model):
    """A text of a shop in one language for one stage; {variables} are filled for each creator."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="templates", verbose_name=_("Shop"))
    name = models.CharField(_("Name"), max_length=120)
    stage = models.CharField(_("For"), max_length=12, choices=TemplateStage)
    language = models.CharField(_("Language"), max_length=10)
    subject = models.CharField(_("Subject"), max_length=200, blank=True)
    body = models.TextField(_("Text"))
    archived_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = MessageTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["stage", "name", "language"]
        constraints = [
            models.UniqueConstraint(
                "shop", Lower("name"), "language", condition=Q(archived_at__isnull=True), name="template_name_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Conversation(models.Model):
    """All that a shop and a creator wrote each other: the row that who sends locks."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="conversations", db_index=False)
    creator = models.ForeignKey(Creator, models.PROTECT, related_name="conversations")
    # Since when the creator counts as connected: replied, or accepted.
    connected_at = models.DateTimeField(null=True)
    first_out_at = models.DateTimeField(null=True)
    first_reply_at = models.DateTimeField(null=True)
    last_out_at = models.DateTimeField(null=True)
    last_in_at = models.DateTimeField(null=True)
    # Messages since the last reply.
    unanswered = models.PositiveSmallIntegerField(default=0)
    # An accepted collaboration lifts the limit of messages.
    is_exempt = models.BooleanField(default=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "creator"], name="conversation_once"),
            models.CheckConstraint(
                condition=Q(is_exempt=True) | Q(unanswered__lte=BEFORE_REPLY), name="conversation_max_5_unanswered"
            ),
        ]
        indexes = [
            models.Index(fields=["creator", "last_out_at"], name="conversation_cool_down"),
            models.Index(fields=["shop", "first_out_at"], name="conversation_first_out"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} – {self.creator_id}"

    def get_absolute_url(self) -> str:
        return reverse("conversation_detail", args=[self.pk])


class Message(models.Model):
    """One message; sent at most once. Its text is what was sent, with the variables filled."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="messages")
    collaboration = models.ForeignKey(Collaboration, models.PROTECT, null=True, related_name="messages")
    template = models.ForeignKey(MessageTemplate, models.SET_NULL, null=True, related_name="+")
    direction = models.CharField(max_length=4, choices=Direction)
    channel = models.CharField(max_length=6, choices=Channel)
    state = models.CharField(max_length=10, choices=MessageState)
    language = models.CharField(max_length=10, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    address = models.EmailField(blank=True)
    # The Message-ID of the mail, by which a reply finds its conversation.
    mail_id = models.CharField(max_length=200, blank=True)
    # None: it came in by mail.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    # When it was sent or came in.
    at = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="in", state="received") | (Q(direction="out") & ~Q(state="received")),
                name="message_state_of_direction",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "received"]) | Q(at__isnull=False), name="message_sent_has_moment"
            ),
            models.UniqueConstraint(fields=["mail_id"], condition=~Q(mail_id=""), name="message_mail_id_once"),
        ]
        indexes = [
            models.Index(fields=["state"], condition=Q(state__in=["waiting", "sending"]), name="message_on_its_way"),
            GinIndex(fields=["body"], opclasses=["gin_trgm_ops"], name="message_body_trigrams"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.direction} {self.created_at:%Y-%m-%d}"

    @property
    def look(self) -> Look:
        return MESSAGE_LOOKS[self.state]


class MessageFile(models.Model):
    """A file that goes along with a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name


class DoNotContact(models.Model):
    """A creator who does not want to be written to, by a shop or by the whole organisation; follows the person."""

    creator = models.ForeignKey(Creator, models.PROTECT, related_name="do_not_contact")
    # None: the whole organisation.
    shop = models.ForeignKey(Shop, models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField(_("Reason"), max_length=300)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_because = models.CharField(max_length=300, blank=True)

    objects = DoNotContactQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "shop"],
                condition=Q(removed_at__isnull=True),
                nulls_distinct=False,
                name="donotcontact_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.creator_id)


class Reminder(models.Model):
    """Somebody wants to be reminded of a conversation; made by hand, or by a message that waits for its reply."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="reminders")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="reminders")
    for_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    # Told to the account managers of the shop.
    escalated_at = models.DateTimeField(null=True)
    # Done by hand, or by a reply.
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="reminder_open")]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.due_at:%Y-%m-%d}"
