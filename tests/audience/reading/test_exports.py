"""What address books, shops and customer managers export is imported without an edit by hand.

The files in exports/ have the columns that each system writes; their people and numbers are invented.
"""

import csv
from pathlib import Path

import pytest

from outbound_campaigns.audience.workbooks.conversion import convert
from tests.support.csv_reading import read_file
from tests.support.workbooks import xlsx

EXPORTS = Path(__file__).parent / "exports"
PEOPLE = ["+5214425557101", "+5214425557102"]
COLUMNS = {
    "google": "Phone 1 - Value",
    "google_until_2024": "Phone 1 - Value",
    "hubspot": "Phone Number",
    "zoho": "Mobile",
    "shopify": "Phone",
    "tiendanube": "Teléfono",
    "nuvemshop": "Telefone de Contato",
    "woocommerce": "Billing Phone",
    "woocommerce_orders": "Phone (Billing)",
    "kommo": "Teléfono oficina",
}


def test_every_export_is_tried() -> None:
    assert {path.stem for path in EXPORTS.iterdir()} == {*COLUMNS}


@pytest.mark.parametrize("name", COLUMNS)
def test_an_export_is_imported_as_it_is(name: str) -> None:
    file = read_file(EXPORTS / f"{name}.csv", [])
    assert file.phone_column == COLUMNS[name]
    assert sorted({row.phone_number for row in file.accepted}) == PEOPLE
    assert file.refused == []
    assert any("ó" in cell or "Ó" in cell for row in file.cells for cell in row.values())


def test_an_export_of_a_customer_manager_as_a_workbook_is_imported_as_it_is(tmp_path: Path) -> None:
    with (EXPORTS / "kommo.csv").open(encoding="utf-8", newline="") as rows:
        made = xlsx({"Sheet1": list(csv.reader(rows))})
    path = tmp_path / "kommo.csv"
    path.write_bytes(made)
    convert(path, None, "MX", lambda _: None)
    assert [row.phone_number for row in read_file(path, []).accepted] == PEOPLE


def test_of_several_numbers_in_a_cell_the_first_valid_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("phone_number\n12 ::: 442 555 7101 ::: 442 555 7102\n12 ::: 13\n")
    file = read_file(path, [])
    assert [row.phone_number for row in file.accepted] == PEOPLE[:1]
    assert file.why == [(3, "phone_wrong_length")]


def test_a_column_that_is_empty_throughout_is_not_taken_for_the_numbers(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Celular,Teléfono\n,4425557101\n")
    assert read_file(path, []).phone_column == "Teléfono"
    path.write_text("Celular,folio\n,4425557101\n")
    assert read_file(path, []).phone_column == "Celular"
