"""Files of cases, always as attachments, for ops and the shop that the entry came from."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.states import Permission
from core.http import require
from core.models import StoredFile
from core.uploads.storage import file_open
from violations.selectors.cases import evidence_shown, proofs_shown


@require_safe
@require(Permission.VIOLATION_VIEW)
def evidence_download(request: UserRequest, pk: int) -> FileResponse:
    """A file that proves an entry."""
    return _attachment(get_object_or_404(evidence_shown(request.user), pk=pk).file)


@require_safe
@require(Permission.VIOLATION_VIEW)
def notice_proof(request: UserRequest, pk: int) -> FileResponse:
    """What proves that a notice was handed over."""
    proof = get_object_or_404(proofs_shown(request.user), pk=pk).proof
    assert proof is not None  # noqa: S101 - proofs_shown has none without
    return _attachment(proof)


def _attachment(file: StoredFile) -> FileResponse:
    """The file under the type that its content has; a browser that opens it anyway runs nothing in it."""
    response = FileResponse(file_open(file), as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
