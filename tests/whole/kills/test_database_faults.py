"""The database goes away, is locked or full while a campaign runs: nothing is lost, and it goes on."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.support.cut import Proxy, fill, small_disk
from tests.support.installation import Installation, installation

AWAY = float(os.environ.get("TEST_OUTAGE", "8"))
"""seconds: longer than a lease, and than SQLite itself would wait"""
RECIPIENTS = 1200
SLICE = 200


def send_until(installed: Installation, sent: int) -> int:
    """A campaign in the middle of being sent by one engine."""
    installed.set_pace(SLICE)
    installed.start_engine()
    campaign_id = installed.campaign(RECIPIENTS, batch_size=10_000)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > sent)
    return campaign_id


def assert_it_goes_on(installed: Installation, campaign_id: int, in_doubt: int = 0) -> None:
    campaign = installed.wait_for_end(campaign_id, 120)
    assert campaign.status == "completed"
    assert campaign.in_doubt_count <= in_doubt
    assert campaign.sent_count + campaign.in_doubt_count == RECIPIENTS
    installed.assert_promise(campaign_id)


def test_sqlite_locked_for_a_while(tmp_path: Path) -> None:
    with installation(tmp_path, f"sqlite:///{tmp_path}/db.sqlite") as installed:
        campaign_id = send_until(installed, 200)
        other = sqlite3.connect(tmp_path / "db.sqlite", isolation_level=None)
        other.execute("PRAGMA busy_timeout=5000")
        other.execute("BEGIN IMMEDIATE")
        time.sleep(AWAY)
        other.execute("ROLLBACK")
        other.close()
        assert_it_goes_on(installed, campaign_id)


def test_a_full_disk_under_sqlite(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", 8) as disk,
        installation(tmp_path, f"sqlite:///{disk}/db.sqlite") as installed,
    ):
        campaign_id = send_until(installed, 200)
        ballast = fill(disk)
        time.sleep(AWAY)
        ballast.unlink()
        assert_it_goes_on(installed, campaign_id)


@pytest.mark.parametrize("engine", ["embedded", "cluster"])
def test_postgresql_away_for_a_while(
    tmp_path: Path, postgres_server: str, new_postgres_database: Callable[[], str], engine: str
) -> None:
    folder = Path(mkdtemp(prefix="cut"))  # a short path: a socket's may have 107 bytes
    proxy = Proxy(folder, postgres_server)
    proxy.open()
    direct = new_postgres_database()
    with installation(tmp_path, direct, engine) as installed:
        installed.database_url = direct.replace(postgres_server, str(folder))
        campaign_id = send_until(installed, 200)
        proxy.cut()
        time.sleep(AWAY)
        proxy.open()
        # A commit whose answer was cut off leaves a slice that its engine knows nothing of.
        assert_it_goes_on(installed, campaign_id, in_doubt=SLICE)
    proxy.cut()
    shutil.rmtree(folder)


def test_a_full_disk_under_postgresql(
    tmp_path: Path, postgres_server: str, new_postgres_database: Callable[[], str]
) -> None:
    url = new_postgres_database()
    name = make_url(url).database
    folder = Path(mkdtemp(prefix="small"))
    folder.chmod(0o777)
    with small_disk(folder, 24) as disk:
        place = disk / "tables"
        place.mkdir()
        shutil.chown(place, "pgserver", "pgserver")
        with psycopg.connect(
            host=postgres_server, user="postgres", dbname="postgres", autocommit=True
        ) as server:
            server.execute(f"CREATE TABLESPACE small LOCATION '{place}'".encode())
            server.execute(f"ALTER DATABASE {name} SET TABLESPACE small".encode())
            with installation(tmp_path, url) as installed:
                campaign_id = send_until(installed, 200)
                ballast = fill(disk)
                time.sleep(AWAY)
                ballast.unlink()
                assert_it_goes_on(installed, campaign_id)
            server.execute(f"ALTER DATABASE {name} SET TABLESPACE pg_default".encode())
            server.execute(b"DROP TABLESPACE small")
    folder.rmdir()
