"""Let PostgreSQL clean up soon what changes often, and leave room where rows change in place."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_GROWING = "autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02"
_SMALL = "fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500"

PARAMETERS = {
    # Claimed, sent, delivered, read: its new versions find room beside the old ones, which go when the page is read.
    "outbound_recipients": f"fillfactor = 75, {_GROWING}",
    # Ended once, in columns that no index has.
    "outbound_attempts": f"fillfactor = 80, {_GROWING}",
    "outbound_receipts": f"fillfactor = 90, {_GROWING}",
    # A few rows that each slice changes.
    **dict.fromkeys(
        (
            *("outbound_campaigns", "outbound_paces", "outbound_breakers", "outbound_leases", "outbound_workers"),
            *("outbound_timeline", "outbound_error_counts", "outbound_country_counts"),
        ),
        _SMALL,
    ),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, parameters in PARAMETERS.items():
            op.execute(f"ALTER TABLE {table} SET ({parameters})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, parameters in PARAMETERS.items():
            names = ", ".join(parameter.split(" = ")[0] for parameter in parameters.split(", "))
            op.execute(f"ALTER TABLE {table} RESET ({names})")
