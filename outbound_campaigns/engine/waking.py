"""How workers learn, inside the committing transaction, that a campaign is due."""

from __future__ import annotations

from outbound_campaigns.database.transactions import Database, Wake
from outbound_campaigns.domain.refusals.request import InvalidValue
from outbound_campaigns.runtime.settings import Settings

CLUSTER = "cluster"


def prepare_queue(settings: Settings, database: Database) -> None:
    """Create the queue's tables if the engine needs them. Raises InvalidValue without the library."""
    if wake_of(settings) is not None:
        from outbound_campaigns.engine.queue import create_tables

        create_tables(database)


def wake_of(settings: Settings) -> Wake | None:
    """Return how to wake the settings' engine; None for an embedded one, which looks for itself.

    Raises InvalidValue without the library.
    """
    if settings.engine != CLUSTER:
        return None
    try:
        from outbound_campaigns.engine.queue import wake_by_job
    except ModuleNotFoundError:
        expected = "pip install 'outbound-campaigns[cluster]'"
        raise InvalidValue(name="OUTBOUND_ENGINE", value=CLUSTER, expected=expected) from None
    return wake_by_job
