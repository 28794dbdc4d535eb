"""The search through the logs of a run finds what must not stand there, and only that."""

from pathlib import Path

import pytest

from tests.support.discretion import indiscretion, indiscretions


@pytest.mark.parametrize(
    "line",
    [
        'sent to "5214422591631"',
        "key +525512345678",
        "password s3cret-of-the-account",
        "Hola Juan",
        "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x",
    ],
)
def test_a_number_a_text_or_a_secret_is_found(line: str) -> None:
    assert indiscretion(line)


@pytest.mark.parametrize(
    "line",
    [
        '{"at": "2026-11-25T00:00:00.521+00:00", "request_id": "5214422591631abc"}',
        "campaign-1042 ended, 5215550001111 is the sender",
        "waited 52.1234567890123 s",
    ],
)
def test_ids_and_times_are_not_taken_for_numbers(line: str) -> None:
    assert indiscretion(line) is None


def test_every_log_below_a_folder_is_searched(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/service.log").write_text("fine\nto 5214422591631\n")
    (tmp_path / "campaign.csv").write_text("5214422591631")
    (found,) = indiscretions(tmp_path)
    (tmp_path / "deep/service.log").unlink()  # it would be found again at the end of the run
    assert "deep/service.log" in found
