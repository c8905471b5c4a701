"""Stored files: under MEDIA_ROOT by their SHA-256, so the same bytes are kept once and nothing overwrites them."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.models import StoredFile

BLOCK = 1 << 20


def file_store(
    *,
    name: str,
    content_type: str,
    by: Any,
    upload: UploadedFile | None = None,
    path: Path | None = None,
    expires_at: datetime | None = None,
) -> StoredFile:
    """Copy an upload or a finished file into the store and return its row.

    The bytes are on disk under their final name before the row exists; a crash leaves at most a file without a row,
    which the next file with the same bytes uses. Raises DomainError `disk_full`.
    """
    if upload is None and path is None:
        raise ValueError("file_store needs an upload or a path")
    blocks = upload.chunks(BLOCK) if upload is not None else _blocks(Path(path or ""))
    try:
        digest, size = _write(blocks)
    except OSError as error:
        raise DomainError("disk_full", _("The file could not be stored: the disk is full or read-only.")) from error
    return StoredFile.objects.create(
        sha256=digest,
        name=Path(name).name[:255] or "file",
        content_type=content_type[:100],
        size=size,
        uploaded_by=by,
        uploaded_at=timezone.now(),
        expires_at=expires_at,
    )


def file_path(stored: StoredFile) -> Path:
    """Where the bytes of a stored file are."""
    return _place(stored.sha256)


def file_open(stored: StoredFile) -> BinaryIO:
    """The bytes of a stored file. Raises DomainError `file_gone` when they are not there any more."""
    try:
        return file_path(stored).open("rb")
    except FileNotFoundError as error:
        raise DomainError("file_gone", _("This file is no longer kept. Create it again."), status=410) from error


def files_sweep() -> int:
    """Remove files whose time is over; returns how many rows went."""
    expired = list(StoredFile.objects.filter(expires_at__lt=timezone.now())[:1000])
    for stored in expired:
        stored.delete()
        file_forget(sha256=stored.sha256)
    return len(expired)


def file_forget(*, sha256: str) -> None:
    """Remove bytes that no row names; called after the row is gone."""
    if not StoredFile.objects.filter(sha256=sha256).exists():
        _place(sha256).unlink(missing_ok=True)


def _place(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def _blocks(path: Path) -> Iterable[bytes]:
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            yield block


def _write(blocks: Iterable[bytes]) -> tuple[str, int]:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, temporary = tempfile.mkstemp(dir=root, prefix=".incoming-")
    try:
        with os.fdopen(descriptor, "wb") as target:
            for block in blocks:
                digest.update(block)
                size += len(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        place = _place(digest.hexdigest())
        place.parent.mkdir(exist_ok=True)
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size
