"""Whatever a cell holds, a spreadsheet runs none of it and the import gets it back byte for byte."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outbound_campaigns.audience.exporting.recipients import OF_ALL, OF_FAILED
from outbound_campaigns.audience.exporting.writing import csv_bytes
from outbound_campaigns.audience.reading.cells import guarded, without_guard
from outbound_campaigns.audience.reading.columns import column_names, read_columns
from outbound_campaigns.audience.reading.phone_column import PHONE_NUMBER
from outbound_campaigns.audience.reading.refused import BadFile
from outbound_campaigns.audience.reading.restoring import restored
from outbound_campaigns.domain.export_columns import OF_EXPORTS
from tests.support.csv_reading import read_file

HOSTILE = st.text(st.sampled_from("'=+-@\t\r\n,;|\" \u00a0aé🎉\\%{}\ufeff"), max_size=8)
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=1024) | HOSTILE
OURS = (PHONE_NUMBER, *OF_EXPORTS)


def names_of(texts: list[str]) -> list[str]:
    """Those that may be headers, each once in any case."""
    names: dict[str, str] = {}
    for text in column_names([*texts, "last"]):
        if text and text == column_names([guarded(text), "last"])[0]:
            names.setdefault(text.casefold(), text)
    return [name for name in names.values() if name.casefold() not in OURS]


@given(CELLS)
def test_a_guard_is_taken_off_exactly(cell: str) -> None:
    assert without_guard(guarded(cell)) == cell


@given(CELLS)
def test_no_guarded_cell_is_a_formula(cell: str) -> None:
    assert not re.match("[=+\\-@\t\r]", guarded(cell))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_what_is_written_is_read_again_as_it_was(tmp_path: Path, data: st.DataObject) -> None:
    names = names_of(data.draw(st.lists(CELLS, max_size=4)))
    width = len(names)
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=5))
    path = tmp_path / "export.csv"
    written = [
        [f"+521442000{n:04d}", *map(guarded, cells), *["'=x"] * len(OF_EXPORTS)]
        for n, cells in enumerate(rows)
    ]
    header = [PHONE_NUMBER, *map(guarded, names), *OF_EXPORTS]
    path.write_bytes("\ufeff".encode() + csv_bytes([header, *written]))
    read = read_file(path, variables=[])
    assert read.refused == []
    meant = [list(map(restored, map(guarded, cells))) for cells in rows]
    assert [row.cells for row in read.accepted] == [dict(zip(names, cells, strict=True)) for cells in meant]


@pytest.mark.parametrize("column", [*OF_FAILED, *OF_ALL], ids=lambda column: column.name)
def test_every_column_that_an_export_adds_is_ignored_by_the_import(column: object) -> None:
    assert column.name in OF_EXPORTS  # type: ignore[attr-defined]


def test_an_export_of_the_widest_file_can_be_uploaded() -> None:
    names = [PHONE_NUMBER, *(f"c{n}" for n in range(255)), *OF_EXPORTS]
    assert len(read_columns(names, 0).kept) == 255
    with pytest.raises(BadFile):
        read_columns(["one more", *names], 1)


@pytest.mark.parametrize("name", ["status", "sent_at", "delivered_at", "read_at", "failed_at"])
def test_a_files_own_column_of_a_common_name_is_kept(name: str) -> None:
    assert read_columns([PHONE_NUMBER, name], 0).kept == [1]
