"""Whatever a workbook does to the process that reads it: it is refused in words, and harms nobody else."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from outbound_campaigns.audience.reading.refused import BadFile
from outbound_campaigns.audience.workbooks.conversion import is_workbook
from outbound_campaigns.domain.row_refusals import file_sentence
from tests.audience.workbooks.conftest import Folder
from tests.support.workbooks import MACROS, archive, ods, raw_xlsx, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
CORNERS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>phone_number</t></is></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet><sheetData/></worksheet>'
ROW = '<row><c t="inlineStr"><is><t>4422591631</t></is></c></row>'
WHOLE = xlsx({"Hoja1": [["phone_number"], *[[f"44225{number:05}"] for number in range(2000)]]})

REFUSED = {
    "bomb": (raw_xlsx(ROW * 400_000), "workbook_too_large"),
    "entities": (raw_xlsx("", more={"xl/worksheets/sheet1.xml": ENTITIES}), "workbook_broken"),
    "corners": (raw_xlsx(CORNERS), "too_many_columns"),
    "row that does not exist": (raw_xlsx('<row r="4000000000"><c><v>1</v></c></row>'), "workbook_broken"),
    "rows that go back": (raw_xlsx('<row r="2"/><row r="1"/>'), "workbook_broken"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "workbook_locked"),
    "old": (OLE + "Workbook".encode("utf-16-le"), "workbook_old"),
    "macros": (raw_xlsx(ROW, kind=MACROS), "workbook_with_macros"),
    "cut off": (WHOLE[: len(WHOLE) // 2], "workbook_broken"),
    "damaged": (WHOLE[:600] + b"x" * 400 + WHOLE[1000:], "workbook_broken"),
    "sheet missing": (raw_xlsx("", more={"xl/_rels/workbook.xml.rels": "<R/>"}), "file_empty"),
    "number that is none": (raw_xlsx("<row><c><v>abc</v></c></row>"), "workbook_broken"),
    "text that is none": (raw_xlsx('<row><c t="s"><v>7</v></c></row>'), "workbook_broken"),
    "another archive": (archive({"a.csv": "phone_number\n1\n"}), "file_is_archive"),
    "repeated beyond": (
        ods(
            '<table:table table:name="a"><table:table-row table:number-rows-repeated="2000000000">'
            "<table:table-cell><text:p>1</text:p></table:table-cell></table:table-row></table:table>"
        ),
        "workbook_broken",
    ),
}


def readers() -> list[psutil.Process]:
    """The processes that read workbooks for this one; it has others, such as databases."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if "outbound_campaigns.audience.workbooks.child" in child.cmdline():
                found.append(child)
    return found


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_workbook_is_refused_in_words(folder: Folder, name: str) -> None:
    content, code = REFUSED[name]
    with pytest.raises(BadFile) as refused:
        folder.convert(content)
    assert refused.value.code == code
    said = {"code": code, **refused.value.values}
    assert file_sentence(said).text("es") != file_sentence(said).text("en")


def test_a_child_that_is_killed_is_a_refusal(folder: Folder) -> None:
    def kill(_: float) -> None:
        for child in readers():
            os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(BadFile) as refused:
        folder.convert(WHOLE, watch=kill)
    assert refused.value.code == "workbook_too_large"


def test_an_import_that_stops_ends_its_child(folder: Folder) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.convert(WHOLE, watch=stop)
    assert readers() == []


def test_progress_is_told_up_to_the_whole(folder: Folder) -> None:
    shares: list[float] = []
    folder.convert(WHOLE, watch=shares.append)
    assert shares == sorted(shares)
    assert 0 < shares[-1] <= 1


def test_a_child_sees_neither_secrets_nor_other_files(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOUND_SECRET", "x")
    seen: list[str] = []

    def look(_: float) -> None:
        for child in readers():
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                seen.extend(child.environ())

    folder.convert(WHOLE, watch=look)
    assert "OUTBOUND_SECRET" not in seen


@pytest.mark.parametrize(
    ("content", "is_one"), [(WHOLE, True), (OLE, True), (b"phone_number\n", False), (b"PK", False)]
)
def test_workbooks_are_known_by_their_first_bytes(tmp_path: Path, content: bytes, is_one: bool) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert is_workbook(path) is is_one


def test_the_child_dies_with_the_process_that_waits_for_it(tmp_path: Path) -> None:
    program = (
        "import sys, time, pathlib\n"
        "from outbound_campaigns.audience.workbooks.conversion import convert\n"
        "watch = lambda _: print('.', flush=True) or time.sleep(0.05)\n"
        "convert(pathlib.Path(sys.argv[1]), None, 'MX', watch)\n"
    )
    path = tmp_path / "large.csv"
    path.write_bytes(xlsx({"Hoja1": [["phone_number"], *[[number] for number in range(60_000)]]}))
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.read(1) == b"."
        children = psutil.Process(parent.pid).children()
        parent.kill()
    gone, alive = psutil.wait_procs(children, timeout=30)
    assert (len(gone), alive) == (1, [])
