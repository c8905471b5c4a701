"""Stored files: the same bytes once, under a name that nothing can overwrite."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import Settings

from core.errors import DomainError
from core.models import StoredFile
from core.uploads.storage import file_forget, file_open, file_path, file_store, files_sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def stored(content: bytes = b"abc", name: str = "../list.csv", **options: object) -> StoredFile:
    upload = SimpleUploadedFile(name, content)
    return file_store(name=name, content_type="text/csv", by=None, upload=upload, **options)


def test_file_store_keeps_the_bytes_under_their_hash() -> None:
    kept = stored()
    assert (kept.name, kept.size) == ("list.csv", 3)
    with file_open(kept) as source:
        assert source.read() == b"abc"
    assert file_path(kept).name == kept.sha256


def test_file_store_keeps_the_same_bytes_once(media: Path) -> None:
    stored()
    stored()
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_file_store_on_a_full_disk(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_text("no folder")
    with pytest.raises(DomainError) as refusal:
        stored()
    assert refusal.value.code == "disk_full"
    assert not StoredFile.objects.exists()


def test_file_open_of_a_file_that_is_gone() -> None:
    kept = stored()
    file_path(kept).unlink()
    with pytest.raises(DomainError) as refusal:
        file_open(kept)
    assert refusal.value.code == "file_gone"


def test_file_forget_leaves_bytes_that_a_row_names() -> None:
    kept = stored()
    file_forget(sha256=kept.sha256)
    assert file_path(kept).exists()
    kept.delete()
    file_forget(sha256=kept.sha256)
    assert not file_path(kept).exists()


def test_files_sweep_removes_what_has_expired() -> None:
    past = timezone.now() - timedelta(minutes=1)
    expired, kept = stored(b"old", expires_at=past), stored(b"new")
    assert files_sweep() == 1
    assert not file_path(expired).exists()
    assert list(StoredFile.objects.all()) == [kept]
