"""Every code of a refused row or file has its words."""

import string

import pytest

from outbound_campaigns.domain.row_refusals import (
    FILE_WORDS,
    ROW_WORDS,
    FileCode,
    RowCode,
    file_sentence,
    row_sentence,
)

ALL = {**ROW_WORDS, **FILE_WORDS}


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", [*RowCode, *FileCode])
def test_every_code_has_words_with_the_same_places_in_both_languages(code: str) -> None:
    words = ALL[code]
    assert words.es != words.en
    assert places(words.es) == places(words.en)


@pytest.mark.parametrize("code", RowCode)
def test_the_words_of_a_row_need_only_what_is_kept_of_it(code: RowCode) -> None:
    assert row_sentence(code, 7, None, None).text().startswith("Fila 7")
    assert row_sentence(code, 7, "var1", "x").text("en").startswith("Row 7")


def test_the_words_of_a_file_name_what_is_wrong_in_it() -> None:
    error = {"code": "column_missing", "column": "nombre", "columns": "phone_number, var1"}
    assert "«nombre»" in file_sentence(error).text()
    assert "phone_number, var1" in file_sentence(error).text("en")
