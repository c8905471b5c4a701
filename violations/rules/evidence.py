"""What a file is by its first bytes; names and headers of a browser are not believed."""

HEAD = 64
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)
QUICKTIME = b"qt  "


def evidence_type(head: bytes) -> str | None:
    """The content type of an image, a PDF or a video that may serve as evidence; None for everything else."""
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == QUICKTIME else "video/mp4"
    return None
