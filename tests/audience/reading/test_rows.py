"""A row that can't be sent to is kept with its number, column, value and reason; the others go on."""

import pytest

from outbound_campaigns.domain.flaws import FlawCode
from outbound_campaigns.domain.row_refusals import RowCode
from tests.audience.reading.conftest import ReadBytes


@pytest.mark.parametrize(
    ("line", "column", "value", "code"),
    [
        (",x,y", "phone_number", "", RowCode.PHONE_EMPTY),
        ("5.2E+11,x,y", "phone_number", "5.2E+11", RowCode.PHONE_SPREADSHEET),
        ("4421234567", "a", "4421234567", RowCode.ROW_TOO_SHORT),
        ("4421234567,x", "b", "4421234567 | x", RowCode.ROW_TOO_SHORT),
        ("4421234567,x,y,,z", None, "z", RowCode.ROW_TOO_LONG),
        ("4421234567,x\0y,y", "a", "x\ufffdy", RowCode.CONTROL_CHARACTER),
        ("442\0,x,y", "phone_number", "442\ufffd", RowCode.PHONE_NOT_A_NUMBER),
        ("4421234567,x,y" + "z" * 200_000, None, "4421234567,x,y" + "z" * 186, RowCode.ROW_TOO_LARGE),
        ('4421234567,"' + "z" * 10_000_000 + '",y', None, '4421234567,"' + "z" * 188, RowCode.ROW_TOO_LARGE),
    ],
)
def test_a_row_without_a_person_or_with_wrong_cells_is_refused(
    read: ReadBytes, line: str, column: str | None, value: str, code: RowCode
) -> None:
    file = read(f"phone_number,a,b\n4422591631,x,y\n{line}\n4422591632,x,y\n")
    assert file.refused == [(3, column, value, code)]
    assert [row.phone_key for row in file.accepted] == ["524422591631", "524422591632"]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("4421234567,,y", "a", FlawCode.EMPTY),
        ("4421234567,x,  ", "b", FlawCode.EMPTY),
        ("4421234567,#N/D,y", "a", FlawCode.FORMULA),
        ("4421234567,x,#¡REF!", "b", FlawCode.FORMULA),
        ("4421234567,#¿NOMBRE?,y", "a", FlawCode.FORMULA),
        ("4421234567,#¡VALOR!,y", "a", FlawCode.FORMULA),
        ("4421234567,#N/A,y", "a", FlawCode.FORMULA),
        ("4421234567,#DIV/0!,y", "a", FlawCode.FORMULA),
        ("4421234567,#¡DIV/0!,y", "a", FlawCode.FORMULA),
        ("4421234567,#NAME?,y", "a", FlawCode.FORMULA),
        ("4421234567,#####,y", "a", FlawCode.FORMULA),
        ("4421234567,Err:502,y", "a", FlawCode.FORMULA),
        ("4421234567,#ERROR!,y", "a", FlawCode.FORMULA),
        ('4421234567,"=BUSCARV(A2,B:C,2)",y', "a", FlawCode.FORMULA),
        ("4421234567,NULL,y", "a", FlawCode.NULL),
        ("4421234567, nan ,y", "a", FlawCode.NULL),
        ("4421234567,x,None", "b", FlawCode.NULL),
        ("4421234567,undefined,y", "a", FlawCode.NULL),
        ("4421234567,null,y", "a", FlawCode.NULL),
        ("4421234567,NaN,y", "a", FlawCode.NULL),
        ("4421234567,\\N,y", "a", FlawCode.NULL),
        ("4421234567,<NA>,y", "a", FlawCode.NULL),
        ("4421234567,N/A,y", "a", FlawCode.NULL),
        ("4421234567,(null),y", "a", FlawCode.NULL),
        ('4421234567,"x\ny",y', "a", FlawCode.LINE_BREAK),
        ("4421234567,x\u2028y,y", "a", FlawCode.LINE_BREAK),
        ("4421234567,x\ty,y", "a", FlawCode.TAB),
        ("4421234567,x     y,y", "a", FlawCode.SPACES),
        (f"4421234567,{'x' * 1025},y", "a", FlawCode.TOO_LONG),
        ("4421234567,x\x07,y", "a", FlawCode.CONTROL),
        ("4421234567,x\ufffdy,y", "a", FlawCode.UNREADABLE),
    ],
)
def test_a_row_whose_cells_cannot_be_sent_is_taken_with_its_flaw(
    read: ReadBytes, line: str, column: str, code: FlawCode
) -> None:
    file = read(f"phone_number,a,b\n4422591631,x,y\n{line}\n4422591632,x,y\n")
    assert (len(file.accepted), file.refused) == (3, [])
    assert file.flaws == [(3, code, column)]


@pytest.mark.parametrize("cell", ["x    y", "Ana 🎉👩‍👩‍👧", "x\u00a0y", "O'Brien", "'quoted'", "x" * 1024])
def test_an_unusual_cell_that_whatsapp_takes_is_taken(read: ReadBytes, cell: str) -> None:
    assert read(f"phone_number,a\n4422591631,{cell}\n").cells == [{"a": cell}]


@pytest.mark.parametrize(
    ("cell", "is_read_as"),
    [("'=1", "=1"), ("'+1", "+1"), ("'-1", "-1"), ("'@x", "@x"), ("''=1", "'=1"), ("'x", "'x"), ("''", "''")],
)
def test_the_quote_before_a_formula_is_taken_off_again(read: ReadBytes, cell: str, is_read_as: str) -> None:
    assert read(f"phone_number,a\n4422591631,{cell}\n").cells == [{"a": is_read_as}]


def test_extra_cells_that_are_empty_do_no_harm(read: ReadBytes) -> None:
    assert read("phone_number,a,,\n4422591631,x,,,\n").cells == [{"a": "x"}]


def test_columns_that_the_template_does_not_use_may_hold_anything(read: ReadBytes) -> None:
    file = read('phone_number,a,notes\n4422591631,x,\n4421234567,y,"one\ntwo\tthree"\n', ["a"])
    assert [row["notes"] for row in file.cells] == ["", "one\ntwo\tthree"]


UNUSED = "phone_number,nombre,promo,email,notas\n4425556201,Ana,Regalo,,\n4425556204,Sol,Regalo,#N/D,NULL\n"


@pytest.mark.parametrize("variables", [["nombre", "promo"], ["NOMBRE "], []])
def test_what_nothing_uses_flaws_no_row(read: ReadBytes, variables: list[str]) -> None:
    file = read(UNUSED, variables)
    assert (len(file.accepted), file.flaws) == (2, [])


def test_a_nul_is_refused_also_where_the_template_does_not_look(read: ReadBytes) -> None:
    assert read("phone_number,a,notes\n4422591631,x,y\0\n", ["a"]).why == [(2, "control_character")]


def test_wholly_empty_rows_are_no_rows(read: ReadBytes) -> None:
    file = read("phone_number,a\n\n,\n ,,,,\n\n4422591631,x\n")
    assert (len(file.accepted), file.refused) == (1, [])
