"""An engine that gets nothing done leaves the lease to another, and takes part again when it can."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.engine.assembly import assemble
from outbound_campaigns.engine.lease import engine_alive
from outbound_campaigns.engine.process import EngineProcess
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.vonage.gateway import Endpoint, VonageGateway
from tests.support.tables import sqlite_with_tables


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.1)


async def hang_for_a_while(engine: EngineProcess, database: Database) -> None:
    running = asyncio.create_task(engine.run())
    await until(lambda: engine_alive(database))
    goes_on = threading.Event()
    for _ in range(8):
        asyncio.get_running_loop().run_in_executor(engine._threads, goes_on.wait)
    try:
        await until(lambda: not engine_alive(database))
        await asyncio.sleep(3)
        assert not engine_alive(database)
    finally:
        goes_on.set()
    await until(lambda: engine_alive(database))
    engine.stop()
    await running


@pytest.mark.timeout(120)
def test_an_engine_whose_threads_all_hang_gives_its_lease_up_until_they_go_on(tmp_path: Path) -> None:
    url = sqlite_with_tables(tmp_path)
    settings = Settings(database_url=url, botpress_data_dir=tmp_path, upload_dir=tmp_path / "uploads")

    async def live() -> None:
        with open_database(url) as database:
            async with VonageGateway(Endpoint("http://127.0.0.1:9", 1, 1, 8)) as gateway:
                await hang_for_a_while(assemble(settings, {}, database, gateway), database)

    asyncio.run(live())
