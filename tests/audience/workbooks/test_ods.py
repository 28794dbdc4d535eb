"""An ODS gives the text that each of its cells shows."""

import pytest

from outbound_campaigns.audience.reading.refused import BadFile
from tests.audience.workbooks.conftest import Folder
from tests.support.workbooks import ods


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def table(rows: str, name: str = "Hoja1", style: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{rows}</table:table>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


HEADER = row(cell("phone_number"), cell("nombre"))


def test_cells_come_as_they_are_shown(folder: Folder) -> None:
    made = ods(
        table(
            HEADER
            + row(
                cell("4422591631"),
                cell("$1,500.00", 'office:value-type="currency" office:value="1500"'),
            )
            + row(cell("4.42E+09", 'office:value-type="float" office:value="4422591631"'), cell("Luis"))
            + row(cell("442<text:s text:c='2'/>123<text:tab/>"), cell("a</text:p><text:p>b"))
        )
    )
    assert folder.convert(made) == [
        ["phone_number", "nombre"],
        ["4422591631", "$1,500.00"],
        ["4422591631", "Luis"],
        ["442  123\t", "a\nb"],
    ]


def test_what_is_repeated_is_there_as_often(folder: Folder) -> None:
    many = 'table:number-rows-repeated="2"'
    made = ods(
        table(
            HEADER
            + row(cell("", 'table:number-columns-repeated="1024"'), more='table:number-rows-repeated="3"')
            + row(cell("x", 'table:number-columns-repeated="2"'), more=many)
            + row(
                cell("", 'table:number-columns-repeated="1024"'), more='table:number-rows-repeated="1048570"'
            )
        )
    )
    assert folder.convert(made) == [["phone_number", "nombre"], [], [], [], ["x", "x"], ["x", "x"]]


def test_a_note_beside_a_cell_is_not_its_text(folder: Folder) -> None:
    noted = (
        "<table:table-cell><office:annotation><text:p>ojo</text:p></office:annotation><text:p>Ana</text:p>"
    )
    made = ods(table(HEADER + row(cell("4422591631"), f"{noted}</table:table-cell>")))
    assert folder.convert(made)[1] == ["4422591631", "Ana"]


def test_hidden_sheets_are_not_offered(folder: Folder) -> None:
    style = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    made = ods(
        table(HEADER + row(cell("1"), cell("a"))) + table(HEADER, "Oculta", "ta2"), automatic_styles=style
    )
    assert folder.convert(made)[1] == ["1", "a"]
    assert folder.last == ("Hoja1", ["Hoja1"])


def test_a_password_is_told(folder: Folder) -> None:
    locked = '<manifest:file-entry><manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>'
    with pytest.raises(BadFile) as refused:
        folder.convert(ods("", manifest=locked))
    assert refused.value.code == "workbook_locked"
