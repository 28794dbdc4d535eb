"""Workers, and what is beside them, die and freeze: the short version of python -m tests.whole.cluster."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.whole.cluster.chaos import Chaos
from tests.whole.cluster.fleet import Plan, fleet
from tests.whole.cluster.judges import judge

PLAN = Plan(campaigns=4, recipients=500, per_second=60.0, batch_size=50, batch_interval_ms=1000)


@pytest.mark.timeout(240)
def test_whatever_befalls_workers_nobody_is_messaged_twice_or_forgotten(
    tmp_path: Path,
    postgres_server: str,
    postgres_pooler: str | None,
    new_postgres_database: Callable[[], str],
) -> None:
    if postgres_pooler is None:
        pytest.skip("PgBouncer is not installed")
    with fleet(tmp_path, new_postgres_database(), postgres_server, PLAN, workers=3) as made:
        chaos = Chaos(made, seed=3, each=1.0)
        assert chaos.run_until(lambda: made.is_done, 180), made.states()
        assert min(chaos.struck.values()) > 0
        judge(made)
