"""Files of the data folder: read anew when they change, and nothing from elsewhere."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot_config.problems import BotConfigBroken, SourceUnavailable
from bot_config.refusal import Refusal
from bot_config.sources import LARGEST_FILE, FolderSource
from tests.support.data_folder import Clock, DataFolder

SECRET = "nobody's business"


def _age(file: Path, seconds: float) -> None:
    os.utime(file, (seconds, seconds))


def test_a_file_is_read_by_its_path_from_the_data_folder_on(folder: DataFolder) -> None:
    folder.write("bots/demo-bot/bot.config.json", "text")
    assert FolderSource(folder.path).read("bots/demo-bot/bot.config.json") == "text"


def test_a_file_that_is_not_there_has_no_text(folder: DataFolder) -> None:
    source = FolderSource(folder.path)
    folder.write("file", "text")
    assert [source.read("none"), source.read("file/none"), source.read("x" * 300)] == [None, None, None]


def test_a_byte_order_mark_is_dropped(folder: DataFolder) -> None:
    folder.write("file", "\ufefftext")
    assert FolderSource(folder.path).read("file") == "text"


def test_a_changed_file_is_read_anew(folder: DataFolder) -> None:
    _age(folder.write("file", "old"), 100)
    source = FolderSource(folder.path)
    assert source.read("file") == "old"
    _age(folder.write("file", "new"), 200)
    assert source.read("file") == "new"


def test_an_unchanged_file_is_not_read_again(folder: DataFolder) -> None:
    _age(folder.write("file", "old"), 100)
    source = FolderSource(folder.path, now=Clock(1_000))
    assert source.read("file") == "old"
    _age(folder.write("file", "new"), 100)
    assert source.read("file") == "old"


def test_a_file_written_twice_within_one_tick_of_the_clock_is_read_anew(folder: DataFolder) -> None:
    _age(folder.write("file", "old"), 1_000)
    source = FolderSource(folder.path, now=Clock(1_000.5))
    assert source.read("file") == "old"
    _age(folder.write("file", "new"), 1_000)
    assert source.read("file") == "new"


def test_a_file_replaced_by_another_is_read_anew(folder: DataFolder) -> None:
    file = folder.write("file", "old")
    other = folder.write("other", "new")
    _age(file, 100)
    _age(other, 100)
    source = FolderSource(folder.path, now=Clock(1_000))
    assert source.read("file") == "old"
    other.replace(file)
    assert source.read("file") == "new"


def test_a_removed_file_has_no_text_any_more(folder: DataFolder) -> None:
    file = folder.write("file", "text")
    source = FolderSource(folder.path)
    assert source.read("file") == "text"
    file.unlink()
    assert source.read("file") is None


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "bots/../../secret", "a\0b", "a\ud800b"])
def test_a_path_out_of_the_data_folder_is_refused(folder: DataFolder, path: str) -> None:
    folder.path.mkdir()
    (folder.path.parent / "secret").write_text(SECRET)
    with pytest.raises(BotConfigBroken, match="outside"):
        FolderSource(folder.path).read(path)


def test_a_link_out_of_the_data_folder_is_refused(folder: DataFolder) -> None:
    folder.path.mkdir()
    (folder.path.parent / "secret").write_text(SECRET)
    (folder.path / "link").symlink_to("../secret")
    with pytest.raises(BotConfigBroken, match=r"file\.outside: data/link"):
        FolderSource(folder.path).read("link")


def test_a_link_within_the_data_folder_is_followed(folder: DataFolder) -> None:
    folder.write("versions/2/file", "text")
    (folder.path / "current").symlink_to("versions/2")
    assert FolderSource(folder.path).read("current/file") == "text"


def test_the_data_folder_itself_may_be_a_link(folder: DataFolder) -> None:
    folder.write("file", "text")
    link = folder.path.parent / "link"
    link.symlink_to(folder.path)
    assert FolderSource(link).read("file") == "text"


@pytest.fixture(scope="module")
def fenced(tmp_path_factory: pytest.TempPathFactory) -> FolderSource:
    """A data folder with a secret beside it, and a link that leads there."""
    place = tmp_path_factory.mktemp("fenced")
    (place / "secret").write_text(SECRET)
    (place / "data" / "bots").mkdir(parents=True)
    (place / "data" / "bots" / "file").write_text("public")
    (place / "data" / "up").symlink_to(place)
    return FolderSource(place / "data")


_PARTS = st.one_of(
    st.sampled_from(["..", ".", "", "up", "bots", "file", "data", "secret"]), st.text(max_size=3)
)


@settings(deadline=None)
@given(path=st.lists(_PARTS, max_size=8).map("/".join))
def test_no_path_reads_what_lies_outside(fenced: FolderSource, path: str) -> None:
    try:
        text = fenced.read(path)
    except Refusal:
        return
    assert text in (None, "public")


MISHAPS: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "not text": lambda file: file.write_bytes(b"\xff\xfe"),
    "huge": lambda file: file.write_bytes(bytes(LARGEST_FILE + 1)),
}
CODES = {"a folder": "not_regular", "a pipe": "not_regular", "not text": "not_text", "huge": "too_large"}


@pytest.mark.parametrize("mishap", MISHAPS)
def test_what_is_no_text_file_is_refused(folder: DataFolder, mishap: str) -> None:
    folder.path.mkdir()
    MISHAPS[mishap](folder.path / "file")
    with pytest.raises(BotConfigBroken, match=rf"file\.{CODES[mishap]}: data/file"):
        FolderSource(folder.path).read("file")


def test_a_file_that_the_system_does_not_let_us_read_is_unavailable(folder: DataFolder) -> None:
    folder.path.mkdir()
    (folder.path / "loop").symlink_to("loop")
    with pytest.raises(SourceUnavailable, match="symbolic links"):
        FolderSource(folder.path).read("loop")
