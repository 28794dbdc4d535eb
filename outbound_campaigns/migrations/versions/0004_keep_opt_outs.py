"""Keep who wants no more messages of a bot."""

import sqlalchemy as sa
from alembic import op

import outbound_campaigns.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbound_opt_outs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bot_id", sa.Text(), nullable=False),
        sa.Column("phone_key", sa.Text(), nullable=False),
        sa.Column("phone_number", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("created_at", outbound_campaigns.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "source IN ('word', 'button', 'code', 'api', 'file')", name=op.f("ck_outbound_opt_outs_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_opt_outs")),
    )
    op.create_index(
        "uq_outbound_opt_outs_person", "outbound_opt_outs", ["bot_id", "phone_key"], unique=True
    )
    op.create_index(
        op.f("ix_outbound_opt_outs_bot_id_outbound_opt_outs_id"), "outbound_opt_outs", ["bot_id", "id"]
    )


def downgrade() -> None:
    op.drop_table("outbound_opt_outs")
