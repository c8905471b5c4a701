"""Rule books: versioned data that never changes once published."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.states import Look
from creators.models import Market, by_language
from violations.querysets import RuleBookQuerySet
from violations.states import BOOK_LOOKS, SEVERITY_LOOKS, BookState, Feature, Severity


@pghistory.track(
    pghistory.UpdateEvent(),
    fields=[
        "effective_from",
        "state",
        "strike_count",
        "strike_days",
        "strike_features",
        "appeal_days",
        "decision_days",
    ],
    model_name="RuleBookEvent",
)
class RuleBook(models.Model):
    """A version of a scheme of rules. A published one is frozen by the database (migration 0002)."""

    code = models.CharField(_("Code"), max_length=40)
    version = models.PositiveIntegerField(_("Version"), default=1)
    # None is for every market; a book of the creator's own market goes first.
    market = models.ForeignKey(
        Market, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Market")
    )
    # False: the platform's own rating, imported and never computed by us (chr-2026).
    is_computed = models.BooleanField(default=True)
    name_en = models.CharField(_("Name (English)"), max_length=120)
    name_zh = models.CharField(_("Name (Chinese)"), max_length=120, blank=True)
    effective_from = models.DateTimeField(_("In force from"))
    state = models.CharField(max_length=12, choices=BookState, default=BookState.DRAFT)
    strike_count = models.PositiveSmallIntegerField(_("Strikes that withdraw selling"), default=3)
    strike_days = models.PositiveSmallIntegerField(_("Days withdrawn by strikes"), default=7)
    strike_features = ArrayField(models.CharField(max_length=10), default=list)
    appeal_days = models.PositiveSmallIntegerField(_("Days to appeal"), default=30)
    decision_days = models.PositiveSmallIntegerField(_("Working days to decide"), default=10)
    # The same rule so many times in so many days is a repeat offence.
    repeat_count = models.PositiveSmallIntegerField(_("Repeats that count as an offence"), default=6)
    repeat_days = models.PositiveSmallIntegerField(_("Days in which repeats count"), default=90)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    objects = RuleBookQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rulebook_version_once"),
            models.CheckConstraint(condition=Q(state__in=BookState.values), name="rulebook_state_known"),
            models.CheckConstraint(
                condition=Q(state=BookState.PUBLISHED) ^ Q(published_at__isnull=True),
                name="rulebook_published_at_iff_published",
            ),
            models.CheckConstraint(condition=Q(strike_count__gte=1), name="rulebook_strike_count_positive"),
            models.CheckConstraint(
                condition=Q(strike_features__contained_by=Feature.values), name="rulebook_strike_features_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("rulebook_detail", args=[self.pk])

    @property
    def name(self) -> str:
        return by_language(self.name_en, self.name_zh)

    @property
    def look(self) -> Look:
        return BOOK_LOOKS[self.state]


class Rule(models.Model):
    """One thing that is forbidden, and what it costs."""

    book = models.ForeignKey(RuleBook, models.CASCADE, related_name="rules")
    code = models.CharField(_("Code"), max_length=40)
    severity = models.CharField(_("Severity"), max_length=10, choices=Severity)
    points = models.PositiveSmallIntegerField(_("Points"))
    strike = models.BooleanField(_("Strike"), default=False)
    clause = models.CharField(_("Clause"), max_length=40, blank=True)
    title_en = models.CharField(_("Title (English)"), max_length=120)
    title_zh = models.CharField(_("Title (Chinese)"), max_length=120)
    text_en = models.TextField(_("Text (English)"))
    text_zh = models.TextField(_("Text (Chinese)"))

    class Meta:
        ordering = ["points", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="rule_code_once_a_book"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="rule_severity_known"),
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=1000), name="rule_points_1_to_1000"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return by_language(self.title_en, self.title_zh)

    @property
    def text(self) -> str:
        return by_language(self.text_en, self.text_zh)

    @property
    def look(self) -> Look:
        return SEVERITY_LOOKS[self.severity]


class Milestone(models.Model):
    """What happens when the balance reaches a threshold; without features it is a written warning.

    `days` None: until a reversal brings the balance below, or a lift.
    """

    book = models.ForeignKey(RuleBook, models.CASCADE, related_name="milestones")
    threshold = models.PositiveSmallIntegerField(_("Balance"))
    features = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    days = models.PositiveSmallIntegerField(_("Days"), null=True, blank=True)
    # While the balance is at the threshold or more, no new seat in a plan.
    blocks_seats = models.BooleanField(_("No new seat in a plan"), default=False)
    text_en = models.TextField(_("Text (English)"), blank=True)
    text_zh = models.TextField(_("Text (Chinese)"), blank=True)

    class Meta:
        ordering = ["threshold"]
        constraints = [
            models.UniqueConstraint(fields=["book", "threshold"], name="milestone_threshold_once_a_book"),
            models.CheckConstraint(condition=Q(features__contained_by=Feature.values), name="milestone_features_known"),
        ]

    def __str__(self) -> str:
        return str(self.threshold)

    @property
    def text(self) -> str:
        return by_language(self.text_en, self.text_zh)


class HealthBand(models.Model):
    """A band of an imported rating: from `floor` (included) up to the next one."""

    book = models.ForeignKey(RuleBook, models.CASCADE, related_name="bands")
    floor = models.PositiveSmallIntegerField(_("From"))
    label_en = models.CharField(_("Label (English)"), max_length=40)
    label_zh = models.CharField(_("Label (Chinese)"), max_length=40)
    colour = models.CharField(max_length=4, choices=[("ok", "ok"), ("warn", "warn"), ("bad", "bad")])

    class Meta:
        ordering = ["-floor"]
        constraints = [models.UniqueConstraint(fields=["book", "floor"], name="healthband_floor_once_a_book")]

    def __str__(self) -> str:
        return by_language(self.label_en, self.label_zh)
