"""A file that can't be imported is refused as a whole, with what is wrong and where."""

from pathlib import Path
from typing import Any

import pytest

from outbound_campaigns.domain.row_refusals import FileCode, file_sentence
from tests.support.csv_reading import read_file, refusal


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", FileCode.FILE_EMPTY),
        (b"\n\n \n", FileCode.FILE_EMPTY),
        (b"\xef\xbb\xbf", FileCode.FILE_EMPTY),
        (b"\xff\xfe", FileCode.FILE_EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3", FileCode.FILE_IS_PDF),
        (b"PK\x03\x04\x14\x00", FileCode.FILE_IS_WORKBOOK),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", FileCode.FILE_IS_WORKBOOK),
        (b"\x89PNG\r\n", FileCode.FILE_IS_BINARY),
        (bytes(range(256)) * 4, FileCode.FILE_IS_BINARY),
        (b"some\x02thing,that is not quite a text\n", FileCode.FILE_IS_BINARY),
        (b"name,phone_number,Phone_Number\n", FileCode.COLUMN_TWICE),
        (b"phone_number,Var,var\n", FileCode.COLUMN_TWICE),
        (b",phone_number\n0,4422591631\n", FileCode.COLUMN_WITHOUT_NAME),
        (b"x" * 200_000, FileCode.HEADER_TOO_LARGE),
        (b'"phone_number,a\n4422591631,x\n', FileCode.QUOTE_NOT_CLOSED),
    ],
)
def test_what_is_no_usable_csv_is_refused(tmp_path: Path, content: bytes, code: FileCode) -> None:
    assert refusal(tmp_path / "file", content).code is code


def test_without_a_phone_number_column_the_refusal_names_what_was_found(tmp_path: Path) -> None:
    refused = refusal(tmp_path / "file", b"correo;nombre\nana@example.com;Ana\n")
    assert refused.code is FileCode.NO_PHONE_COLUMN
    assert refused.choices == {"columns": ["correo", "nombre"]}
    assert "correo, nombre" in file_sentence({"code": refused.code, **refused.values}).text()


@pytest.mark.parametrize("missing", ["apellido", "phone_number", "attempts"])
def test_a_used_column_that_the_file_lacks_flaws_its_rows(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"phone_number,nombre,attempts\n4422591631,Ana,1\n")
    assert read_file(path, ["Nombre", missing]).flaws == [(2, "flaw_column_missing", missing)]


@pytest.mark.parametrize(
    ("header", "usage"),
    [
        (b"phone_number,nombre,Nota,Nota\n", {"variables": ["nombre"]}),
        (b"phone_number,nombre,nota,NOTA\n", {"variables": ["nombre"]}),
        (b"phone_number,nombre,,Nota\n", {"variables": ["nombre", "Nota"]}),
        (b",phone_number,nombre\n", {"variables": ["nombre"]}),
        (b"phone_number,nota,nota\n", {"variables": []}),
        (b"phone_number,attempts,attempts\n", {"variables": []}),
    ],
)
def test_a_column_that_nothing_uses_refuses_no_file(tmp_path: Path, header: bytes, usage: Any) -> None:
    path = tmp_path / "file"
    path.write_bytes(header + b"x,x,x,x\n")
    read_file(path, **usage)


@pytest.mark.parametrize(
    ("header", "usage"),
    [
        (b"phone_number,nota,Nota\n", {"variables": ["Nota"]}),
        (b"phone_number,nota,phone_number\n", {"variables": ["nota"]}),
    ],
)
def test_a_used_column_that_is_there_twice_refuses_the_file(
    tmp_path: Path, header: bytes, usage: Any
) -> None:
    assert refusal(tmp_path / "file", header, **usage).code is FileCode.COLUMN_TWICE


def test_more_columns_than_any_template_needs_are_refused(tmp_path: Path) -> None:
    header = ",".join(["phone_number", *(f"c{n}" for n in range(300))])
    refused = refusal(tmp_path / "file", header.encode())
    assert (refused.code, refused.values["count"]) == (FileCode.TOO_MANY_COLUMNS, 301)


@pytest.mark.parametrize("rows", [3, 20_000])
def test_a_quote_that_is_never_closed_is_named_with_its_place(tmp_path: Path, rows: int) -> None:
    content = 'phone_number,a,b\n4422591631,x,y\n4421234567,"Juan,z\n' + "4421234568,x,y\n" * rows
    refused = refusal(tmp_path / "file", content.encode())
    assert refused.code is FileCode.QUOTE_NOT_CLOSED
    assert (refused.values["row"], refused.values["column"]) == (3, 2)
    assert str(refused.values["value"]).startswith("Juan,z")


def test_an_enormous_cell_with_line_breaks_is_refused_with_its_beginning(tmp_path: Path) -> None:
    content = b'phone_number,a\n4422591631,"' + b"x" * 200_000 + b'\nmore"\n4421234567,y\n'
    refused = refusal(tmp_path / "file", content)
    assert (refused.code, refused.values["row"]) == (FileCode.QUOTE_NOT_CLOSED, 2)
    assert refused.values["value"] == "x" * 200
