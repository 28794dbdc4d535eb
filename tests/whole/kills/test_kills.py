"""The short version of the crash runs: every named point and a random one, on both databases.

`make kills` is the long one; there the embedded engine runs on PostgreSQL, too.
"""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.engine_process import EngineProcess
from tests.support.installation import Installation, installation_of
from tests.whole.kills.run import AT_RANDOM, PER_SECOND, Plan, carry_out

LEASE_EXPIRES = 2.0
"""seconds; shorter than in production, to take less of everybody's time"""

PLANS = [
    Plan("before_claim_commits", 2, LEASE_EXPIRES),
    Plan("after_claim_commits", 3, LEASE_EXPIRES),
    Plan("before_request", 60, LEASE_EXPIRES),
    Plan("during_request", 60, LEASE_EXPIRES),
    Plan("after_answer", 60, LEASE_EXPIRES),
    Plan("before_record_commits", 3, LEASE_EXPIRES),
    Plan("after_record_commits", 3, LEASE_EXPIRES),
    Plan(AT_RANDOM, 300, LEASE_EXPIRES),
]
PLANS_OF_EMBEDDED_ON_POSTGRESQL = [
    Plan("before_record_commits", 2, LEASE_EXPIRES),
    Plan(AT_RANDOM, 600, LEASE_EXPIRES),
]


@pytest.fixture(scope="module", params=["sqlite", "cluster"])
def installed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("kills")
    with installation_of(request, folder, "lasting_postgres_database") as made:
        yield made


@pytest.fixture(autouse=True)
def _no_engine_outlives_its_test(installed: Installation) -> Iterator[None]:
    yield
    installed.kill_engines()


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: str(plan.point))
def test_a_killed_engine_messages_nobody_twice_and_forgets_nobody(
    installed: Installation, plan: Plan
) -> None:
    carry_out(installed, plan)


@pytest.mark.parametrize("installed", ["postgresql"], indirect=True)
@pytest.mark.parametrize("plan", PLANS_OF_EMBEDDED_ON_POSTGRESQL, ids=lambda plan: str(plan.point))
def test_nor_does_the_one_engine_of_a_postgresql_database(installed: Installation, plan: Plan) -> None:
    carry_out(installed, plan)


def test_a_frozen_engine_that_wakes_sends_nothing_it_has_lost(installed: Installation) -> None:
    installed.clear()
    installed.set_pace(PER_SECOND)
    frozen = installed.start_engine("", LEASE_EXPIRES)
    campaign_id = installed.campaign(400, batch_size=10_000)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > 50)
    frozen.send_signal(signal.SIGSTOP)
    installed.start_engine("", LEASE_EXPIRES)
    if freezes_the_database(installed, frozen):
        frozen.send_signal(signal.SIGCONT)
    campaign = installed.wait_for_end(campaign_id)
    lost = campaign.in_doubt_count
    frozen.send_signal(signal.SIGCONT)
    time.sleep(3)
    installed.assert_promise(campaign_id)
    assert set(installed.accepted().values()) == {1}
    assert installed.read(campaign_id).in_doubt_count <= lost


def freezes_the_database(installed: Installation, frozen: EngineProcess) -> bool:
    """Was it stopped inside a write transaction? On SQLite nobody can write until it goes on."""
    if not installed.database.is_sqlite:
        return False
    time.sleep(LEASE_EXPIRES + 3)
    holders = [line.split()[4] for line in Path("/proc/locks").read_text().splitlines() if "WRITE" in line]
    return str(frozen.pid) in holders


def test_two_engines_on_the_same_rows_never_send_one_twice(installed: Installation) -> None:
    installed.clear()
    installed.set_pace(PER_SECOND)
    installed.set_faults(latency_ms=30)
    first = installed.start_engine("no_lease:1")
    second = installed.start_engine("no_lease:1")
    campaign_id = installed.campaign(500, batch_size=10_000)
    campaign = installed.wait_for_end(campaign_id)
    assert campaign.sent_count + campaign.in_doubt_count == 500
    assert max(installed.accepted().values()) == 1
    installed.assert_promise(campaign_id)
    assert first.poll() is second.poll() is None


def test_batches_are_kept_across_a_take_over(installed: Installation) -> None:
    installed.clear()
    installed.set_pace(PER_SECOND)
    victim = installed.start_engine("during_request:30", LEASE_EXPIRES)
    campaign_id = installed.campaign(120, batch_size=40, batch_interval_ms=4000)
    victim.wait(30)
    installed.start_engine("", LEASE_EXPIRES)
    installed.wait_for_end(campaign_id)
    installed.assert_promise(campaign_id)
    # By when requests came, since the killed engine recorded some of them nowhere. On a busy machine one may
    # travel for half a second; an engine that knew nothing of the batch would begin another after the lease,
    # 2 s later.
    times = sorted(installed.arrivals())
    assert all(last - first >= 3.0 for first, last in zip(times, times[40:], strict=False))
