"""Imports: an uploaded list becomes a draft, a job reads, matches and applies it, and it can be undone."""

from creators.services.imports.conflicts import conflict_resolve
from creators.services.imports.drafts import (
    FIELDS,
    Preview,
    PreviewRow,
    import_configure,
    import_create,
    import_preview,
    mapping_apply,
    mapping_save,
)
from creators.services.imports.failures import failures_workbook
from creators.services.imports.running import (
    DryRun,
    import_advance,
    import_cancel,
    import_dry_run,
    import_run_inline,
    import_start,
    import_undo,
)
from creators.services.imports.uploading import import_submit, import_upload

__all__ = [
    "FIELDS",
    "DryRun",
    "Preview",
    "PreviewRow",
    "conflict_resolve",
    "failures_workbook",
    "import_advance",
    "import_cancel",
    "import_configure",
    "import_create",
    "import_dry_run",
    "import_preview",
    "import_run_inline",
    "import_start",
    "import_submit",
    "import_undo",
    "import_upload",
    "mapping_apply",
    "mapping_save",
]
