"""An upload is on the disk, whole, under a name of our own, or not at all."""

import io
import stat
from pathlib import Path

import pytest

from outbound_campaigns.audience.importing import spool
from outbound_campaigns.domain.refusals.request import FileNotStored, FileTooLarge


class Broken(io.BytesIO):
    """A connection that ends in mid-file."""

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(10)
        if not block:
            raise EOFError
        return block


def test_an_upload_is_copied_whole_and_only_we_can_read_it(tmp_path: Path) -> None:
    spooled = spool(io.BytesIO(b"x" * 1_000_000), tmp_path / "uploads", 1_000_000)
    assert spooled.path.read_bytes() == b"x" * 1_000_000
    assert spooled.size == 1_000_000
    assert stat.S_IMODE(spooled.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(spooled.path.parent.stat().st_mode) == 0o700


def test_two_uploads_never_share_a_file(tmp_path: Path) -> None:
    assert spool(io.BytesIO(b"a"), tmp_path, 10).path != spool(io.BytesIO(b"b"), tmp_path, 10).path


def test_an_upload_that_is_too_large_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge) as refused:
        spool(io.BytesIO(b"x" * 2_000_001), tmp_path, 2_000_000)
    assert refused.value.values == {"most": 2}
    assert list(tmp_path.iterdir()) == []


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(EOFError):
        spool(Broken(b"x" * 25), tmp_path, 100)
    assert list(tmp_path.iterdir()) == []


def test_what_the_disk_does_not_take_is_refused_in_words_and_its_reason_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "uploads").write_text("no folder")
    with pytest.raises(FileNotStored) as refused:
        spool(io.BytesIO(b"x"), tmp_path / "uploads", 100)
    assert "disco lleno" in refused.value.text("es")
    assert "EEXIST" in caplog.text
