"""Files that prove something: checked by content, kept under their SHA-256, swept when nothing takes them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from core.models import StoredFile
from core.ui import format_bytes
from core.uploads.storage import file_store
from violations.rules.evidence import HEAD, evidence_type

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_BYTES = 50 * 1024 * 1024
# An upload that no entry, appeal or blacklist entry has taken by then goes.
UNUSED_FOR = timedelta(days=1)


def evidence_store(*, upload: "UploadedFile[bytes]", by: User | None) -> StoredFile:
    """Store an image, a PDF or a video; whoever takes it clears its `expires_at`.

    The content type is what the content is, whatever the name says. Raises DomainError `evidence_empty`,
    `evidence_too_large`, `evidence_type_unknown`, `disk_full`.
    """
    if not upload.size:
        raise _refusal("evidence_empty", _("The file is empty. Choose another one."))
    if upload.size > MAX_BYTES:
        text = _("%(name)s has %(size)s; the limit is 50 MB. Cut the video or send a link to it.")
        raise _refusal("evidence_too_large", text % {"name": upload.name, "size": format_bytes(upload.size)})
    upload.seek(0)
    kind = evidence_type(upload.read(HEAD))
    upload.seek(0)
    if kind is None:
        text = _("%(name)s is no image, PDF or video. PNG, JPEG, WebP, GIF, PDF, MP4, MOV and WebM are taken.")
        raise _refusal("evidence_type_unknown", text % {"name": upload.name})
    return file_store(
        name=upload.name or "evidence",
        content_type=kind,
        by=by,
        upload=upload,
        expires_at=timezone.now() + UNUSED_FOR,
    )


def evidence_store_all(
    *, uploads: "Sequence[UploadedFile[bytes]]", by: User | None
) -> tuple[list[StoredFile], list[str]]:
    """Store those that can be; returns them, and what is wrong with each of the others."""
    stored: list[StoredFile] = []
    problems: list[str] = []
    for upload in uploads:
        try:
            stored.append(evidence_store(upload=upload, by=by))
        except DomainError as error:
            problems.append(str(error))
    return stored, problems


def _refusal(code: str, text: str) -> DomainError:
    return DomainError(code, text, fields={"evidence": text})
