"""Checks whether a database has the queue's own tables."""

import sqlalchemy as sa

from outbound_campaigns.database.transactions import Database

JOBS = "procrastinate_jobs"


def has_queue(database: Database) -> bool:
    """Return whether the queue's tables exist."""
    return sa.inspect(database.engine).has_table(JOBS)
