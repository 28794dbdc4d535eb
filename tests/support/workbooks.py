"""Makes workbooks for tests: whole ones as programs write them, and by hand what none would write."""

import io
from collections.abc import Mapping, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
ODS = "application/vnd.oasis.opendocument.spreadsheet"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(sheets: Mapping[str, Sequence[Any]], formats: Mapping[int, str] | None = None) -> bytes:
    """Return a workbook; `formats` are the number formats of columns, from 0. A text that begins with = is
    a formula without a value.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        styles = {place: book.add_format({"num_format": code}) for place, code in (formats or {}).items()}
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    _write(sheet, row, place, cell, styles.get(place) if row else None)
    return buffer.getvalue()


def _write(sheet: Any, row: int, place: int, cell: object, style: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str) and cell.startswith("="):
        sheet.write_formula(row, place, cell, style, "")
    else:
        sheet.write(row, place, cell, style)


def raw_xlsx(sheet: str, *, kind: str = SHEET, more: Mapping[str, str] | None = None) -> bytes:
    """Return an XLSX whose only sheet has this XML, between the root's tags."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        '<sheets><sheet name="Hoja1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    return archive(parts | dict(more or {}))


def ods(tables: str, *, automatic_styles: str = "", manifest: str = "") -> bytes:
    """Return an ODS whose spreadsheet has this XML."""
    spaces = " ".join(f'xmlns:{name}="{_OPEN}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{automatic_styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    spaces = f'xmlns:manifest="{_OPEN}:manifest:1.0"'
    listed = f"<manifest:manifest {spaces}>{manifest}</manifest:manifest>"
    return archive({"mimetype": ODS, "META-INF/manifest.xml": listed, "content.xml": content})


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()
