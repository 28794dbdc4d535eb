"""The encoding is found by looking at the whole file; a damaged place costs its own row alone."""

import io

import pytest

from outbound_campaigns.audience.reading.encodings import BLOCK, find_encoding
from tests.audience.reading.conftest import ReadBytes
from tests.support.csv_reading import TWO_PEOPLE


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_same_text_is_found_in_every_encoding(read: ReadBytes, codec: str) -> None:
    file = read(TWO_PEOPLE.encode(codec))
    assert file.encoding == codec
    assert file.cells[0] == {"var1": "Juan", "var2": "Promoción Navidad"}


def test_utf_16_without_a_mark_is_found_among_letters_that_are_not_latin(read: ReadBytes) -> None:
    file = read(("phone_number,a\n" + "4422591631,漢字漢字漢字漢字漢字漢字\n" * 50).encode("utf-16-be"))
    assert (file.encoding, file.cells[0]) == ("utf-16-be", {"a": "漢字漢字漢字漢字漢字漢字"})


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_found_by_its_zeros_alone(codec: str) -> None:
    assert find_encoding(io.BytesIO("telefono,a\n4422591631,x\n".encode(codec))) == codec


def test_one_accent_at_the_end_of_a_large_file_decides() -> None:
    plain = b"4422591631,x\n" * 200_000
    assert find_encoding(io.BytesIO(plain + "é".encode("cp1252") + b"\n")) == "cp1252"
    assert find_encoding(io.BytesIO(plain + "é".encode())) == "utf-8"


def test_a_letter_cut_by_the_edge_of_a_block_is_whole() -> None:
    assert find_encoding(io.BytesIO(b"x" * (BLOCK - 1) + "é".encode() + b"x" * BLOCK)) == "utf-8"


def test_a_file_that_ends_inside_a_letter_is_not_utf_8() -> None:
    assert find_encoding(io.BytesIO(b"phone_number,a\n4422591631,\xc3")) == "cp1252"


def test_damage_in_a_utf_8_file_costs_its_own_row_and_no_other_accent(read: ReadBytes) -> None:
    content = "phone_number,a\n4422591631,José\n4421234567,Ram?n\n4421234568,Íñigo\n".encode()
    file = read(content.replace(b"?", b"\xf3"))
    assert file.flaws == [(3, "flaw_unreadable", "a")]
    assert [cells["a"] for cells in file.cells] == ["José", "Ram\ufffdn", "Íñigo"]


def test_a_byte_that_cp1252_does_not_know_costs_its_own_row(read: ReadBytes) -> None:
    file = read(b"phone_number,a\n4422591631,Jos\xe9\n4421234567,\x81\n")
    assert file.encoding == "cp1252"
    assert file.flaws == [(3, "flaw_unreadable", "a")]


def test_a_lone_surrogate_costs_its_own_row(read: ReadBytes) -> None:
    content = "phone_number,a\n4422591631,x\n4421234567,\ud800y\n".encode("utf-16", "surrogatepass")
    assert read(content).flaws == [(3, "flaw_unreadable", "a")]
