"""The breaker: what opens it, who may probe and when, and what closes it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.database.models import Breaker
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.access import Access
from outbound_campaigns.sending.breaker import (
    BAD_ANSWERS,
    FIRST_PROBE_WAIT,
    LONGEST_PROBE_WAIT,
    BadAnswers,
    close,
    lock_breaker,
    report,
    take_probe,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BAD, GOOD = True, False


def breaker(*answers: bool) -> Breaker:
    row = Breaker(access="a 1", failures=0, is_open=False, wait=0.0, probe_at=None)
    report(row, answers, NOW)
    return row


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_five_bad_answers_in_a_row_open_it() -> None:
    assert not breaker(*[BAD] * 4).is_open
    assert breaker(*[BAD] * 5).is_open


def test_a_good_answer_between_starts_the_count_again() -> None:
    assert not breaker(*[BAD] * 4, GOOD, *[BAD] * 4).is_open


def test_bad_answers_of_several_reports_are_counted_together() -> None:
    row = breaker(*[BAD] * 3)
    report(row, [BAD] * 2, NOW)
    assert row.is_open


def test_a_good_answer_that_comes_late_does_not_close_it() -> None:
    assert breaker(*[BAD] * 5, GOOD).is_open


@given(st.lists(st.booleans(), max_size=40))
def test_it_opens_exactly_when_five_in_a_row_were_bad(answers: Sequence[bool]) -> None:
    runs = "".join("x" if bad else "." for bad in answers)
    assert breaker(*answers).is_open == ("x" * BAD_ANSWERS in runs)


@given(st.lists(st.booleans(), max_size=40))
def test_a_process_counts_as_the_database_does(answers: Sequence[bool]) -> None:
    counted = BadAnswers()
    for bad in answers:
        counted.saw(bad)
    assert counted.in_a_row == breaker(*answers).failures
    assert counted.too_many == (breaker(*answers).failures >= BAD_ANSWERS)


def test_the_first_probe_is_due_after_a_second() -> None:
    row = breaker(*[BAD] * 5)
    assert not take_probe(row, NOW + seconds(0.9))
    assert take_probe(row, NOW + seconds(FIRST_PROBE_WAIT))


def test_only_one_may_probe_at_a_time() -> None:
    row = breaker(*[BAD] * 5)
    probes = [take_probe(row, NOW + seconds(1)) for _ in range(3)]
    assert probes == [True, False, False]


def test_the_waits_between_probes_grow_to_the_longest() -> None:
    row, now, waits = breaker(*[BAD] * 5), NOW + seconds(1), []
    for _ in range(6):
        assert take_probe(row, now)
        assert row.probe_at is not None
        waits.append((row.probe_at - now).total_seconds())
        now = row.probe_at
    assert waits == [2, 4, 8, LONGEST_PROBE_WAIT, LONGEST_PROBE_WAIT, LONGEST_PROBE_WAIT]


def test_bad_answers_while_it_is_open_do_not_put_the_probe_off() -> None:
    row = breaker(*[BAD] * 5)
    report(row, [BAD] * 9, NOW + seconds(0.9))
    assert row.probe_at == NOW + seconds(FIRST_PROBE_WAIT)


@pytest.mark.parametrize("back", [seconds(60), timedelta(days=1)])
def test_a_clock_set_back_does_not_keep_it_open(back: timedelta) -> None:
    assert take_probe(breaker(*[BAD] * 5), NOW - back)


def test_closed_it_begins_anew() -> None:
    row = breaker(*[BAD] * 5)
    take_probe(row, NOW + seconds(1))
    close(row)
    assert (row.is_open, row.failures, row.probe_at, row.wait) == (False, 0, None, 0.0)


def test_a_breaker_is_closed_until_something_happens(database: Database) -> None:
    with database.write() as session:
        row = lock_breaker(session, Access("a", "1"))
    assert (row.access, row.is_open, row.failures) == ("a 1", False, 0)


def test_what_one_worker_saw_counts_for_all(database: Database) -> None:
    with database.write() as session:
        report(lock_breaker(session, Access("a", "1")), [BAD] * 5, NOW)
    with database.write() as session:
        assert lock_breaker(session, Access("a", "1")).probe_at == NOW + seconds(FIRST_PROBE_WAIT)


@pytest.mark.parametrize("other", [Access("b", "1"), Access("a", "2")])
def test_another_account_and_other_credentials_have_breakers_of_their_own(
    database: Database, other: Access
) -> None:
    with database.write() as session:
        report(lock_breaker(session, Access("a", "1")), [BAD] * 5, NOW)
    with database.write() as session:
        assert not lock_breaker(session, other).is_open
