"""Keep messages that operators send to themselves to try a campaign out."""

import sqlalchemy as sa
from alembic import op

import outbound_campaigns.database.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = outbound_campaigns.database.base.Instant(timezone=True)
    table = "outbound_test_sends"
    op.create_table(
        table,
        sa.Column("id", big_id, nullable=False),
        sa.Column("campaign_id", big_id, nullable=False),
        sa.Column("requested_at", instant, nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("phone_number", sa.Text(), nullable=False),
        sa.Column("custom", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("claimed_until", instant, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("message_uuid", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_campaign_id_{table}_requested_at"), table, ["campaign_id", "requested_at"])
    unsettled = sa.text("outcome IS NULL")
    op.create_index(f"ix_{table}_open", table, ["id"], sqlite_where=unsettled, postgresql_where=unsettled)


def downgrade() -> None:
    op.drop_table("outbound_test_sends")
