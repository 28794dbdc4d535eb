"""Keep what Vonage's own records were asked, and which receipts came from them."""

import sqlalchemy as sa
from alembic import op

import outbound_campaigns.database.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = outbound_campaigns.database.base.Instant(timezone=True)
    op.add_column("outbound_campaigns", sa.Column("resend_before", instant, nullable=True))
    # As a part of its column the constraint needs no copy of the table on SQLite.
    op.execute(
        "ALTER TABLE outbound_receipts ADD COLUMN source TEXT NOT NULL DEFAULT 'webhook' "
        "CONSTRAINT ck_outbound_receipts_source CHECK (source IN ('webhook', 'report'))"
    )
    _create_reconciliations()


def _create_reconciliations() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = outbound_campaigns.database.base.Instant(timezone=True)
    table = "outbound_reconciliations"
    counts = ("tries", "rows", "asked", "found", "not_found", "too_early", "questions", "records")
    one_of = {"status": "'running', 'completed', 'failed'", "asking_for": "'in_doubt', 'sent'"}
    op.create_table(
        table,
        sa.Column("id", big_id, nullable=False),
        sa.Column("campaign_id", big_id, nullable=False),
        sa.Column("requested_at", instant, nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("without_receipt", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asking_for", sa.Text(), nullable=False),
        sa.Column("after_id", big_id, nullable=False),
        sa.Column("try_at", instant, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("finished_at", instant, nullable=True),
        *(
            sa.CheckConstraint(f"{column} IN ({values})", name=op.f(f"ck_{table}_{column}"))
            for column, values in one_of.items()
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["outbound_campaigns.id"], name=op.f(f"fk_{table}_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_campaign_id_{table}_id"), table, ["campaign_id", "id"])
    running = sa.text("status = 'running'")
    op.create_index(
        f"ix_{table}_due", table, ["try_at", "id"], sqlite_where=running, postgresql_where=running
    )


def downgrade() -> None:
    op.drop_table("outbound_reconciliations")
    op.drop_column("outbound_receipts", "source")
    op.drop_column("outbound_campaigns", "resend_before")
