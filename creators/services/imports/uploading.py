"""A list arrives: its file is kept and looked into; a file that cannot be used leaves nothing behind."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Shop, User
from core.errors import DomainError
from core.models import StoredFile
from core.uploads.checks import sniff
from core.uploads.storage import file_forget, file_store
from creators.models import Import, ImportMapping
from creators.services.imports.drafts import import_configure, import_create, mapping_apply
from creators.services.imports.running import import_start


def import_upload(*, by: User | None, upload: "UploadedFile[bytes]", shop: Shop | None = None) -> Import:
    """Keep an uploaded file and return its draft, for a person to look at.

    Raises the DomainErrors of `file_store` and `import_create`; nothing is kept then, neither rows nor bytes.
    """
    return import_submit(by=by, upload=upload, shop=shop, start=False)


def import_submit(
    *,
    by: User | None,
    upload: "UploadedFile[bytes] | None" = None,
    path: Path | None = None,
    shop: Shop | None = None,
    sheet: str = "",
    mapping: ImportMapping | None = None,
    settings: dict[str, Any] | None = None,
    start: bool = True,
) -> Import:
    """Keep an upload, or the file at `path`, read it as a saved mapping and `settings` (the arguments of
    `import_configure`) say, and start it. Returns the import.

    Raises the DomainErrors of `file_store`, `import_create`, `mapping_apply`, `import_configure` and `import_start`;
    nothing is kept then, neither rows nor bytes.
    """
    if path is not None:
        # Before a copy is made of what may be a film.
        sniff(path)
    name = upload.name if upload is not None else path.name if path is not None else ""
    content_type = upload.content_type if upload is not None else ""
    stored: StoredFile | None = None
    try:
        with transaction.atomic():
            stored = file_store(name=name or "list", content_type=content_type or "", by=by, upload=upload, path=path)
            draft = import_create(file=stored, by=by, shop=shop, sheet=sheet)
            if mapping is not None:
                mapping_apply(draft, mapping)
                draft.save()
            if settings:
                draft = import_configure(source_import=draft, by=by, **settings)
            if start:
                import_start(source_import=draft, by=by)
    except DomainError:
        if stored is not None:
            file_forget(sha256=stored.sha256)
        raise
    return draft
