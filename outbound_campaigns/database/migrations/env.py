"""Shows Alembic our tables, and only ours: the database may hold Botpress's as well."""

from alembic import context
from sqlalchemy import event

from outbound_campaigns.database.migrations.tables import VERSION_TABLE
from outbound_campaigns.database.migrations.upgrade import PREFIX
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database

database: Database = context.config.attributes["database"]


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Return False for a table that is not ours."""
    return kind != "table" or (name or "").startswith(PREFIX)


# With millions of rows a migration takes longer than the service's transactions may, and computes in between.
NO_LIMITS = """
    SELECT set_config(name, '0', true) FROM pg_settings
    WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')
"""

with database.engine.connect() as connection:
    if not database.is_sqlite:
        event.listen(connection, "begin", lambda begun: begun.exec_driver_sql(NO_LIMITS))
    context.configure(
        connection=connection,
        target_metadata=Campaign.metadata,
        version_table=VERSION_TABLE,
        include_name=ours,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
