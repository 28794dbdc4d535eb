"""A workbook is imported like any file: its rows by the numbers people see, and what is wrong with them."""

from pathlib import Path

from outbound_campaigns.database.transactions import Database
from tests.support.files import Files, figures
from tests.support.workbooks import raw_xlsx, xlsx

HEADER = ["phone_number", "var1"]
NORTH, SOUTH = [HEADER, [4422591631, "Ana"]], [HEADER, [4421234567, "Luis"]]


def test_the_rows_of_a_workbook_become_recipients(files: Files) -> None:
    done = files.take(xlsx({"Clientes": [HEADER, [4422591631, "Ana"], [], ["442", "Eva"]]}))
    assert (done.status, done.error, figures(done)) == ("completed", None, (2, 1, 0, 1))
    assert [(r.phone_number, r.row, r.variables) for r in files.recipients()] == [
        ("+5214422591631", 2, {"var1": "Ana"})
    ]
    assert files.refused(done.id) == [(4, "phone_number", "442", "phone_wrong_length")]
    assert (done.sheet, done.sheets) == ("Clientes", ["Clientes"])
    assert done.done == done.size


def test_which_of_several_sheets_is_asked(files: Files) -> None:
    asked = files.take(xlsx({"Norte": NORTH, "Sur": SOUTH}))
    assert asked.error == {"code": "several_sheets", "sheets": "Norte, Sur"}
    assert (asked.sheets, figures(asked)) == (["Norte", "Sur"], (0, 0, 0, 0))
    files.upload(xlsx({"Norte": NORTH, "Sur": SOUTH}), sheet="Sur")
    assert files.import_row(files.run()).sheet == "Sur"
    assert [r.variables for r in files.recipients()] == [{"var1": "Luis"}]


def test_a_telephone_number_that_lost_its_digits_in_a_text_is_refused(files: Files) -> None:
    done = files.take(xlsx({"Hoja1": [HEADER, ["4.42E+09", "Ana"]]}))
    assert files.refused(done.id) == [(2, "phone_number", "4.42E+09", "phone_spreadsheet")]


def test_a_formula_that_nobody_calculated_flaws_its_row(database: Database, tmp_path: Path) -> None:
    files = Files(database, tmp_path, {"variables": ["var1"]})
    cells = (
        '<row><c t="inlineStr"><is><t>phone_number</t></is></c>'
        '<c t="inlineStr"><is><t>var1</t></is></c></row>'
        "<row><c><v>4422591631</v></c><c><f>A1&amp;B1</f></c></row>"
    )
    done = files.take(raw_xlsx(cells))
    assert (done.imported, done.flawed) == (1, 1)
    assert files.recipients()[0].error_code == "flaw_formula"


def test_a_workbook_that_is_refused_leaves_nothing(files: Files) -> None:
    done = files.take(raw_xlsx("", more={"xl/worksheets/sheet1.xml": "<worksheet><sheetData>"}))
    assert (done.status, done.error) == ("failed", {"code": "workbook_broken"})
    assert list(files.folder.glob("*.csv")) == []
