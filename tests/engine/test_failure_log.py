"""What a job fails with is told once with its reason, then rarely, and once when it is over."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from outbound_campaigns.engine.failure_log import FailureLog
from outbound_campaigns.engine.rare_log import AGAIN

AWAY = OperationalError("SELECT 1", {}, Exception("connection to server at 10.0.0.7, port 5432 failed"))
BROKEN = IntegrityError("INSERT", {}, Exception("Key (phone_key)=(4422591631) already exists"))


class Job:
    """A job of which each round may fail."""

    def __init__(self) -> None:
        self.now = 0.0
        self.log = FailureLog(lambda: self.now)

    def runs(self, at: float, error: Exception | None = None) -> None:
        self.now = at
        with self.log.logged("watch"):
            if error is not None:
                raise error


def test_one_that_fails_on_and_on_is_told_of_rarely_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    job = Job()
    for second in range(int(2 * AGAIN)):
        job.runs(float(second), AWAY)
    assert len(caplog.messages) == 2
    assert "watch failed, trying again: OperationalError: connection to server at 10.0.0.7" in caplog.text


def test_that_it_works_again_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    job = Job()
    for second, error in enumerate((None, AWAY, AWAY, None, None, AWAY)):
        job.runs(float(second), error)
    assert [message.partition(":")[0] for message in caplog.messages] == [
        "watch failed, trying again",
        "watch works again",
        "watch failed, trying again",
    ]


def test_another_kind_of_failure_is_told_at_once_without_what_was_to_be_written(
    caplog: pytest.LogCaptureFixture,
) -> None:
    job = Job()
    job.runs(0.0, AWAY)
    job.runs(1.0, BROKEN)
    assert "IntegrityError" in caplog.messages[-1]
    assert "4422591631" not in caplog.messages[-1]
