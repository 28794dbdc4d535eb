"""A CSV file in any dress gives the same rows, and nothing is lost between them."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outbound_campaigns.audience.reading.csv_reader import DELIMITERS, open_csv
from outbound_campaigns.audience.reading.refused import BadFile
from outbound_campaigns.audience.reading.restoring import restored
from outbound_campaigns.audience.reading.rows import FileWishes
from tests.audience.reading.conftest import ReadBytes
from tests.support.csv_reading import TWO_PEOPLE, read_file

CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
LINE_ENDS = ("\n", "\r\n", "\r")
LATIN = "aZ09 ,;|'\"\t\n\ráñÑ¿€–=+-@"
FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)

cells = st.text(LATIN, max_size=12)
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8)
)


def written(rows: list[list[str]], delimiter: str = ",", line_end: str = "\n") -> str:
    text = io.StringIO(newline="")
    # With QUOTE_MINIMAL the writer leaves a bare \r unquoted beside other line ends.
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    return text.getvalue()


def guarded(cell: str) -> str:
    """As an export writes it."""
    return "'" + cell if cell.lstrip("'")[:1] in tuple("=+-@\t\r") else cell


def test_the_two_rows_of_the_readme_become_two_recipients(read: ReadBytes) -> None:
    file = read(TWO_PEOPLE)
    assert [row[:4] for row in file.accepted] == [
        (2, "+5214422591631", "524422591631", {"var1": "Juan", "var2": "Promoción Navidad"}),
        (3, "+5214421234567", "524421234567", {"var1": "María", "var2": "Descuento Especial"}),
    ]
    assert (file.encoding, file.delimiter) == ("utf-8", ",")
    assert file.columns == ["phone_number", "var1", "var2"]
    assert file.refused == []


@FILES
@given(tables, st.sampled_from(CODECS), st.sampled_from(DELIMITERS), st.sampled_from(LINE_ENDS))
def test_what_was_written_is_read_back(
    tmp_path: Path, table: list[list[str]], codec: str, delimiter: str, line_end: str
) -> None:
    header = ["phone_number", *(f"column {n}" for n in range(len(table[0])))]
    rows = [[f"442{n:07d}", *map(guarded, row)] for n, row in enumerate(table)]
    path = tmp_path / "file.csv"
    # The euro sign is in each file, so that none of cp1252 passes for UTF-8.
    path.write_bytes(
        written([header, *rows, ["4429999999", *"€" * len(table[0])]], delimiter, line_end).encode(codec)
    )
    read = read_file(path, variables=[])
    meant = [list(map(restored, map(guarded, row))) for row in table]
    assert [list(row.values()) for row in read.cells[:-1]] == meant
    assert (read.delimiter, read.refused) == (delimiter, [])


@FILES
@given(
    st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda tail: b"phone_number,a\n" + tail))
)
def test_no_bytes_are_an_accident(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    try:
        read = read_file(path)
    except BadFile:
        return
    assert all(row.cells.keys() == set(read.columns[1:]) for row in read.accepted)


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\r\n', "SEP=;\n"])
def test_a_line_that_names_the_delimiter_is_obeyed_and_is_no_row(read: ReadBytes, first: str) -> None:
    file = read(first + "phone_number;a\r\n4422591631;x,y\r\n")
    assert file.delimiter == ";"
    assert file.accepted[0].row == 2
    assert file.cells == [{"a": "x,y"}]


def test_headers_are_trimmed_and_matched_without_case(read: ReadBytes) -> None:
    file = read(" Nombre , Phone_Number ,\nAna,4422591631,\n", ["NOMBRE "])
    assert file.columns == ["Nombre", "Phone_Number"]
    assert file.cells == [{"Nombre": "Ana"}]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(read: ReadBytes) -> None:
    file = read('\nphone_number,a\n\n4422591631,"one\ntwo"\n,\n4421234567,b\n  ,\n1,c\n', [])
    assert [row.row for row in file.accepted] == [4, 6]
    assert file.why == [(8, "phone_wrong_length")]


def test_an_export_of_failed_rows_is_taken_as_it_is(read: ReadBytes) -> None:
    file = read(
        "phone_number,a,error_code,error_reason,attempts,last_attempt_at\n+5214422591631,'=1+1,131026,x,3,\n"
    )
    assert file.cells == [{"a": "=1+1"}]
    assert file.accepted[0].phone_number == "+5214422591631"


def test_a_file_without_variables_is_taken(read: ReadBytes) -> None:
    assert [row.phone_key for row in read("phone_number\n4422591631\n").accepted] == ["524422591631"]


def test_chunks_hold_the_rows_asked_for_and_tell_how_far_they_are(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("phone_number,a\n" + "4422591631,x\n" * 25)
    chunks = read_file(path, size=10).chunks
    assert [len(chunk) for chunk in chunks] == [10, 10, 5]
    assert chunks[-1].done == path.stat().st_size


def test_rows_of_enormous_cells_make_smaller_chunks(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("phone_number,a\n" + f"4422591631,{'x' * 100_000}\n" * 25)
    chunks = read_file(path, variables=[]).chunks
    assert [len(chunk) for chunk in chunks] == [11, 11, 3]


def test_a_file_that_is_not_there_is_a_system_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_csv(tmp_path / "gone.csv", FileWishes())
