"""Creators, what sources say about them, and the one row of facts that search reads."""

from decimal import Decimal

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop
from creators.models.reference import Market, by_language
from creators.querysets import CreatorContactQuerySet, CreatorQuerySet, FactsQuerySet
from creators.states import Quality


class Person(models.Model):
    """One human behind creators of several markets; warnings follow the person, ledgers stay with the creator."""

    name = models.CharField(max_length=120)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.UpdateEvent(), fields=["person"], model_name="CreatorEvent")
class Creator(models.Model):
    """A TikTok account that sells in one market."""

    # No foreign key in the database: it would lock the market's row a million times in a large import (ADR 5).
    market = models.ForeignKey(Market, models.PROTECT, db_index=False, db_constraint=False)
    handle = models.CharField(max_length=64)
    # Text: 19 digits do not fit a spreadsheet number.
    external_id = models.CharField(max_length=25, null=True)
    nickname = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, blank=True)
    agency = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="creators")
    first_seen_on = models.DateField()
    last_seen_on = models.DateField()
    # The import that brought the creator; undoing it removes a creator that nobody has used since. Where a row came
    # from is not checked row by row by the database: that costs an import of a million rows several seconds each.
    brought_by = models.ForeignKey(
        "creators.Import", models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )

    objects = CreatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "handle"], name="creator_handle_once_a_market"),
            models.UniqueConstraint(
                fields=["market", "external_id"],
                condition=Q(external_id__isnull=False),
                name="creator_external_id_once_a_market",
            ),
            # Without {1,64}: the column's length does that, and counting makes the check ten times slower.
            models.CheckConstraint(condition=Q(handle__regex=r"^[a-z0-9_.]+$"), name="creator_handle_normalised"),
            models.CheckConstraint(condition=Q(external_id__regex=r"^[0-9]+$"), name="creator_external_id_digits"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    def get_absolute_url(self) -> str:
        return reverse("creator_detail", args=[self.pk])

    @property
    def profile_link(self) -> str:
        return f"https://www.tiktok.com/@{self.handle}"


class CreatorHandle(models.Model):
    """A handle that a creator had before."""

    creator = models.ForeignKey(Creator, models.CASCADE, related_name="old_handles")
    handle = models.CharField(max_length=64)
    replaced_by = models.CharField(max_length=64)
    until = models.DateField()
    # The import that renamed the creator; undoing it gives the handle back.
    source_import = models.ForeignKey("creators.Import", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-until", "-pk"]
        indexes = [models.Index(fields=["handle"], name="creatorhandle_handle")]

    def __str__(self) -> str:
        return f"@{self.handle}"


class MetricColumns(models.Model):
    """The imported metrics of `creators.metrics`, one column each; money in the row's own currency."""

    followers = models.BigIntegerField(null=True)
    follower_growth_30d = models.BigIntegerField(null=True)
    likes_total = models.BigIntegerField(null=True)
    videos_total = models.IntegerField(null=True)
    units_30d = models.BigIntegerField(null=True)
    avg_views = models.BigIntegerField(null=True)
    median_views = models.BigIntegerField(null=True)
    avg_live_viewers = models.BigIntegerField(null=True)
    avg_likes = models.BigIntegerField(null=True)
    avg_comments = models.BigIntegerField(null=True)
    avg_shares = models.BigIntegerField(null=True)
    views_30d = models.BigIntegerField(null=True)
    likes_30d = models.BigIntegerField(null=True)
    engagement_by_views = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    engagement_by_followers = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    videos_30d = models.IntegerField(null=True)
    lives_30d = models.IntegerField(null=True)
    products_28d = models.IntegerField(null=True)
    products_total = models.IntegerField(null=True)
    commission_rate = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    fulfilment_rate = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    pps_score = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    female_share = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    adult_share = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    age_13_17_share = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    age_18_24_share = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    age_25_34_share = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    age_35_44_share = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    age_45_54_share = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    age_55_plus_share = models.DecimalField(max_digits=9, decimal_places=4, null=True)

    class Meta:
        abstract = True


class Snapshot(MetricColumns):
    """What one source said about a creator on a day; one a row of an import, or one a person's edit."""

    creator = models.ForeignKey(Creator, models.CASCADE, related_name="snapshots")
    source_import = models.ForeignKey(
        "creators.Import", models.CASCADE, null=True, related_name="snapshots", db_constraint=False
    )
    row_number = models.IntegerField(null=True)
    source = models.CharField(max_length=40)
    as_of = models.DateField()
    quality = models.PositiveSmallIntegerField(choices=Quality)
    currency = models.CharField(max_length=3, default="USD")
    nickname = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, blank=True)
    agency = models.CharField(max_length=120, blank=True)
    bio = models.TextField(blank=True)
    # Top categories in order; level 1 or 2.
    category_ids = ArrayField(models.IntegerField(), null=True)
    gmv_30d = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    gmv_video_30d = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    gmv_live_30d = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    gmv_total = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    gpm = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    gpm_video = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    gpm_live = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    avg_order_value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    price_quote = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    # The upper ends of values that are ranges: {metric key: text of the number, null when open}.
    ranges = models.JSONField(null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quality__in=Quality.values), name="snapshot_quality_known")]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.source} {self.as_of}"

    @property
    def ends(self) -> dict[str, Decimal | None]:
        """The upper ends of the values that are ranges, by metric key; None is an open end."""
        return {key: Decimal(high) if high is not None else None for key, high in (self.ranges or {}).items()}


class CreatorFacts(MetricColumns):
    """One row a creator: everything that is filtered or sorted by, merged from the snapshots, and nothing else.

    Large imports and the night build this table anew and swap it by rename, so no foreign key may point at it.
    """

    creator = models.OneToOneField(Creator, models.CASCADE, primary_key=True, related_name="facts", db_constraint=False)
    market = models.ForeignKey(Market, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    language = models.CharField(max_length=20, blank=True)
    agency = models.CharField(max_length=120, blank=True)
    # The top three categories in order of sales.
    category_ids = ArrayField(models.IntegerField(), default=list)
    # The same three and their parents: what the category filter looks at.
    category_tree = ArrayField(models.IntegerField(), default=list)
    as_of = models.DateField()
    gmv_30d_usd = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    gmv_video_30d_usd = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    gmv_live_30d_usd = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    gmv_total_usd = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    gpm_usd = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    gpm_video_usd = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    gpm_live_usd = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    avg_order_value_usd = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    price_quote_usd = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    posts_30d = models.GeneratedField(
        expression=Func(
            F("videos_30d"),
            F("lives_30d"),
            template=(
                "CASE WHEN num_nonnulls(%(expressions)s) > 0 THEN coalesce(videos_30d, 0) + coalesce(lives_30d, 0) END"
            ),
        ),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    tier = models.CharField(max_length=1, null=True)
    # Published by the ledger, for filtering: counting points and strikes, when the last restriction ends ('infinity'
    # is read as the year 9999), and the organisation's blacklist. Decisions read the ledger itself.
    points = models.SmallIntegerField(null=True)
    strikes = models.SmallIntegerField(null=True)
    restricted_until = models.DateTimeField(null=True)
    is_blacklisted = models.BooleanField(null=True)

    objects = FactsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "creator facts"
        # Each one is justified in docs/performance.md; other columns sort by a scan.
        indexes = [
            models.Index(F("followers").desc(nulls_last=True), F("creator").desc(), name="facts_followers"),
            models.Index(F("gmv_30d_usd").desc(nulls_last=True), F("creator").desc(), name="facts_gmv_30d"),
            models.Index(F("units_30d").desc(nulls_last=True), F("creator").desc(), name="facts_units_30d"),
            models.Index(F("avg_views").desc(nulls_last=True), F("creator").desc(), name="facts_avg_views"),
            models.Index(F("gpm_usd").desc(nulls_last=True), F("creator").desc(), name="facts_gpm"),
            models.Index(
                F("engagement_by_views").desc(nulls_last=True), F("creator").desc(), name="facts_engagement_by_views"
            ),
            models.Index(fields=["market"], name="facts_market"),
            GinIndex(fields=["category_tree"], name="facts_category_tree"),
            # Few creators have any: these stay small.
            models.Index(
                F("points").desc(nulls_last=True),
                F("creator").desc(),
                condition=Q(points__isnull=False),
                name="facts_points",
            ),
            models.Index(
                fields=["restricted_until"], condition=Q(restricted_until__isnull=False), name="facts_restricted"
            ),
            models.Index(fields=["creator"], condition=Q(is_blacklisted=True), name="facts_blacklisted"),
        ]

    def __str__(self) -> str:
        return str(self.creator_id)


class CreatorText(models.Model):
    """Searchable words of a creator; swapped by rename like the facts."""

    creator = models.OneToOneField(Creator, models.CASCADE, primary_key=True, related_name="text", db_constraint=False)
    bio = models.TextField(blank=True)
    # Handle, nickname and bio in lower case, searched by trigrams.
    document = models.TextField()
    # Two-character grams of the CJK text in the document: trigrams need three.
    cjk_grams = models.GeneratedField(
        expression=Func(F("document"), function="cjk_grams"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        null=True,
    )

    class Meta:
        indexes = [
            GinIndex(fields=["document"], opclasses=["gin_trgm_ops"], name="text_document_trigrams"),
            GinIndex(fields=["cjk_grams"], condition=Q(cjk_grams__isnull=False), name="text_cjk_grams"),
        ]

    def __str__(self) -> str:
        return str(self.creator_id)


@pghistory.track(pghistory.UpdateEvent(), fields=["value"], model_name="CreatorContactEvent")
class CreatorContact(models.Model):
    """How a shop reaches a creator; seen by that shop only."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        OTHER = "other", _("Other contact")

    creator = models.ForeignKey(Creator, models.CASCADE, related_name="contacts")
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=254)
    source_import = models.ForeignKey("creators.Import", models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects = CreatorContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creator", "shop", "kind", "value"], name="creatorcontact_once"),
            models.CheckConstraint(condition=Q(kind__in=["email", "other"]), name="creatorcontact_kind_known"),
        ]

    def __str__(self) -> str:
        return self.value


class Audience(models.Model):
    """A share of a creator's followers by place, beyond the shares that the facts hold."""

    creator = models.ForeignKey(Creator, models.CASCADE, related_name="audience")
    label_en = models.CharField(max_length=60)
    label_zh = models.CharField(max_length=60, blank=True)
    share = models.DecimalField(max_digits=5, decimal_places=4)
    as_of = models.DateField()

    class Meta:
        ordering = ["-share"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "label_en"], name="audience_label_once"),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="audience_share_0_to_1"),
        ]

    def __str__(self) -> str:
        return by_language(self.label_en, self.label_zh)


class DailyMetric(models.Model):
    """What a creator did on a day; partitioned by month. Money in hundredths of the market's currency."""

    pk = models.CompositePrimaryKey("creator_id", "day")
    creator = models.ForeignKey(Creator, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    day = models.DateField()
    followers = models.BigIntegerField(null=True)
    likes = models.IntegerField(default=0)
    comments = models.IntegerField(default=0)
    shares = models.IntegerField(default=0)
    saves = models.IntegerField(default=0)
    product_clicks = models.IntegerField(default=0)
    orders = models.IntegerField(default=0)
    units = models.IntegerField(default=0)
    refunds = models.IntegerField(default=0)
    videos = models.SmallIntegerField(default=0)
    lives = models.SmallIntegerField(default=0)
    views_video = models.BigIntegerField(default=0)
    views_live = models.BigIntegerField(default=0)
    views_other = models.BigIntegerField(default=0)
    gmv_video_cents = models.BigIntegerField(default=0)
    gmv_live_cents = models.BigIntegerField(default=0)
    gmv_other_cents = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.creator_id} {self.day}"
