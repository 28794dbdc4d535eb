"""reconcile: what it may cost, what came of it, with an engine of the service's or without."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.incoming import reconciliation
from tests.support.site import BOT
from tests.support.terminal import Terminal

Lost = Callable[[], int]


@pytest.fixture
def lost(terminal: Terminal) -> int:
    """A campaign of ten, two of whose messages were taken and the connection broke all the same."""
    terminal.installed.data.write(
        f"bots/{BOT}/config/outbound-campaigns.json",
        {"senderNumber": "5215550001111", "messagesPerSecond": 50, "reportRecordPrice": 0.01},
    )
    terminal.installed.set_faults(reset_after_accept_share=0.3)
    engine = terminal.installed.start_engine()
    campaign_id = terminal.installed.campaign(10)
    assert terminal.installed.wait_for_end(campaign_id).in_doubt_count > 0
    terminal.installed.set_faults(reset=True)
    engine.kill()
    engine.wait()
    return campaign_id


def test_it_says_what_it_may_cost_and_asks_before_it_does(terminal: Terminal, lost: int) -> None:
    done = terminal.run("reconcile", "--bot", BOT)
    assert done.returncode == 1
    assert "Vonage cobra 0.01 por cada registro" in done.stdout
    assert "¿Continuar?" in done.stdout
    assert terminal.installed.read(lost).in_doubt_count > 0


def test_without_an_engine_it_does_the_work_itself(terminal: Terminal, lost: int) -> None:
    in_doubt = terminal.installed.read(lost).in_doubt_count
    done = terminal.run("reconcile", "--bot", BOT, "--yes", LANG="en_US.UTF-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Asked about {in_doubt}; found {in_doubt}; not found at Vonage 0" in done.stdout
    assert terminal.installed.read(lost).in_doubt_count == 0
    again = terminal.run("reconcile", "--bot", BOT, "--yes")
    assert (again.returncode, "Ningún mensaje está en duda" in again.stdout) == (0, True)
    terminal.installed.assert_nobody_twice()


def test_with_an_engine_the_engine_does_it(terminal: Terminal, lost: int) -> None:
    terminal.installed.start_engine()
    done = terminal.run("reconcile", "--bot", BOT, "--campaign", str(lost), "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    terminal.installed.wait(lost, lambda campaign: campaign.in_doubt_count == 0)


def test_a_pass_under_way_does_not_keep_others_from_being_asked_about(terminal: Terminal, lost: int) -> None:
    other = terminal.installed.campaign(1)
    with terminal.installed.database.write() as session:
        now = terminal.installed.database.now(session)
        reconciliation.request(session, lost, False, Act("ana", now))
        campaign_rows.update(session, other, in_doubt_count=1, pending_count=0, account="abcd1234")
    done = terminal.run("reconcile", "--bot", BOT, "--yes")
    assert done.returncode == 1
    assert "La conciliación anterior de esta campaña aún no termina" in done.stdout
    assert f"Campaña {other}, «test»:" in done.stdout


def test_a_campaign_that_is_not_there_is_said_in_one_line(terminal: Terminal) -> None:
    done = terminal.run("reconcile", "--bot", BOT, "--campaign", "999", "--yes")
    assert (done.returncode, done.stderr) == (1, "Error: No hay ninguna campaña 999.\n")
