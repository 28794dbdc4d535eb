"""Keep a mark that tells this database from a restored copy of it; `db upgrade` sets it."""

import sqlalchemy as sa
from alembic import op

import outbound_campaigns.database.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "outbound_instance"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("marked_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.Column("inode", sa.BigInteger(), nullable=True),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("server", sa.BigInteger(), nullable=True),
        sa.Column("timeline", sa.BigInteger(), nullable=True),
        sa.Column("oid", sa.BigInteger(), nullable=True),
        sa.Column("written_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f(f"ck_{table}_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_table("outbound_instance")
