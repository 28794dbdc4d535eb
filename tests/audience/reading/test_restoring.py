"""What programs added to a cell is taken away, and told; what a person wrote stays."""

import pytest
from ftfy import fix_encoding
from hypothesis import assume, given
from hypothesis import strategies as st

from outbound_campaigns.audience.reading.restoring import restored
from tests.audience.reading.conftest import ReadBytes

LATER = "áéíóúñÁÉÍÓÚÑü¿¡"


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        # Excel's own way to keep zeros
        ('="00123"', "00123"),
        ('="4425550106"', "4425550106"),
        ('="dice ""hola"""', 'dice "hola"'),
        ('\'="00123"', "00123"),
        # quotes around what needs none
        ('"Ana"', "Ana"),
        ('""', ""),
        ('"Ana ""la Güera"" Ruiz"', 'Ana "la Güera" Ruiz'),
        # blanks and marks that nobody sees
        ("  Ana ", "Ana"),
        ("\u00a0Ana\u00a0", "Ana"),
        ("\ufeffAna", "Ana"),
        ("Ana\u200b", "Ana"),
        ("\tAna\n", "Ana"),
        # UTF-8 that was read as something else
        ("MarÃ\u00ada", "María"),
        ("PromociÃ³n", "Promoción"),
        ("Ã‰rika NuÃ±ez", "Érika Nuñez"),
        ("MarÃƒÂ\u00ada", "María"),
        ("Mar√≠a", "María"),
        ("Mar├¡a", "María"),
        ("Â¿CuÃ¡ndo?", "¿Cuándo?"),
        ("Promoción â€“ hoy", "Promoción – hoy"),
        ("2 â‚¬", "2 €"),
        ('"JosÃ©"', "José"),
    ],
)
def test_what_programs_added_is_taken_away(cell: str, meant: str) -> None:
    assert restored(cell) == meant


@pytest.mark.parametrize(
    "cell",
    [
        "Ángela",
        "Ângela",
        "JOÃO SÃO PAULO",
        "CORAÇÃO",
        "AÇÃO",
        'Ana "la Güera" Ruiz',
        '"Uno" y "dos"',
        "=)",
        "1 = 1",
        "D'Angelo",
        "¡Hola! ¿Qué tal?",
        "🎉 10 %",
        "Ñandú",
    ],
)
def test_what_a_person_wrote_stays(cell: str) -> None:
    assert restored(cell) == cell


@given(st.text("aÑé=\"' \ufeff\u00a0+", max_size=12))
def test_what_was_restored_has_nothing_more_to_take_away(cell: str) -> None:
    once = restored(cell)
    assert restored(once) in (once, once[1:])  # a guard is taken off each time, as exports put one on


@given(st.text("abc " + LATER, min_size=1, max_size=30))
def test_a_text_of_these_letters_survives_a_second_encoding(text: str) -> None:
    assume(fix_encoding(text) == text)  # else it may be one that was encoded twice already
    twice = text.encode().decode("latin-1")
    assert restored(twice) in (text.strip(), twice.strip())


def test_what_was_restored_is_counted_and_shown(read: ReadBytes) -> None:
    rows = ['4422591631,"=""00123""",Ana', "4422591632,  x  ,MarÃ\u00ada", "4422591633,x,José"]
    file = read("phone_number,order,name\n" + "\n".join(rows) + "\n")
    assert [tuple(example) for example in file.examples] == [
        (2, "order", '="00123"', "00123"),
        (3, "name", "MarÃ\u00ada", "María"),
    ]
    assert file.cells[0] == {"order": "00123", "name": "Ana"}
    assert file.cells[1] == {"order": "x", "name": "María"}
    assert file.chunks[-1].restored == 2
    assert file.accented == ["María", "José"]


def test_an_exports_guard_is_no_change_to_tell(read: ReadBytes) -> None:
    assert read("phone_number,a\n4422591631,'+1\n").examples == []


def test_a_number_in_a_formula_is_read(read: ReadBytes) -> None:
    assert read('phone_number,a\n"=""4425550106""",x\n').accepted[0].phone_number == "+5214425550106"
