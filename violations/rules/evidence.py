"""What a file is by its first bytes; names and headers of a browser are not believed."""

HEAD = 64
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
EBML = b"\x1a\x45\xdf\xa3"
QUICKTIME = b"qt  "
# Brands of ISO media that are videos; HEIC and AVIF images have the same box.
MP4 = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"avc1", b"mp41", b"mp42", b"M4V ", b"MSNV", b"dash", b"3gp")


def evidence_type(head: bytes) -> str | None:
    """The content type of an image, a PDF or a video that may serve as evidence; None for everything else.

    `head` holds the first 64 bytes.
    """
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(EBML) and b"webm" in head:
        return "video/webm"
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "video/quicktime" if brand == QUICKTIME else "video/mp4" if brand.startswith(MP4) else None
    return None
