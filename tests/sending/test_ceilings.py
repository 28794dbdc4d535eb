"""Ceilings: what the settings of the bots that send through an account allow all of them."""

from __future__ import annotations

from collections.abc import Sequence

from outbound_campaigns.database.models import Pace
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.sending.pace import Limit, ceiling, grant, hold, lock_paces, report, take

START = 1_772_366_400.0


def locked(database: Database, limits: list[Limit], now: float = START) -> Sequence[Pace]:
    with database.write() as session:
        return lock_paces(session, limits, now)


def accepted(database: Database, limit: Limit, now: float = START) -> Sequence[Pace]:
    """Vonage accepts a message under this limit."""
    with database.write() as session:
        rows = lock_paces(session, [limit], now)
        hold(rows, [limit], now)
        return rows


def test_a_pace_begins_at_its_ceiling(database: Database) -> None:
    rows = locked(database, [Limit("account:a", "bot", 20.0), Limit("sender:n", "bot", 20.0)])
    assert [(row.key, row.per_second, row.next_at) for row in rows] == [
        ("account:a", 20.0, START),
        ("sender:n", 20.0, START),
    ]


def test_what_was_taken_counts_for_the_next_who_asks(database: Database) -> None:
    limit = Limit("account:a", "bot", 20.0)
    with database.write() as session:
        take(lock_paces(session, [limit], START), START, 10)
    (row,) = locked(database, [limit])
    assert row.next_at == START + 0.5


def test_of_differing_settings_the_smallest_wins(database: Database) -> None:
    accepted(database, Limit("account:a", "careful", 5.0))
    (row,) = locked(database, [Limit("account:a", "hasty", 50.0)])
    assert (ceiling(row), row.per_second) == (5.0, 5.0)


def test_a_bot_slows_others_only_once_a_message_of_its_own_was_accepted(database: Database) -> None:
    accepted(database, Limit("account:a", "bot", 50.0))
    (row,) = locked(database, [Limit("account:a", "without the secret", 0.2)])
    assert (ceiling(row), row.per_second) == (50.0, 50.0)
    assert grant([row], START, most=0.2)[1] == 5.0
    (row,) = accepted(database, Limit("account:a", "with the secret", 0.2))
    assert row.per_second == 0.2


def test_who_comes_first_without_being_accepted_leaves_no_trace(database: Database) -> None:
    locked(database, [Limit("account:a", "without the secret", 0.2)])
    (row,) = locked(database, [Limit("account:a", "bot", 50.0)])
    assert row.per_second == 50.0


def test_a_setting_that_falls_takes_effect_at_once_for_its_bot(database: Database) -> None:
    accepted(database, Limit("account:a", "bot", 50.0))
    (row,) = locked(database, [Limit("account:a", "bot", 5.0)])
    assert grant([row], START, most=5.0)[1] == 0.2


def test_a_setting_that_rises_takes_effect_at_once_unless_throttle_answers_have_cut_the_rate(
    database: Database,
) -> None:
    accepted(database, Limit("account:a", "bot", 50.0))
    (row,) = accepted(database, Limit("account:a", "bot", 500.0))
    assert row.per_second == 500.0
    with database.write() as session:
        (row,) = lock_paces(session, [Limit("account:a", "bot", 500.0)], START)
        report(row, accepted=0, throttled=5, now=START + 1)
        cut = row.per_second
    (row,) = accepted(database, Limit("account:a", "bot", 800.0), START + 2)
    assert row.per_second == cut < 500.0


def test_the_setting_of_a_bot_that_stopped_sending_is_forgotten(database: Database) -> None:
    accepted(database, Limit("account:a", "careful", 5.0))
    (row,) = accepted(database, Limit("account:a", "hasty", 50.0), START + 3601)
    assert ceiling(row) == 50.0


def test_paces_are_locked_in_one_order_whoever_asks(database: Database) -> None:
    limits = [Limit("sender:n", "bot", 20.0), Limit("account:a", "bot", 20.0)]
    assert [row.key for row in locked(database, limits)] == ["account:a", "sender:n"]


def test_a_rate_that_was_cut_stays_cut_while_nothing_is_accepted(database: Database) -> None:
    limit = Limit("account:a", "bot", 50.0)
    with database.write() as session:
        (row,) = lock_paces(session, [limit], START)
        report(row, accepted=0, throttled=5, now=START + 1)
        cut = row.per_second
    (row,) = locked(database, [limit], START + 2)
    assert row.per_second == cut < 50.0
