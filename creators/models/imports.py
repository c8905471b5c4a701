"""Lists that people upload, and what became of their rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Shop
from core.models import Job, StoredFile
from creators.querysets import ImportQuerySet
from creators.states import CONFLICT_LOOKS, ConflictState, Quality


class Import(models.Model):
    """One uploaded list: its file, how its columns are read, and the counts of its result."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    # Whose contacts the list brings; None brings none.
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+")
    sheet = models.CharField(_("Sheet"), max_length=120, blank=True)
    header_row = models.PositiveIntegerField(default=0)
    # One object a column: index, header, field (null: left out), window_days, currency, scale, decimal, reason.
    mapping = models.JSONField(default=list)
    market = models.ForeignKey("creators.Market", models.PROTECT, null=True, related_name="+", verbose_name=_("Market"))
    source = models.CharField(_("Source"), max_length=40, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    window_days = models.PositiveSmallIntegerField(_("Window in days"), default=30)
    quality = models.PositiveSmallIntegerField(_("Quality"), choices=Quality, default=Quality.ESTIMATE)
    as_of = models.DateField(_("As of"), null=True)
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")
    undo_job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    rows = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    conflicts = models.IntegerField(default=0)
    repeats = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=Q(quality__in=Quality.values), name="import_quality_known")]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("import_detail", args=[self.pk])


class ImportFailure(models.Model):
    """A row that could not be read: its original cells and what is wrong with it."""

    source_import = models.ForeignKey(Import, models.CASCADE, related_name="failures")
    row_number = models.IntegerField()
    cells = models.JSONField()
    # A list of objects with column, value and code.
    problems = models.JSONField()

    class Meta:
        ordering = ["row_number"]
        constraints = [models.UniqueConstraint(fields=["source_import", "row_number"], name="importfailure_row_once")]

    def __str__(self) -> str:
        return f"{self.source_import_id}/{self.row_number}"


class ImportMapping(models.Model):
    """A saved mapping, proposed again for a file with the same headers."""

    name = models.CharField(_("Name"), max_length=80)
    # SHA-256 of the normalised headers.
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()
    defaults = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="importmapping_name_unique")]
        indexes = [models.Index(fields=["signature", "-created_at"], name="importmapping_signature")]

    def __str__(self) -> str:
        return self.name


class HeaderAlias(models.Model):
    """A column header that means a field; admins extend the table."""

    # As `rules.headers.normalise_header` gives it.
    header = models.CharField(_("Header"), max_length=120, unique=True)
    # Empty for a header that is known to hold nothing we keep.
    field = models.CharField(_("Field"), max_length=40, blank=True)
    # 0: the header counts only together with a window of its own ("Views in last 30 days").
    window_days = models.PositiveSmallIntegerField(_("Window in days"), null=True, blank=True)

    class Meta:
        ordering = ["header"]

    def __str__(self) -> str:
        return self.header


class CreatorConflict(models.Model):
    """A list names a known handle with another id; a person decides, nothing is overwritten."""

    creator = models.ForeignKey("creators.Creator", models.CASCADE, related_name="conflicts")
    source_import = models.ForeignKey(Import, models.CASCADE, related_name="conflict_rows")
    row_number = models.IntegerField()
    handle = models.CharField(max_length=64)
    external_id = models.CharField(max_length=25)
    nickname = models.CharField(max_length=200, blank=True)
    # The parsed row as Snapshot columns, applied when the conflict is resolved.
    values = models.JSONField()
    state = models.CharField(max_length=20, choices=ConflictState, default=ConflictState.OPEN)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ConflictState.values), name="conflict_state_known"),
            models.CheckConstraint(
                condition=Q(state=ConflictState.OPEN) ^ Q(resolved_at__isnull=False),
                name="conflict_resolved_iff_not_open",
            ),
        ]
        indexes = [models.Index(fields=["source_import"], condition=Q(state="open"), name="conflict_open")]

    def __str__(self) -> str:
        return f"@{self.handle} {self.external_id}"

    @property
    def look(self) -> object:
        return CONFLICT_LOOKS[self.state]
