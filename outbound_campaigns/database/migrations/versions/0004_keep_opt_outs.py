"""Keep who wants no more messages of a bot, and what people write back."""

import sqlalchemy as sa
from alembic import op

import outbound_campaigns.database.base

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
        sa.Column("created_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
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
    _create_inbound_messages()


def _create_inbound_messages() -> None:
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = outbound_campaigns.database.base.Instant(timezone=True)
    table = "outbound_inbound_messages"
    one_of = {
        "state": "'waiting', 'applied', 'repeated', 'unreadable'",
        "kind": "'replied', 'button', 'opted_out'",
        "forward": "'waiting', 'forwarded', 'refused', 'given_up'",
    }
    op.create_table(
        table,
        sa.Column("id", big_id, nullable=False),
        sa.Column("bot_id", sa.Text(), nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("authorization", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message_uuid", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("at", instant, nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("campaign_id", big_id, nullable=True),
        sa.Column("recipient_id", big_id, nullable=True),
        sa.Column("forward", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", instant, nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        *(
            sa.CheckConstraint(f"{column} IN ({values})", name=op.f(f"ck_{table}_{column}"))
            for column, values in one_of.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for name, columns, where in (
        ("waiting", ["id"], "state = 'waiting'"),
        ("message", ["bot_id", "message_uuid"], None),
        ("due", ["try_at", "id"], "forward = 'waiting'"),
        ("line", ["bot_id", "forward", "person", "id"], None),
        ("replies", ["campaign_id", "kind", "recipient_id"], "campaign_id IS NOT NULL"),
    ):
        some = sa.text(where) if where else None
        op.create_index(f"ix_{table}_{name}", table, columns, sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    op.drop_table("outbound_inbound_messages")
    op.drop_table("outbound_opt_outs")
