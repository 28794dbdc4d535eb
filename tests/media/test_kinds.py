"""A file is what its content says, whatever it is called; only a few kinds are taken."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.media.kinds import BY_ENDING, recognize
from tests.support.media_files import OTHERS, TAKEN, office


@pytest.mark.parametrize("ending", TAKEN)
def test_what_whatsapp_takes_is_told_by_its_content(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(TAKEN[ending])
    assert recognize(path) is BY_ENDING[ending]


@pytest.mark.parametrize("name", OTHERS)
def test_everything_else_is_none_of_them(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(OTHERS[name])
    assert recognize(path) is None


def test_a_zip_that_says_it_has_more_parts_than_any_document_is_not_opened(tmp_path: Path) -> None:
    path, content = tmp_path / "x", bytearray(office("word"))
    at = content.rfind(b"PK\x05\x06")
    content[at + 10 : at + 12] = struct.pack("<H", 60_000)
    path.write_bytes(content)
    assert recognize(path) is None


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]))
def test_garbage_is_none_of_them_and_breaks_nothing(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, head: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "garbage"
    path.write_bytes(head + content)
    found = recognize(path)
    assert found is None or head == b""
