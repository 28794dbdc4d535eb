"""On PostgreSQL a process that freezes in the middle of a write does not hold its locks for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import NewCampaign
from outbound_campaigns.database import postgresql_session
from outbound_campaigns.database.transactions import Database, open_database


@pytest.fixture
def on_postgresql(copied_postgres_database: Callable[[], str]) -> Any:
    database = open_database(copied_postgres_database())
    yield database
    database.dispose()


@pytest.mark.timeout(60)
def test_among_the_rows_of_a_bulk_statement_too(
    on_postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_postgresql.write() as session:
        now = on_postgresql.now(session)
        campaign_id = campaign_rows.create(session, NewCampaign("bot", "c", "promo"), now).id
    locked, may_end = threading.Event(), threading.Event()

    def freeze() -> None:
        with suppress(DBAPIError), on_postgresql.write() as session:
            campaign_rows.get(session, campaign_id, lock=True)
            raw = session.connection().connection.driver_connection
            assert raw is not None
            # As executemany does, and then nothing: no row follows, nor the end of the bulk.
            with raw.pipeline():
                raw.execute("SELECT 1")
                raw.pgconn.send_flush_request()
                raw.pgconn.flush()
                locked.set()
                may_end.wait()

    frozen = threading.Thread(target=freeze)
    # Who waits for the lock must have more time than who holds it.
    with monkeypatch.context() as shorter:
        shorter.setattr(postgresql_session, "LONGEST_WRITE", 2000)
        frozen.start()
        locked.wait()
    try:
        with on_postgresql.write() as session:
            assert campaign_rows.get(session, campaign_id, lock=True).id == campaign_id
    finally:
        may_end.set()
        frozen.join()
