"""The column of the numbers is found by its header, else by its cells; if that is not clear, it is asked."""

from pathlib import Path

import pytest

from outbound_campaigns.domain.row_refusals import FileCode
from tests.audience.reading.conftest import ReadBytes
from tests.support.csv_reading import refusal

HUBSPOT = '"Record ID","First Name","Email","Phone Number"\n"101","Ana","ana@ej.mx","+52 442 555 7101"\n'


@pytest.mark.parametrize(
    "header",
    [
        "Phone Number",
        "PHONE_NUMBER",
        "Teléfono",
        "TELEFONO",
        "Celular",
        "Móvil",
        "WhatsApp",
        "Número de celular",
        "Phone 1 - Value",
        "Mobile Phone",
        "Telefone",
        "Billing Phone",
        "Teléfono celular",
    ],
)
def test_a_known_header_is_enough(read: ReadBytes, header: str) -> None:
    file = read(f"Nombre,{header},Correo\nAna,4425557101,ana@ej.mx\n", ["Nombre"])
    assert file.accepted[0].phone_number == "+5214425557101"
    assert file.phone_column == header
    assert file.cells == [{"Nombre": "Ana", "Correo": "ana@ej.mx"}]


def test_an_export_of_a_customer_manager_is_taken_as_it_is(read: ReadBytes) -> None:
    file = read(HUBSPOT)
    assert (file.phone_column, file.accepted[0].phone_number) == ("Phone Number", "+5214425557101")
    assert file.cells == [{"Record ID": "101", "First Name": "Ana", "Email": "ana@ej.mx"}]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("phone_number,Celular,WhatsApp", "phone_number"),
        ("Teléfono,Celular,x", "Celular"),
        ("Teléfono,Celular,WhatsApp", "WhatsApp"),
        ("Phone,Phone Number,x", "Phone Number"),
    ],
)
def test_of_several_the_one_that_is_surely_whatsapps_counts(read: ReadBytes, header: str, found: str) -> None:
    row = "4425557101,4425557102,4425557103\n"
    assert read(f"{header}\n{row}", []).phone_column == found


def test_without_a_known_header_the_cells_tell(read: ReadBytes) -> None:
    rows = "".join(f"{n},Ana {n},442555{n:04d},{n * 7}\n" for n in range(1, 30))
    file = read(f"id,quien,contacto,puntos\n{rows}99,Eva,nadie,3\n", [])
    assert (file.phone_column, len(file.accepted), file.why) == ("contacto", 29, [(31, "phone_not_a_number")])


def test_its_owner_decides_which_it_is(read: ReadBytes) -> None:
    content = "phone_number,Otro\n4425557101,4425557102\n"
    assert read(content, [], phone_column="otro").accepted[0].phone_number == "+5214425557102"
    assert read(content, [], phone_column="otro").cells == [{"phone_number": "4425557101"}]


@pytest.mark.parametrize(
    ("content", "told", "code", "columns"),
    [
        ("Celular,Móvil\n4425557101,4425557102\n", None, FileCode.SEVERAL_PHONE_COLUMNS, "Celular, Móvil"),
        ("a,b,c\n4425557101,4425557102,x\n", None, FileCode.SEVERAL_PHONE_COLUMNS, "a, b"),
        ("a,b\nx,y\n", None, FileCode.NO_PHONE_COLUMN, "a, b"),
        ("a,b\n", None, FileCode.NO_PHONE_COLUMN, "a, b"),
        ("phone_number,b\n4425557101,y\n", "c", FileCode.PHONE_COLUMN_MISSING, "phone_number, b"),
    ],
)
def test_where_it_is_not_clear_the_file_waits_for_its_owner(
    tmp_path: Path, content: str, told: str | None, code: FileCode, columns: str
) -> None:
    refused = refusal(tmp_path / "file", content.encode(), [], phone_column=told)
    assert (refused.code, refused.values["columns"]) == (code, columns)
    assert refused.choices == {"columns": content.split("\n")[0].split(",")}
