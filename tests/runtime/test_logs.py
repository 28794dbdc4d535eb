"""A log line says where and what kind, never whose number or which text."""

import logging
import sys

from outbound_campaigns.runtime.logs import DiscreetFormatter


def formatted(error: Exception) -> str:
    try:
        raise error
    except type(error):
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "it failed", (), sys.exc_info())
        return DiscreetFormatter("%(message)s").format(record)


def test_an_errors_message_stays_out_of_the_log() -> None:
    text = formatted(ValueError("Key (phone_key)=(524422591631) already exists: Hola Juan"))
    assert "524422591631" not in text
    assert "Juan" not in text


def test_an_errors_kind_and_place_are_in_the_log() -> None:
    text = formatted(KeyError("x"))
    assert "it failed" in text
    assert "builtins.KeyError" in text
    assert "test_logs.py" in text
