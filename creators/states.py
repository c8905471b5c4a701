"""Values that creators' rows take, with their look."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Look


class Quality(models.IntegerChoices):
    """How far a value can be trusted; a lower number wins over a higher one (DESIGN §3)."""

    EDITED = 0, _("edited by a person")
    EXACT = 1, _("exact")
    RANGE = 2, _("range")
    ESTIMATE = 3, _("estimate")


QUALITY_LOOKS: dict[int, Look] = {
    Quality.EDITED: Look(Quality.EDITED.label, "ok"),
    Quality.EXACT: Look(Quality.EXACT.label, "ok"),
    Quality.RANGE: Look(Quality.RANGE.label, "info"),
    Quality.ESTIMATE: Look(Quality.ESTIMATE.label, "idle"),
}


class ConflictState(models.TextChoices):
    OPEN = "open", _("Open")
    SAME = "same_creator", _("Same creator, new id")
    OTHER = "other_creator", _("Another creator took the handle")
    IGNORED = "ignored", _("Row ignored")


CONFLICT_LOOKS: dict[str, Look] = {
    ConflictState.OPEN: Look(ConflictState.OPEN.label, "warn"),
    ConflictState.SAME: Look(ConflictState.SAME.label, "ok"),
    ConflictState.OTHER: Look(ConflictState.OTHER.label, "ok"),
    ConflictState.IGNORED: Look(ConflictState.IGNORED.label, "idle"),
}

CONFLICT_TRANSITIONS: dict[str, frozenset[str]] = {
    ConflictState.OPEN: frozenset({ConflictState.SAME, ConflictState.OTHER, ConflictState.IGNORED}),
    ConflictState.SAME: frozenset(),
    ConflictState.OTHER: frozenset(),
    ConflictState.IGNORED: frozenset(),
}


class ImportState(models.TextChoices):
    """Where an import stands, read from its jobs; no column holds it."""

    DRAFT = "draft", _("Not started")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


IMPORT_LOOKS: dict[str, Look] = {
    ImportState.DRAFT: Look(ImportState.DRAFT.label, "idle"),
    ImportState.WAITING: Look(ImportState.WAITING.label, "idle"),
    ImportState.RUNNING: Look(ImportState.RUNNING.label, "info"),
    ImportState.DONE: Look(ImportState.DONE.label, "ok"),
    ImportState.FAILED: Look(ImportState.FAILED.label, "bad"),
    ImportState.CANCELLED: Look(ImportState.CANCELLED.label, "warn"),
    ImportState.UNDOING: Look(ImportState.UNDOING.label, "info"),
    ImportState.UNDONE: Look(ImportState.UNDONE.label, "idle"),
}


class Visibility(models.TextChoices):
    PRIVATE = "private", _("Only me")
    SHOP = "shop", _("Everybody in the shop")


VISIBILITY_LOOKS: dict[str, Look] = {
    Visibility.PRIVATE: Look(Visibility.PRIVATE.label, "idle"),
    Visibility.SHOP: Look(Visibility.SHOP.label, "info"),
}
