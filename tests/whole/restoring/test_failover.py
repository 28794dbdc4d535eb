"""PostgreSQL's standby takes over, or PostgreSQL is killed: nobody is messaged twice."""

from __future__ import annotations

import time
from pathlib import Path

import psycopg

from tests.support.installation import installation
from tests.support.postgres_programs import new_server
from tests.whole.restoring.failover import fail_over


def test_nobody_is_messaged_twice_after_a_failover_to_a_standby_that_lags(
    postgres_server: str,
) -> None:
    with new_server(postgres_server) as primary:
        fail_over(primary.host, "embedded", seed=1)


def test_a_killed_server_forgets_no_claim_even_with_asynchronous_commit(
    postgres_server: str, tmp_path: Path
) -> None:
    # As a rule, what is not flushed is written every 200 ms.
    forgetful = ("synchronous_commit=off", "wal_writer_delay=10s", "wal_writer_flush_after=1GB")
    with new_server(postgres_server, *forgetful) as server:
        url = f"postgresql+psycopg://postgres@/postgres?host={server.host}"
        with psycopg.connect(host=server.host, user="postgres", dbname="postgres") as connection:
            assert connection.execute("SHOW synchronous_commit").fetchone() == ("off",)
        with installation(tmp_path, url, "cluster") as installed:
            installed.set_pace(200)
            installed.start_engine()
            campaign_id = installed.campaign(1200, batch_size=10_000)
            with psycopg.connect(host=server.host, user="postgres", autocommit=True) as connection:
                connection.execute("CHECKPOINT")
            for least in (200, 500):
                while installed.read(campaign_id).sent_count < least:
                    time.sleep(0.05)
                installed.database.dispose()
                server.kill()
                server.start()
            installed.set_pace(2000)
            installed.wait_for_end(campaign_id)
            installed.assert_nobody_twice()
