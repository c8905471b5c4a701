"""The ledger: append-only entries in one hash chain a creator, what can be erased beside it, what follows from it."""

from datetime import timedelta

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse

from accounts.models import Shop
from core.models import StoredFile
from core.states import Look
from creators.models import Creator
from violations.models.rulebooks import Rule, RuleBook
from violations.querysets import LedgerEntryQuerySet, NoticeQuerySet, RestrictionQuerySet, ReversalRequestQuerySet
from violations.states import (
    NOTICE_LOOKS,
    REQUEST_LOOKS,
    SEVERITY_LOOKS,
    EntryKind,
    Feature,
    Measure,
    NoticeChannel,
    NoticeState,
    RequestState,
    RestrictionCause,
    RestrictionOutcome,
    ReversalKind,
    Severity,
)

# Exactly 90 × 24 hours: a day of daylight-saving change moves nothing (rule book, "Counts at t").
POINTS_LAST = timedelta(hours=2160)
# In hours: PostgreSQL would add '90 days' in the time zone of the session.
AFTER_90_DAYS = Func(
    F("effective_at"), template="%(expressions)s + interval '2160 hours'", output_field=models.DateTimeField()
)


class LedgerHead(models.Model):
    """The end of a creator's chain; whoever writes an entry locks this row. Kept by the database (migration 0002)."""

    creator = models.OneToOneField(Creator, models.PROTECT, primary_key=True, related_name="ledger_head")
    sequence = models.PositiveIntegerField(default=0)
    tip = models.CharField(max_length=64, default="0" * 64)
    recorded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.creator_id}/{self.sequence}"


class LedgerEntry(models.Model):
    """One event about a creator. The database refuses to change or remove it, and computes sequence and hashes.

    A violation adds its points, a reversal takes them back and expires with the entry it answers, measures and lifts
    have none.
    """

    creator = models.ForeignKey(Creator, models.PROTECT, related_name="ledger", db_index=False)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=EntryKind)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    effective_at = models.DateTimeField()
    # Violations and reversals only.
    expires_at = models.DateTimeField(null=True)
    points = models.SmallIntegerField(default=0)
    strike = models.BooleanField(default=False)
    severity = models.CharField(max_length=10, choices=Severity, blank=True)
    # The rule of the book in force at the effective time; the code also stands by itself in the chain.
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="+")
    rule_code = models.CharField(max_length=40, blank=True)
    # "house-2024 v1"
    book_label = models.CharField(max_length=60, blank=True)
    # The book in force at recording: its milestones and strikes judge the entry.
    judged_by = models.ForeignKey(RuleBook, models.PROTECT, related_name="+")
    # Where it came from; its members see the evidence.
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+")
    # The violation that a reversal takes back.
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals", db_index=False)
    reversal_kind = models.CharField(max_length=12, choices=ReversalKind, blank=True)
    measure = models.CharField(max_length=20, choices=Measure, blank=True)
    # What a withdrawing measure withdraws, or a lift gives back.
    features = ArrayField(models.CharField(max_length=10), default=list)
    # The end of a withdrawing measure; None: until it is lifted.
    ends_at = models.DateTimeField(null=True)
    # SHA-256 over salt and content of the details, so that they can be erased.
    details_digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ["creator", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "sequence"], name="entry_sequence_once"),
            models.UniqueConstraint(fields=["answers"], condition=Q(answers__isnull=False), name="entry_reversed_once"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(condition=Q(effective_at__lte=F("recorded_at")), name="entry_not_in_future"),
            models.CheckConstraint(
                condition=~Q(kind="violation")
                | Q(
                    points__gte=1,
                    rule__isnull=False,
                    answers__isnull=True,
                    expires_at=AFTER_90_DAYS,
                    severity__in=Severity.values,
                ),
                name="entry_violation_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reversal")
                | Q(
                    points__lte=-1,
                    strike=False,
                    answers__isnull=False,
                    expires_at__isnull=False,
                    reversal_kind__in=ReversalKind.values,
                ),
                name="entry_reversal_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["violation", "reversal"]) | Q(points=0, strike=False, expires_at__isnull=True),
                name="entry_measure_without_points",
            ),
            models.CheckConstraint(condition=Q(features__contained_by=Feature.values), name="entry_features_known"),
        ]
        indexes = [
            # What counts now: the sweep and the exact balance of many creators.
            models.Index(fields=["expires_at", "creator"], name="entry_expiring"),
            models.Index(fields=["-recorded_at", "-id"], name="entry_newest"),
            models.Index(fields=["creator", "rule_code"], condition=Q(kind="violation"), name="entry_same_rule"),
            # The desk's filter: what is critical is rare among all entries of its period.
            models.Index(fields=["severity", "recorded_at"], condition=Q(kind="violation"), name="entry_severity"),
        ]

    def __str__(self) -> str:
        return self.case

    def get_absolute_url(self) -> str:
        return reverse("entry_detail", args=[self.pk])

    @property
    def case(self) -> str:
        """How people name the entry: V-1176."""
        return f"V-{self.pk}"

    @property
    def look(self) -> Look:
        return SEVERITY_LOOKS[self.severity]


class EntryDetails(models.Model):
    """Texts of an entry, which can be erased for privacy while every hash still verifies."""

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, primary_key=True, related_name="details")
    salt = models.CharField(max_length=32)
    # To the creator.
    note = models.TextField(blank=True)
    internal_note = models.TextField(blank=True)
    content_link = models.TextField(blank=True)
    # The normalised link: the same incident has the same.
    content_key = models.CharField(max_length=300, blank=True)
    # Why an entry older than 90 days is logged; why a measure, lift or reversal is made.
    reason = models.TextField(blank=True)
    # SHA-256 of the evidence files, in order.
    evidence_sha256 = ArrayField(models.CharField(max_length=64), default=list)
    erased_at = models.DateTimeField(null=True)
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["content_key"], condition=~Q(content_key=""), name="details_content_key")]

    def __str__(self) -> str:
        return str(self.entry_id)


class Evidence(models.Model):
    """A file that proves an entry; its digest is sealed in the chain through the details."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "file"], name="evidence_once")]

    def __str__(self) -> str:
        return self.file.name


class Restriction(models.Model):
    """A selling feature withdrawn for a time, or a written warning (no feature): a cache of the ledger.

    `violations.rules.restrictions` derives these rows; `verify_restrictions` compares. One row a feature.
    """

    creator = models.ForeignKey(Creator, models.PROTECT, related_name="restrictions", db_index=False)
    # The entry whose recording fired it.
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="restrictions", db_index=False)
    cause = models.CharField(max_length=10, choices=RestrictionCause)
    # The milestone's balance; None for strikes and measures.
    threshold = models.PositiveSmallIntegerField(null=True)
    # "" is a written warning.
    feature = models.CharField(max_length=10, choices=Feature, blank=True)
    starts_at = models.DateTimeField()
    # When it ends or has ended; None while nothing but a lift or a reversal ends it. A warning ends as it starts.
    ends_at = models.DateTimeField(null=True)
    # The end it had when it was fired.
    planned_end_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=RestrictionOutcome, blank=True)
    outcome_at = models.DateTimeField(null=True)
    # The entries that a strike-out spent.
    spent = ArrayField(models.BigIntegerField(), default=list)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        ordering = ["creator", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(cause__in=RestrictionCause.values), name="restriction_cause_known"),
            models.CheckConstraint(condition=Q(feature__in=["", *Feature.values]), name="restriction_feature_known"),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at__isnull=True) | ~Q(outcome="") & Q(outcome_at__isnull=False),
                name="restriction_outcome_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["creator", "ends_at"], name="restriction_creator"),
            models.Index(fields=["ends_at"], name="restriction_ending"),
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.feature} {self.starts_at:%Y-%m-%d}"


@pghistory.track(pghistory.UpdateEvent(), fields=["state", "error"], model_name="NoticeEvent")
class Notice(models.Model):
    """The creator is told of an entry; the instant it was sent or handed over opens the appeal window."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=12, choices=NoticeChannel)
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.WAITING)
    address = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    # Of a notice that was handed over.
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # Sent or handed over.
    given_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_state_known"),
            models.CheckConstraint(
                condition=Q(state=NoticeState.SENT) ^ Q(given_at__isnull=True), name="notice_given_at_iff_sent"
            ),
            models.CheckConstraint(
                condition=~Q(channel=NoticeChannel.HANDED_OVER) | Q(proof__isnull=False),
                name="notice_handed_over_with_proof",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="waiting"), name="notice_waiting"),
            # What the desk asks at every visit: a few among all notices.
            models.Index(fields=["created_at"], condition=Q(state__in=["failed", "sending"]), name="notice_trouble"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.channel}"

    @property
    def look(self) -> Look:
        return NOTICE_LOOKS[self.state]


@pghistory.track(
    pghistory.UpdateEvent(), fields=["state", "decided_by", "decision_note"], model_name="ReversalRequestEvent"
)
class ReversalRequest(models.Model):
    """Ops take back an own mistake: one person proposes, a second confirms, and the reversal is written."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="reversal_requests")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)

    objects = ReversalRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state="proposed"), name="reversalrequest_one_open_an_entry"
            ),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="reversalrequest_state_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="reversalrequest_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.PROPOSED) ^ Q(decided_at__isnull=False),
                name="reversalrequest_decided_iff_not_proposed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.state}"

    @property
    def look(self) -> Look:
        return REQUEST_LOOKS[self.state]
