"""The sentences for operators."""

from string import Formatter

import pytest

from bot_config.module_settings import OPTIONS
from bot_config.problems import Problem, SourceUnavailable
from bot_config.texts import TEXTS, problem
from bot_config.words import Words


def _places(sentence: str) -> set[str]:
    names = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    return {name.removesuffix("_es").removesuffix("_en") for name in names}


@pytest.mark.parametrize("code", TEXTS)
def test_both_languages_of_a_sentence_name_the_same_things(code: str) -> None:
    es, en = TEXTS[code].es, TEXTS[code].en
    assert es != en
    assert _places(es) == _places(en)


@pytest.mark.parametrize("option", OPTIONS)
def test_each_setting_has_a_sentence_for_a_value_that_does_not_fit(option: str) -> None:
    assert option in TEXTS[f"settings.{option}"].es


def test_a_problem_speaks_spanish_unless_english_is_asked_for() -> None:
    told = Problem(Words("hola", "hello"), code="code")
    assert [told.text(), told.text("en"), told.text("fr")] == ["hola", "hello", "hola"]


def test_a_refusal_reads_as_its_code_and_reason() -> None:
    refusal = SourceUnavailable(problem("source.database_away", kind="OperationalError"))
    assert str(refusal).startswith("source.database_away: Botpress's database")
