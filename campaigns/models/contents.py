"""Contents: drafts, their reviews, what was published and what came of it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop
from campaigns.models.campaigns import MatrixCell
from campaigns.models.collaborations import Collaboration
from campaigns.models.products import Product
from campaigns.querysets import ContentQuerySet, ResultImportQuerySet
from campaigns.states.contents import (
    CONTENT_LOOKS,
    ContentKind,
    ContentState,
    ResultSource,
    ResultWindow,
    Verdict,
)
from core.models import Job, StoredFile
from core.states import Look


@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["title", "product", "due_at", "published_url", "published_at", "taken_down_at", "live_minutes"],
    model_name="ContentEvent",
)
class Content(models.Model):
    """A video or LIVE that a creator owes, makes or made in a collaboration."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="contents")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("Kind"), max_length=8, choices=ContentKind, default=ContentKind.VIDEO)
    title = models.CharField(_("Title"), max_length=200, blank=True)
    # The product that is tagged in it; without one it is not fulfilled.
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="contents")
    cell = models.ForeignKey(MatrixCell, models.SET_NULL, null=True, related_name="contents")
    state = models.CharField(max_length=14, choices=ContentState, default=ContentState.DUE)
    state_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    # How often a draft came in.
    rounds = models.PositiveSmallIntegerField(default=0)
    published_url = models.URLField(_("Link"), max_length=500, blank=True)
    # The platform's own number, from the link or an import; results find the content by it.
    platform_id = models.CharField(max_length=40, blank=True)
    published_at = models.DateTimeField(null=True)
    taken_down_at = models.DateTimeField(null=True)
    live_minutes = models.PositiveIntegerField(_("Minutes of the LIVE"), null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ["collaboration", "number"]
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "number"], name="content_number_once"),
            models.CheckConstraint(condition=Q(state__in=ContentState.values), name="content_state_known"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="content_published_has_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state="taken_down") | Q(taken_down_at__isnull=False), name="content_down_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["platform_id"], condition=~Q(platform_id=""), name="content_platform_id"),
            models.Index(fields=["state"], condition=Q(state="in_review"), name="content_in_review"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("content_detail", args=[self.pk])

    @property
    def look(self) -> Look:
        return CONTENT_LOOKS[self.state]


class ContentRound(models.Model):
    """A draft that came in, and what the review said."""

    content = models.ForeignKey(Content, models.CASCADE, related_name="drafts")
    number = models.PositiveSmallIntegerField()
    draft_url = models.URLField(max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    # The script or caption, which the checks for words read.
    script = models.TextField(blank=True)
    note = models.TextField(blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    # A list of objects with code, passed (true, false or null) and note.
    checklist = models.JSONField(default=list)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    comments = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["content", "number"], name="contentround_number_once"),
            models.CheckConstraint(
                condition=Q(verdict="") ^ Q(reviewed_at__isnull=False), name="contentround_reviewed_iff_verdict"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_id} #{self.number}"


class ContentMove(models.Model):
    """One change of a content's state: who, when, why."""

    content = models.ForeignKey(Content, models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=14, choices=ContentState, blank=True)
    to_state = models.CharField(max_length=14, choices=ContentState)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.content_id} {self.to_state}"


class ContentResult(models.Model):
    """What a content reached in a window; money in the plan's currency. An empty cell is not known, not 0."""

    content = models.ForeignKey(Content, models.CASCADE, related_name="results", db_index=False)
    window = models.CharField(max_length=10, choices=ResultWindow, default=ResultWindow.DAY)
    # In the market; of the first 24 hours the day of publication.
    day = models.DateField()
    views = models.PositiveBigIntegerField(null=True)
    likes = models.PositiveBigIntegerField(null=True)
    comments = models.PositiveBigIntegerField(null=True)
    shares = models.PositiveBigIntegerField(null=True)
    product_clicks = models.PositiveBigIntegerField(null=True)
    orders = models.PositiveBigIntegerField(null=True)
    gmv = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    refunds = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    source = models.CharField(max_length=6, choices=ResultSource)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["content", "day"]
        constraints = [
            models.UniqueConstraint(fields=["content", "window", "day"], name="contentresult_once"),
            models.CheckConstraint(
                condition=(Q(gmv__isnull=True) | Q(gmv__gte=0)) & (Q(refunds__isnull=True) | Q(refunds__gte=0)),
                name="contentresult_money_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_id} {self.day}"


class ResultImport(models.Model):
    """A file with results of contents by day; looked at first, then written by a job."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    # Rows that were not taken: a list of objects with row, field, value and message code.
    problems = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # None until somebody starts it.
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")

    objects = ResultImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("result_import_detail", args=[self.pk])
