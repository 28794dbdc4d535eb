"""Holding an account's messages back while Vonage does not answer properly.

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
from outbound_campaigns.domain.backoff import longer

BAD_ANSWERS = 5
FIRST_PROBE_WAIT = 1.0
LONGEST_PROBE_WAIT = 15.0
"""seconds between probes"""


class BadAnswers:
    """The count of bad answers in a row, as one process sees them."""

    def __init__(self) -> None:
        self.in_a_row = 0

    def saw(self, bad: bool) -> None:
        self.in_a_row = self.in_a_row + 1 if bad else 0

    @property
    def too_many(self) -> bool:
        return self.in_a_row >= BAD_ANSWERS


def lock_breaker(session: Session, account: str) -> Breaker:
    query = sa.select(Breaker).where(Breaker.account == account).with_for_update()
    query = query.execution_options(populate_existing=True)
    breaker = session.execute(query).scalar_one_or_none()
    if breaker is None:
        insert_if_missing(
            session, Breaker, {"account": account, "failures": 0, "is_open": False, "wait": 0.0}
        )
        breaker = session.execute(query).scalar_one()
    return breaker


def report(breaker: Breaker, bad_answers: Iterable[bool], now: datetime) -> None:
    """Tell the breaker, answer by answer, which were bad; the fifth in a row opens it."""
    for bad in bad_answers:
        breaker.failures = breaker.failures + 1 if bad else 0
        if breaker.failures >= BAD_ANSWERS and not breaker.is_open:
            _open(breaker, now)


def _open(breaker: Breaker, now: datetime) -> None:
    breaker.is_open = True
    breaker.wait = FIRST_PROBE_WAIT
    breaker.probe_at = now + timedelta(seconds=FIRST_PROBE_WAIT)


def take_probe(breaker: Breaker, now: datetime) -> bool:
    """May the caller probe now? Only one does; the next may after a longer wait."""
    # A probe that lies further ahead than any wait was set by a clock that has gone back since.
    due = breaker.probe_at
    if due is not None and now < due <= now + timedelta(seconds=LONGEST_PROBE_WAIT):
        return False
    breaker.wait = longer(breaker.wait, FIRST_PROBE_WAIT, LONGEST_PROBE_WAIT)
    breaker.probe_at = now + timedelta(seconds=breaker.wait)
    return True


def close(breaker: Breaker) -> None:
    """Something answered: messages may leave again."""
    breaker.is_open, breaker.failures, breaker.probe_at, breaker.wait = False, 0, None, 0.0
