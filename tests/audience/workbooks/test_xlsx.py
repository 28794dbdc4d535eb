"""An XLSX gives the rows that a person sees in it, whichever program wrote it."""

import pytest

from outbound_campaigns.audience.reading.refused import BadFile
from outbound_campaigns.audience.workbooks.xlsx import column
from tests.audience.workbooks.conftest import Folder
from tests.support.workbooks import raw_xlsx, xlsx

HEADER = ["phone_number", "nombre"]


def test_cells_come_as_they_are_shown(folder: Folder) -> None:
    rows = [
        ["phone_number", "folio", "fecha", "monto", "socio"],
        [4422591631, 123, 45992, 1500, True],
        ["442 123 4567", 7, 45992.5, 0.5, False],
    ]
    made = xlsx({"Clientes": rows}, {1: "00000", 2: "dd/mm/yyyy", 3: '"$"#,##0.00'})
    assert folder.convert(made) == [
        ["phone_number", "folio", "fecha", "monto", "socio"],
        ["4422591631", "00123", "01/12/2025", "$1,500.00", "VERDADERO"],
        ["442 123 4567", "00007", "01/12/2025", "$0.50", "FALSO"],
    ]


def test_rows_keep_the_numbers_that_people_see(folder: Folder) -> None:
    rows = [[], HEADER, ["4422591631", "Ana"], [], ["4421234567", "Luis"]]
    assert folder.convert(xlsx({"Hoja1": rows})) == [
        [],
        HEADER,
        ["4422591631", "Ana"],
        [],
        ["4421234567", "Luis"],
    ]


def test_cells_that_are_missing_at_the_end_of_a_row_are_empty(folder: Folder) -> None:
    rows = [[*HEADER, "promo"], ["4422591631"], [None, "Ana", None]]
    assert folder.convert(xlsx({"Hoja1": rows}))[1:] == [["4422591631", "", ""], ["", "Ana", ""]]


def test_letters_lines_and_what_looks_like_a_formula_stay(folder: Folder) -> None:
    texts = ["Peña 🎄", "una\ndos", '="00123"', "'=x", "a;b,c\t", "a_x000D_b"]
    found = folder.convert(xlsx({"Hoja1": [["phone_number"], *[[text] for text in texts[:2]]]}))
    assert [row[0] for row in found[1:]] == texts[:2]
    strings = "".join(f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>' for text in texts[2:])
    found = folder.convert(raw_xlsx(strings))
    assert [row[0] for row in found] == ['\'="00123"', "''=x", "a;b,c\t", "a\rb"]


def test_errors_and_formulas_without_a_value_are_told_as_such(folder: Folder) -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>phone_number</t></is></c></row>'
        '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>'
        '<row r="3"><c r="A3"><f>B1&amp;C1</f><v></v></c></row>'
        '<row r="4"><c r="A4"><f>1+1</f><v>2</v></c></row>'
        '<row r="5"><c r="A5" t="str"><f>TEXT(1,"0")</f><v>1</v></c></row>'
    )
    assert [row[0] for row in folder.convert(raw_xlsx(cells))[1:]] == ["#N/A", "'=(B1&C1)", "2", "1"]


def test_other_writers_use_prefixes_rich_texts_and_no_references(folder: Folder) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>phone_number</x:t>'
        '</x:is></x:c></x:row><x:row><x:c t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    strings = (
        f'<sst xmlns="{main}"><si><r><t>442</t></r><r><t xml:space="preserve"> 259</t></r>'
        "<rPh><t>x</t></rPh></si></sst>"
    )
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = (
        f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relations}/worksheet" '
        f'Target="/xl/worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{relations}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>'
    )
    parts = {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": strings,
        "xl/_rels/workbook.xml.rels": rels,
    }
    assert folder.convert(raw_xlsx("", more=parts)) == [["phone_number"], ["442 259"]]


def test_the_only_sheet_with_rows_is_read(folder: Folder) -> None:
    made = xlsx({"Notas": [], "Clientes": [HEADER, ["4422591631", "Ana"]]})
    assert folder.convert(made) == [HEADER, ["4422591631", "Ana"]]
    assert folder.last == ("Clientes", ["Notas", "Clientes"])


def test_of_several_sheets_the_owner_says_which(folder: Folder) -> None:
    made = xlsx({"Norte": [HEADER, ["4422591631", "Ana"]], "Sur": [HEADER, ["4421234567", "Luis"]]})
    with pytest.raises(BadFile) as refused:
        folder.convert(made)
    assert refused.value.code == "several_sheets"
    assert refused.value.values == {"sheets": "Norte, Sur"}
    assert refused.value.choices == {"sheets": ["Norte", "Sur"]}
    assert folder.convert(made, "Sur")[1] == ["4421234567", "Luis"]
    with pytest.raises(BadFile) as refused:
        folder.convert(made, "Este")
    assert refused.value.code == "sheet_missing"


def test_a_workbook_without_rows_is_an_empty_file(folder: Folder) -> None:
    with pytest.raises(BadFile) as refused:
        folder.convert(xlsx({"Hoja1": [], "Hoja2": []}))
    assert refused.value.code == "file_empty"


@pytest.mark.parametrize(("letters", "place"), [("A", 0), ("Z", 25), ("AA", 26), ("XFD", 16_383)])
def test_columns_count_in_letters(letters: str, place: int) -> None:
    assert column(letters) == place
