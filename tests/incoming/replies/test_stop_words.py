"""Only a whole text that is one of the words opts out, however it is written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_config.module_settings import OPT_OUT_WORDS
from outbound_campaigns.domain.spelling import bare
from outbound_campaigns.incoming.replies.stop_words import STOP_PAYLOAD, stop_of, word_of

NOISE = st.text(st.sampled_from(" .,;:¡!¿?-_*~'\"\n\t…🛑👋"), max_size=6)
CASES = st.sampled_from([str.lower, str.upper, str.title, str.swapcase])


@given(st.sampled_from(OPT_OUT_WORDS), CASES, st.lists(NOISE, min_size=12, max_size=12))
def test_a_word_is_known_in_any_case_and_with_any_noise_between_its_letters(
    word: str, case: object, noise: list[str]
) -> None:
    written = "".join(gap + letter for gap, letter in zip(noise, case(word), strict=False))  # type: ignore[operator]
    assert word_of(written + noise[-1], OPT_OUT_WORDS) == word


@given(st.sampled_from(OPT_OUT_WORDS), st.sampled_from("\u0301\u0300\u0308\u0303"), st.integers(0, 11))
def test_an_accent_makes_no_difference(word: str, accent: str, place: int) -> None:
    written = unicodedata.normalize("NFC", word[: place + 1] + accent + word[place + 1 :])
    assert word_of(written, OPT_OUT_WORDS) == word


@given(st.sampled_from(OPT_OUT_WORDS), st.text(st.characters(categories=["L", "Nd"]), min_size=1))
def test_a_word_with_anything_else_beside_it_is_none(word: str, more: str) -> None:
    if bare(more) and bare(word + more) not in map(bare, OPT_OUT_WORDS):
        assert word_of(f"{word} {more}", OPT_OUT_WORDS) is None


@given(st.text())
def test_whatever_is_written_is_a_word_only_if_its_letters_are_those_of_one(written: str) -> None:
    found = word_of(written, OPT_OUT_WORDS)
    assert (found is not None) == (bare(written) in {bare(word) for word in OPT_OUT_WORDS})


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("Baja", "BAJA"),
        ("¡¡BAJA!!", "BAJA"),
        ("no molestar.", "NO MOLESTAR"),
        ("nomolestar", "NO MOLESTAR"),
        ("ｓｔｏｐ", "STOP"),
        ("Quiero la baja", None),
        ("¿Cómo cancelar?", None),
        ("", None),
        ("!!", None),
    ],
)
def test_examples(written: str, word: str | None) -> None:
    assert word_of(written, OPT_OUT_WORDS) == word


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        ("STOP_c42", STOP_PAYLOAD),
        ("STOP_", STOP_PAYLOAD),
        ("baja", "BAJA"),
        ("stop_c42", None),
        ("NON_STOP_", None),
    ],
)
def test_a_buttons_payload_opts_out_by_a_word_or_by_how_it_begins(payload: str, word: str | None) -> None:
    assert stop_of(payload, OPT_OUT_WORDS) == word


def test_a_words_accents_in_the_settings_make_no_difference() -> None:
    assert word_of("no mas", ["NO MÁS"]) == "NO MÁS"
    assert word_of("x", ["¡!"]) is None
