"""Quotes as programs write them; where they are lost, the row is refused with its text, never guessed."""

import pytest

from tests.audience.reading.conftest import ReadBytes

WRAPPED = '"phone_number,nombre,promo"\n"4422591631,""Ruiz, Ana"",x"\n4422591632,Eva,y\n'


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('4422591631,"Ana",x', ("Ana", "x")),
        ('4422591631, "Ruiz, Ana", x', ("Ruiz, Ana", "x")),
        ('4422591631,"Ruiz, Ana" ,x', ("Ruiz, Ana", "x")),
        ('4422591631,"Ana ""la Güera""",x', ('Ana "la Güera"', "x")),
        ('4422591631,Ana "la Güera" Ruiz,x', ('Ana "la Güera" Ruiz', "x")),
        ('4422591631,"""Ana""",x', ("Ana", "x")),
        ("4422591631,'Ana',x", ("'Ana'", "x")),
        ('4422591631,5",x', ('5"', "x")),
        ('"4422591631","Ana","x"', ("Ana", "x")),
        ('"4422591631" ,"Ana" , "x" ', ("Ana", "x")),
    ],
)
def test_quotes_are_read_as_they_were_meant(read: ReadBytes, line: str, cells: tuple[str, str]) -> None:
    file = read(f"phone_number,a,b\n{line}\n4422591639,y,z\n")
    assert (file.refused, tuple(file.cells[0].values())) == ([], cells)
    assert len(file.accepted) == 2


@pytest.mark.parametrize(
    "line",
    [
        '4422591631,"Juan "El Güero" Pérez",x',
        '4422591631,"Ana"Ruiz,x',
        '4422591631,"a" "b",x',
        '4422591631,"5" tubo",x',
        '"4422591631"1,a,b',
    ],
)
def test_a_row_whose_quotes_make_no_sense_is_refused_with_its_text(read: ReadBytes, line: str) -> None:
    file = read(f"phone_number,a,b\n4422591630,y,z\n{line}\n4422591639,y,z\n")
    assert file.why == [(3, "row_misquoted")]
    assert file.refused[0].value == line
    assert [row.row for row in file.accepted] == [2, 4]


def test_rows_that_stand_in_quotes_as_a_whole_are_unwrapped(read: ReadBytes) -> None:
    file = read(WRAPPED)
    assert file.columns == ["phone_number", "nombre", "promo"]
    assert file.cells == [{"nombre": "Ruiz, Ana", "promo": "x"}, {"nombre": "Eva", "promo": "y"}]
    assert [row.row for row in file.accepted] == [2, 3]


def test_they_are_unwrapped_with_any_delimiter(read: ReadBytes) -> None:
    file = read(WRAPPED.replace(",", ";"))
    assert (file.delimiter, file.cells[0]["nombre"]) == (";", "Ruiz; Ana")
