"""Holds the messages of an account's credentials back while Vonage does not answer properly.

Five bad answers in a row open the breaker. It then probes with growing waits, by a request
that Vonage must refuse, until something answers; then messages go on by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Breaker
from outbound_campaigns.database.statements import insert_if_missing
from outbound_campaigns.domain.access import Access
from outbound_campaigns.domain.backoff import longer

BAD_ANSWERS = 5
FIRST_PROBE_WAIT = 1.0
LONGEST_PROBE_WAIT = 15.0
"""seconds between probes"""


class BadAnswers:
    """How many bad answers in a row one process has seen."""

    def __init__(self) -> None:
        self.in_a_row = 0

    def saw(self, bad: bool) -> None:
        """Count a bad answer, or start again at 0 after any other."""
        self.in_a_row = self.in_a_row + 1 if bad else 0

    @property
    def too_many(self) -> bool:
        return self.in_a_row >= BAD_ANSWERS


def lock_breaker(session: Session, access: Access) -> Breaker:
    """Return the breaker of this access, created if missing, locked until the transaction ends."""
    of_access = {"access": str(access)}
    breaker = session.execute(_LOCK, of_access).scalar_one_or_none()
    if breaker is None:
        insert_if_missing(session, Breaker, {**of_access, "failures": 0, "is_open": False, "wait": 0.0})
        breaker = session.execute(_LOCK, of_access).scalar_one()
    return breaker


_LOCK = (
    sa.select(Breaker)
    .where(Breaker.access == sa.bindparam("access"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def report(breaker: Breaker, bad_answers: Iterable[bool], now: datetime) -> None:
    """Report to the breaker, answer by answer, which were bad; the fifth in a row opens it."""
    for bad in bad_answers:
        breaker.failures = breaker.failures + 1 if bad else 0
        if breaker.failures >= BAD_ANSWERS and not breaker.is_open:
            _open(breaker, now)


def _open(breaker: Breaker, now: datetime) -> None:
    breaker.is_open = True
    breaker.wait = FIRST_PROBE_WAIT
    breaker.probe_at = now + timedelta(seconds=FIRST_PROBE_WAIT)


def take_probe(breaker: Breaker, now: datetime) -> bool:
    """Return whether the caller may probe now. Only one may; the next only after a longer wait."""
    # A probe further ahead than the longest wait was set before the clock was set back.
    due = breaker.probe_at
    if due is not None and now < due <= now + timedelta(seconds=LONGEST_PROBE_WAIT):
        return False
    breaker.wait = longer(breaker.wait, FIRST_PROBE_WAIT, LONGEST_PROBE_WAIT)
    breaker.probe_at = now + timedelta(seconds=breaker.wait)
    return True


def close(breaker: Breaker) -> None:
    """Close the breaker, since something answered: messages may leave again."""
    breaker.is_open, breaker.failures, breaker.probe_at, breaker.wait = False, 0, None, 0.0
