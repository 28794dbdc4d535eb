"""One run: an engine is killed in the middle of a campaign, and another takes over."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from outbound_campaigns.sending.gate import MOST_DOUBTFUL
from tests.support.installation import Installation
from tests.whole.kills.engine import POINTS

PER_SECOND = 200
RECIPIENTS = 240
LATENCY_MS = 60

MOST_IN_DOUBT = MOST_DOUBTFUL + 40
"""what may leave, or was answered, and what was in flight (latency times pace, and some)"""

STILL_ON_THE_WAY = 0.3
"""seconds for which requests of a dead engine may still arrive"""

AT_RANDOM = "at_random"


@dataclass(frozen=True)
class Plan:
    """Where to kill; `times` is how often the point is passed, or for AT_RANDOM milliseconds."""

    point: str
    times: int
    lease_expires: float = 5.0


@dataclass(frozen=True)
class Verdict:
    plan: Plan
    in_doubt: int
    pause: float
    """seconds from the kill to the next request"""


def plans(count: int, seed: int, lease_expires: float = 5.0) -> Sequence[Plan]:
    """Each named point and the random one in turn, each time after another number of passes."""
    chance = random.Random(seed)
    points = (*POINTS, AT_RANDOM)
    return [_plan(points[n % len(points)], chance, lease_expires) for n in range(count)]


def _plan(point: str, chance: random.Random, lease_expires: float) -> Plan:
    if point == AT_RANDOM:
        return Plan(point, chance.randrange(20, 900), lease_expires)
    most = 4 if point.endswith("commits") else 150
    return Plan(point, chance.randrange(1, most), lease_expires)


def carry_out(installed: Installation, plan: Plan) -> Verdict:
    """Kill one engine, let another finish, and hold the promise against the ledger.

    Begun anew where the engine to be killed lost its term before, as one may on a machine that is very busy.
    """
    for _ in range(3):
        if (verdict := _play(installed, plan)) is not None:
            return verdict
    raise AssertionError(f"{plan}: no engine came so far")


def _play(installed: Installation, plan: Plan) -> Verdict | None:
    installed.clear()
    installed.set_pace(PER_SECOND)
    installed.set_faults(latency_ms=LATENCY_MS)
    kill_at = "" if plan.point == AT_RANDOM else f"{plan.point}:{plan.times}"
    victim = installed.start_engine(kill_at, plan.lease_expires)
    told_before = len(installed.engine_log())
    campaign_id = installed.campaign(RECIPIENTS, batch_size=10_000)
    installed.wait(campaign_id, lambda campaign: campaign.sending_count > 0 or victim.poll() is not None)
    installed.start_engine("", plan.lease_expires)
    if plan.point == AT_RANDOM:
        time.sleep(plan.times / 1000)
        victim.kill()
        victim.wait(30)
    installed.wait(campaign_id, lambda campaign: campaign.status != "running" or victim.poll() is not None)
    killed_at = time.time() if victim.poll() is not None else None
    campaign = installed.wait_for_end(campaign_id, 60)
    installed.assert_promise(campaign_id)
    assert campaign.status == "completed", campaign.status
    assert campaign.sent_count + campaign.in_doubt_count == RECIPIENTS
    most = MOST_IN_DOUBT * _terms_lost(installed.engine_log()[told_before:])
    assert campaign.in_doubt_count <= most, (campaign.in_doubt_count, most)
    arrivals = installed.arrivals()
    installed.kill_engines()
    if killed_at is None:
        return None
    next_requests = [at for at in arrivals if at > killed_at + STILL_ON_THE_WAY]
    pause = min(next_requests) - killed_at if next_requests else 0.0
    return Verdict(plan, campaign.in_doubt_count, pause)


def _terms_lost(log: str) -> int:
    """How many terms of engines have begun but for the last: one, unless the machine was very busy."""
    return max(1, len(set(re.findall(r"(?:joins|leads) worker=(\S+)", log))) - 1)
