"""A cluster's workers from the terminal: one is started, listed, and told what it lacks."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.installation import Installation, installation, stop


@pytest.fixture
def cluster(tmp_path: Path, new_postgres_database: Callable[[], str]) -> Iterator[Installation]:
    with installation(tmp_path, new_postgres_database(), "cluster") as made:
        yield made


def command(installed: Installation, name: str, **environ: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "outbound_campaigns", name],
        env=installed.environ | {"LANG": "en_US.UTF-8"} | environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def output(installed: Installation, name: str, **environ: str) -> tuple[int, str]:
    process = command(installed, name, **environ)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


def test_a_worker_is_listed_with_what_it_sends_and_ends_when_told(cluster: Installation) -> None:
    assert "No worker is running." in output(cluster, "workers")[1]
    cluster.set_pace(20)
    worker = command(cluster, "worker")
    campaign_id = cluster.campaign(400, batch_size=10_000)
    cluster.wait(campaign_id, lambda campaign: campaign.sent_count > 0)
    code, said = output(cluster, "workers")
    assert code == 0
    assert ", leads" in said
    assert f"  sends campaign {campaign_id} of demo-bot: test" in said
    worker.terminate()
    assert worker.wait(20) == 0
    assert worker.stdout is not None
    worker.stdout.close()
    assert "No worker is running." in output(cluster, "workers")[1]
    assert cluster.read(campaign_id).sending_count == 0
    cluster.assert_promise(campaign_id)


def test_what_keeps_a_worker_from_running_is_said(cluster: Installation, tmp_path: Path) -> None:
    code, said = output(cluster, "worker", OUTBOUND_ENGINE="embedded")
    assert code == 1
    assert "The value of OUTBOUND_ENGINE can't be used: embedded. Expected: cluster." in said
    code, said = output(cluster, "worker", OUTBOUND_DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite")
    assert code == 1
    assert "Expected: postgresql://user:password@host/name, since OUTBOUND_ENGINE=cluster." in said
    with cluster.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE procrastinate_jobs RENAME TO elsewhere")
    code, said = output(cluster, "worker")
    assert code == 1
    assert "outbound-campaigns db upgrade" in said


@pytest.mark.parametrize("name", ["workers", "recount"])
def test_a_database_that_is_empty_or_away_is_told_in_a_line(
    cluster: Installation, tmp_path: Path, name: str
) -> None:
    empty = {"OUTBOUND_ENGINE": "embedded", "OUTBOUND_DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite"}
    code, said = output(cluster, name, **empty)
    assert (code, said.count("\n"), "outbound-campaigns db upgrade" in said) == (1, 1, True)
    code, said = output(cluster, name, OUTBOUND_DATABASE_URL="postgresql://user:hidden@127.0.0.1:1/x")
    assert (code, said.count("\n"), "does not answer" in said, "hidden" in said) == (1, 1, True, False)


def test_an_embedded_engine_and_workers_do_not_send_side_by_side(cluster: Installation) -> None:
    worker = cluster.start_engine()
    cluster.set_pace(50)
    campaign_id = cluster.campaign(300, batch_size=10_000)
    cluster.wait(campaign_id, lambda campaign: campaign.sent_count > 0)
    cluster.engine = "embedded"
    cluster.start_engine()
    time.sleep(2)
    campaign = cluster.wait(campaign_id, lambda campaign: campaign.sent_count > 200)
    assert campaign.in_doubt_count == 0
    stop(worker)
    assert cluster.wait_for_end(campaign_id).sent_count == 300
    cluster.assert_promise(campaign_id)
