"""How fast one account, or one sender number, may send: a rate that falls and recovers (GCRA).

The rate starts at its ceiling. Throttle answers cut it, at most once a second, to 90 % of
what was accepted in the last second; each second without any adds 2 % of the ceiling.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Pace
from outbound_campaigns.database.statements import insert_if_missing
from outbound_campaigns.vonage.senders import Sender

SECOND = 1.0
TOLERANCE = 0.1
"""seconds by which a late slice may catch up"""

_SHORTEST = 0.2
"""seconds; a rate is never measured over a shorter time"""

_CEILING_LASTS = 3600.0
"""seconds for which the ceiling of a bot that has stopped sending still counts"""

_CEILING_RENEWED = 60.0
"""seconds after which the ceiling of a bot that sends is stored again"""


@dataclass(frozen=True, slots=True)
class Limit:
    """A ceiling in messages a second for one key, from one bot's settings."""

    key: str
    bot_id: str
    per_second: float


def limits_of(sender: Sender) -> tuple[Limit, Limit]:
    """Return the two limits that a sender's message must both respect: its account's and its number's."""
    sandbox = sender.credentials.sandbox
    return (
        Limit(account_key(sender.account, sandbox), sender.bot_id, sender.messages_per_second),
        Limit(sender_key(sender.number), sender.bot_id, sender.messages_per_second),
    )


def account_key(account: str, sandbox: bool = False) -> str:
    return f"account:{account} sandbox" if sandbox else f"account:{account}"


def sender_key(number: str) -> str:
    return f"sender:{number}"


def lock_paces(session: Session, limits: Iterable[Limit], now: float) -> Sequence[Pace]:
    """Return the rows of one or two limits, created if missing, locked in one order, with current ceilings.

    The limits themselves become ceilings once a message has been accepted under them (`hold`).
    """
    by_key = {limit.key: limit for limit in limits}
    paces = _locked(session, by_key)
    if missing := by_key.keys() - {pace.key for pace in paces}:
        insert_if_missing(session, Pace, *(_new(by_key[key], now) for key in sorted(missing)))
        paces = _locked(session, by_key)
    for pace in paces:
        limit = by_key[pace.key]
        pace.ceilings = recent_ceilings(pace.ceilings, now)
        # A rate that throttle answers have cut stays cut, though nothing was accepted since.
        if not pace.ceilings and now - pace.cut_at >= _CEILING_LASTS:
            pace.per_second = limit.per_second
        pace.per_second = min(pace.per_second, ceiling(pace))
    return paces


def hold(paces: Iterable[Pace], limits: Iterable[Limit], now: float) -> None:
    """Make the limits ceilings of everybody, since Vonage has accepted a message of their bot.

    Before that, a bot that names another's account, or number, without its secret must not slow the other.
    """
    by_key = {limit.key: limit for limit in limits}
    for pace in paces:
        limit = by_key[pace.key]
        known, at = pace.ceilings.get(limit.bot_id, (None, 0.0))
        if known == limit.per_second and 0 <= now - at < _CEILING_RENEWED:
            continue
        was_uncut = pace.per_second >= ceiling(pace)
        pace.ceilings = pace.ceilings | {limit.bot_id: [limit.per_second, now]}
        # Somebody who raises the setting expects it at once; only a rate that was cut has to recover.
        pace.per_second = ceiling(pace) if was_uncut else min(pace.per_second, ceiling(pace))


def may_cut(pace: Pace, bot_id: str) -> bool:
    """Return whether this bot's throttle answers concern all: Vonage has accepted it, or nobody yet."""
    return bot_id in pace.ceilings or not pace.ceilings


def ceiling(pace: Pace) -> float:
    """Return the most messages a second: where settings differ, the smallest wins."""
    return min((per_second for per_second, _ in pace.ceilings.values()), default=pace.per_second)


def grant(paces: Iterable[Pace], now: float, most: float = math.inf) -> tuple[float, float]:
    """Return (when the next message may leave, seconds between messages), as all of the rows allow it.

    `most` is the sender's own messages a second.
    """
    paces = list(paces)
    starts = [pace.next_at if pace.next_at <= _furthest(pace, now) else now for pace in paces]
    return max(now - TOLERANCE, *starts), max(1 / most, *(1 / pace.per_second for pace in paces))


def _furthest(pace: Pace, now: float) -> float:
    """Return the end of the longest slice; any time beyond it was set before the clock was set back."""
    return now + 2 * SECOND + 1 / pace.per_second


def take(paces: Iterable[Pace], start: float, messages: int) -> None:
    """Reserve the time for this many messages from `start` on; the next may leave after them."""
    for pace in paces:
        pace.next_at = start + messages / pace.per_second


def report(pace: Pace, accepted: int, throttled: int, now: float) -> None:
    """Report to the pace what Vonage answered since the last report."""
    pace.accepted += accepted
    pace.throttled += throttled
    passed = now - pace.window_at
    # A cut that seems to lie ahead was made before the clock was set back.
    if throttled and not 0 <= now - pace.cut_at < SECOND:
        _cut(pace, now, passed)
    elif passed >= SECOND or passed < 0:
        _next_second(pace, now, passed)


def _cut(pace: Pace, now: float, passed: float) -> None:
    seen = pace.accepted / min(max(passed, _SHORTEST), SECOND)
    accepted = max(seen, pace.last_rate) if passed < _SHORTEST else seen
    pace.per_second = _within(pace, 0.9 * min(accepted, pace.per_second))
    pace.cut_at = now
    pace.next_at = min(pace.next_at, now)
    _start_window(pace, now, pace.per_second)


def _next_second(pace: Pace, now: float, passed: float) -> None:
    if pace.throttled == 0 and pace.accepted > 0:
        pace.per_second = _within(pace, pace.per_second + 0.02 * ceiling(pace))
    _start_window(pace, now, pace.accepted / max(passed, SECOND))


def _start_window(pace: Pace, now: float, last_rate: float) -> None:
    pace.window_at, pace.accepted, pace.throttled, pace.last_rate = now, 0, 0, last_rate


def _within(pace: Pace, per_second: float) -> float:
    top = ceiling(pace)
    return min(max(per_second, min(1.0, top)), top)


def recent_ceilings(ceilings: Mapping[str, list[float]], now: float) -> dict[str, list[float]]:
    """Return the ceilings that count: of bots that send, or did within the last hour."""
    return {bot: [rate, at] for bot, (rate, at) in ceilings.items() if now - at < _CEILING_LASTS}


_LOCK = (
    sa.select(Pace)
    .where(Pace.key.in_((sa.bindparam("first"), sa.bindparam("last"))))
    .order_by(Pace.key)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def _locked(session: Session, keys: Collection[str]) -> Sequence[Pace]:
    of_limits = {"first": min(keys), "last": max(keys)}
    return session.execute(_LOCK, of_limits).scalars().all()


def _new(limit: Limit, now: float) -> dict[str, object]:
    return {
        "key": limit.key,
        "per_second": limit.per_second,
        "next_at": now,
        "window_at": now,
        "ceilings": {},
    }
