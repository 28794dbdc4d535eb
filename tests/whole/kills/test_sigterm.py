"""An engine that is told to end does so within 20 seconds, whatever its database does."""

import sqlite3
import time
from pathlib import Path

from tests.support.installation import installation, stop

ENDS_WITHIN = 20.0


def test_an_engine_ends_while_another_program_locks_its_sqlite_file(tmp_path: Path) -> None:
    with installation(tmp_path, f"sqlite:///{tmp_path}/db.sqlite") as installed:
        installed.set_pace(100)
        engine = installed.start_engine()
        campaign_id = installed.campaign(2000, batch_size=10_000)
        installed.wait(campaign_id, lambda campaign: campaign.sent_count > 20)
        other = sqlite3.connect(tmp_path / "db.sqlite", isolation_level=None)
        other.execute("PRAGMA busy_timeout=5000")
        other.execute("BEGIN IMMEDIATE")
        time.sleep(2)
        assert stop(engine, 60) < ENDS_WITHIN
        other.close()
        installed.start_engine()
        installed.set_pace(2000)
        installed.wait_for_end(campaign_id)
        installed.assert_promise(campaign_id)
