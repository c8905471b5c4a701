"""How much of an upload is taken in before it is looked at."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from core.uploads.checks import MAX_BYTES

MARK = "creator_desk.upload_too_large"


class SizeLimitHandler(FileUploadHandler):
    """Stops a file at the limit, so that nobody fills the disk; the rest of the request is read and dropped, because
    a browser whose upload is cut shows no page. `upload_is_too_large` tells the view.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > MAX_BYTES:
            if self.request is not None:
                self.request.META[MARK] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """The handlers behind this one keep the file."""
        return None


def upload_is_too_large(request: HttpRequest) -> bool:
    """Whether a file of this request was dropped because it passes the limit."""
    return bool(request.META.get(MARK))
