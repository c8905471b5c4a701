"""A list arrives: its file is kept and looked into; a file that cannot be used leaves nothing behind."""

from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Shop, User
from core.errors import DomainError
from core.models import StoredFile
from core.uploads.checks import sniff
from core.uploads.storage import file_forget, file_store
from creators.models import Import
from creators.services.imports.drafts import import_create


def import_upload(
    *,
    by: User | None,
    upload: UploadedFile | None = None,
    path: Path | None = None,
    shop: Shop | None = None,
    sheet: str = "",
) -> Import:
    """Keep an uploaded file, or the one at `path`, and return its draft.

    Raises the DomainErrors of `file_store` and `import_create`; nothing is kept then, neither rows nor bytes.
    """
    if path is not None:
        sniff(path)
    name = upload.name if upload is not None else path.name if path is not None else ""
    content_type = upload.content_type if upload is not None else ""
    stored: StoredFile | None = None
    try:
        with transaction.atomic():
            stored = file_store(name=name or "list", content_type=content_type or "", by=by, upload=upload, path=path)
            return import_create(file=stored, by=by, shop=shop, sheet=sheet)
    except DomainError:
        if stored is not None:
            file_forget(sha256=stored.sha256)
        raise
