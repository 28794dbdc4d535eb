"""Keep delivery receipts, and find a person in all campaigns."""

import sqlalchemy as sa
from alembic import op

import outbound_campaigns.database.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # An index over many millions of rows takes longer than any statement of the service may.
        op.execute("SET LOCAL statement_timeout = 0")
    op.create_table(
        "outbound_refused_webhooks",
        sa.Column("bot_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "day", "reason", name=op.f("pk_outbound_refused_webhooks")),
        sqlite_with_rowid=False,
    )
    _create_receipts()
    op.drop_index("uq_outbound_recipients_person", "outbound_recipients")
    op.create_index(
        "uq_outbound_recipients_person", "outbound_recipients", ["phone_key", "campaign_id"], unique=True
    )


def _create_receipts() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = outbound_campaigns.database.base.Instant(timezone=True)
    op.create_table(
        "outbound_receipts",
        sa.Column("id", big_id, nullable=False),
        sa.Column("bot_id", sa.Text(), nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.Column("raw", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("try_at", instant, nullable=False),
        sa.Column("message_uuid", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("at", instant, nullable=True),
        sa.Column("recipient_id", big_id, nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'applied', 'unknown', 'unreadable')", name=op.f("ck_outbound_receipts_state")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["outbound_recipients.id"], name=op.f("fk_outbound_receipts_recipient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_receipts")),
    )
    for name, columns, where in (
        ("recipient", ["recipient_id"], "recipient_id IS NOT NULL"),
        ("waiting", ["try_at", "id"], "state = 'waiting'"),
    ):
        op.create_index(
            f"ix_outbound_receipts_{name}",
            "outbound_receipts",
            columns,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def downgrade() -> None:
    op.drop_index("uq_outbound_recipients_person", "outbound_recipients")
    op.create_index(
        "uq_outbound_recipients_person", "outbound_recipients", ["campaign_id", "phone_key"], unique=True
    )
    op.drop_table("outbound_receipts")
    op.drop_table("outbound_refused_webhooks")
