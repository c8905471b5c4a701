"""Many violations or health ratings at once: read and checked first, then written by a job."""

from violations.services.batches.reading import batch_create, batch_select
from violations.services.batches.running import batch_advance, batch_cancel, batch_start

__all__ = ["batch_advance", "batch_cancel", "batch_create", "batch_select", "batch_start"]
