"""Whoever is asked to end does so, however often it is asked; `make kills` plays five hundred bursts."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installation import Installation, installation_of
from tests.whole.service import signals

BURSTS = int(os.environ.get("TEST_BURSTS", "3"))


@pytest.fixture(params=["sqlite"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    with installation_of(request, tmp_path) as made:
        yield made


@pytest.mark.parametrize("kind", signals.EMBEDDED)
def test_a_burst_of_signals_ends_a_process_in_order(installed: Installation, kind: str) -> None:
    for seed in range(BURSTS):
        signals.EMBEDDED[kind](installed, random.Random(seed))


@pytest.mark.parametrize("installed", ["cluster"], indirect=True)
def test_so_it_does_a_worker_of_a_cluster(installed: Installation) -> None:
    for seed in range(BURSTS):
        signals.worker(installed, random.Random(seed))
