"""Keep the workers of a cluster, and which of them sends a campaign."""

import sqlalchemy as sa
from alembic import op

import outbound_campaigns.database.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = outbound_campaigns.database.base.Instant(timezone=True)
    table = "outbound_workers"
    op.create_table(
        table,
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("joined_at", instant, nullable=False),
        sa.Column("renewed_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f(f"pk_{table}")),
    )
    # Not by batch_alter_table, which on SQLite copies the table and all that hangs on it.
    op.add_column("outbound_campaigns", sa.Column("worker", sa.Text(), nullable=True))
    held = sa.text("worker IS NOT NULL")
    op.create_index(
        "ix_outbound_campaigns_held",
        "outbound_campaigns",
        ["worker"],
        sqlite_where=held,
        postgresql_where=held,
    )


def downgrade() -> None:
    op.drop_index("ix_outbound_campaigns_held", "outbound_campaigns")
    op.drop_column("outbound_campaigns", "worker")
    op.drop_table("outbound_workers")
