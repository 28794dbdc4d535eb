"""retry-failed: why they failed, whom it makes sense to send to again, and that it asks before it does."""

from __future__ import annotations

import pytest

from tests.support.campaigns import set_rows
from tests.support.site import BOT
from tests.support.terminal import Terminal


@pytest.fixture
def failed(terminal: Terminal) -> int:
    """A paused campaign, of whose five people three failed."""
    campaign_id = terminal.installed.campaign(5)
    terminal.installed.operate(campaign_id, "pause")
    for code in ("131026", "131049", "131000"):
        set_rows(terminal.installed.database, campaign_id, "failed", 1, code)
    return campaign_id


def test_it_says_why_and_asks(terminal: Terminal, failed: int) -> None:
    done = terminal.run("retry-failed", "--bot", BOT, "--campaign", str(failed))
    assert "1  131026: El mensaje no se puede entregar" in done.stdout
    assert "No conviene enviarles otra vez." in done.stdout
    assert "Deben esperar: 1; la primera persona, hasta 20" in done.stdout
    assert "Se envía otra vez a 1; 2 quedan fuera." in done.stdout
    assert "¿Continuar?" in done.stdout
    assert terminal.installed.read(failed).retry_failed_before is None


def test_it_takes_those_for_whom_it_makes_sense(terminal: Terminal, failed: int) -> None:
    done = terminal.run("retry-failed", "--bot", BOT, "--campaign", str(failed), "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert terminal.installed.read(failed).retry_codes == {"131000": 0}


def test_a_code_or_a_class_may_be_named(terminal: Terminal, failed: int) -> None:
    named = ("--code", "131000", "--class", "recipient", "--yes")
    done = terminal.run("retry-failed", "--bot", BOT, "--campaign", str(failed), *named, LANG="en_US.UTF-8")
    assert "2 are sent to again; 1 are left out." in done.stdout
    assert terminal.installed.read(failed).retry_codes == {"131000": 0, "131026": 0}


def test_nobody_to_send_to_is_an_error(terminal: Terminal, failed: int) -> None:
    named = ("--code", "131049", "--yes")
    done = terminal.run("retry-failed", "--bot", BOT, "--campaign", str(failed), *named)
    assert done.returncode == 1
    assert "A 1 se les podrá enviar más adelante" in done.stderr
    assert terminal.run("retry-failed", "--bot", "other", "--campaign", str(failed)).returncode == 1
