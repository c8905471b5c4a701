import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import DomainError
from core.uploads.storage import file_path
from tests.factories import make_user
from violations.rules.evidence import evidence_type
from violations.services.evidence import MAX_BYTES, evidence_store, evidence_store_all

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 80
SAMPLES = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0" + b"\0" * 20,
    "image/gif": b"GIF89a" + b"\0" * 20,
    "image/webp": b"RIFF\0\0\0\0WEBPVP8 ",
    "application/pdf": b"%PDF-1.7\n",
    "video/mp4": b"\0\0\0\x20ftypisom\0\0\0\0",
    "video/quicktime": b"\0\0\0\x14ftypqt  \0\0\0\0",
    "video/webm": b"\x1a\x45\xdf\xa3" + b"\0" * 10 + b"\x42\x82\x84webm",
}
OTHERS = [
    b"",
    b"<svg xmlns='http://www.w3.org/2000/svg'>",
    b"<!doctype html><script>",
    b"PK\x03\x04",
    b"RIFF\0\0\0\0WAVEfmt ",
    b"GIF88a",
    b"\0\0\0\x18ftypheic\0\0\0\0",
    b"\x1a\x45\xdf\xa3" + b"\0" * 10 + b"\x42\x82\x88matroska",
]


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_type_is_what_the_content_is(kind):
    assert evidence_type(SAMPLES[kind]) == kind


@pytest.mark.parametrize("head", OTHERS)
def test_other_contents_have_no_type(head):
    assert evidence_type(head) is None


def upload(content: bytes, name: str = "shot.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.mark.django_db
def test_evidence_is_stored_by_content_and_expires(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    stored = evidence_store(upload=upload(PNG, "shot.html"), by=make_user("ops"))

    assert (stored.content_type, stored.name) == ("image/png", "shot.html")
    assert stored.expires_at is not None
    assert file_path(stored).read_bytes() == PNG


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "code"), [(b"", "evidence_empty"), (b"<script>alert(1)</script>", "evidence_type_unknown")]
)
def test_what_proves_nothing_is_refused(content, code):
    with pytest.raises(DomainError) as refused:
        evidence_store(upload=upload(content), by=make_user("ops"))
    assert refused.value.code == code


@pytest.mark.django_db
def test_more_than_50_mb_is_refused():
    big = upload(PNG)
    big.size = MAX_BYTES + 1

    with pytest.raises(DomainError) as refused:
        evidence_store(upload=big, by=make_user("ops"))

    assert refused.value.code == "evidence_too_large"
    assert "52.4 MB" in str(refused.value)


@pytest.mark.django_db
def test_several_files_are_kept_and_the_bad_ones_named(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    stored, problems = evidence_store_all(uploads=[upload(PNG), upload(b"hello", "note.txt")], by=make_user("ops"))

    assert [file.name for file in stored] == ["shot.png"]
    assert len(problems) == 1
    assert "note.txt" in problems[0]
