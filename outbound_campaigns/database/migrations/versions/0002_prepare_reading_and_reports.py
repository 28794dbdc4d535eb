"""Keep errors and a timeline by deltas, and find recipients by index."""

import sqlalchemy as sa
from alembic import op

import outbound_campaigns.database.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LAST_DIGITS = "substr(phone_number, length(phone_number) - 3)"

_FILL_ERRORS = """
    INSERT INTO outbound_error_counts (campaign_id, status, code, count)
    SELECT campaign_id, status, coalesce(error_code, 'unknown'), count(*)
    FROM outbound_recipients
    WHERE status IN ('failed', 'in_doubt')
    GROUP BY 1, 2, 3
"""

_MINUTE = {
    "sqlite": "substr({0}, 1, 17) || '00.000000'",
    "postgresql": "date_trunc('minute', {0}, 'UTC')",
}

_FILL_TIMELINE = """
    INSERT INTO outbound_timeline (campaign_id, at, sent, delivered, read, failed)
    SELECT campaign_id, minute, sum(sent), 0, 0, sum(failed)
    FROM (
        SELECT campaign_id, {0} AS minute, 1 AS sent, 0 AS failed
        FROM outbound_recipients WHERE sent_at IS NOT NULL
        UNION ALL
        SELECT campaign_id, {1}, 0, 1
        FROM outbound_recipients WHERE failed_at IS NOT NULL
    ) AS moments
    GROUP BY campaign_id, minute
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # An index over many millions of rows takes longer than any statement of the service may.
        op.execute("SET LOCAL statement_timeout = 0")
    op.add_column("outbound_campaigns", sa.Column("spend_limit", sa.Float(precision=53), nullable=True))
    op.add_column(
        "outbound_campaigns",
        sa.Column("deleted_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
    )
    for name in ("delivered_at", "read_at"):
        op.add_column(
            "outbound_recipients",
            sa.Column(name, outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        )
    op.drop_index("ix_outbound_recipients_failed", "outbound_recipients")
    op.create_index("ix_outbound_recipients_of_campaign", "outbound_recipients", ["campaign_id", "id"])
    op.create_index("ix_outbound_recipients_of_status", "outbound_recipients", ["campaign_id", "status", "id"])
    op.create_index(
        "ix_outbound_recipients_last_digits",
        "outbound_recipients",
        ["campaign_id", sa.text(_LAST_DIGITS), "id"],
    )
    _create_tables()
    op.execute(_FILL_ERRORS)
    minute = _MINUTE[op.get_bind().dialect.name]
    op.execute(_FILL_TIMELINE.format(minute.format("sent_at"), minute.format("failed_at")))


def _create_tables() -> None:
    op.create_table(
        "outbound_error_counts",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["outbound_campaigns.id"], name=op.f("fk_outbound_error_counts_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "status", "code", name=op.f("pk_outbound_error_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbound_timeline",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["outbound_campaigns.id"], name=op.f("fk_outbound_timeline_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "at", name=op.f("pk_outbound_timeline")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("outbound_timeline")
    op.drop_table("outbound_error_counts")
    for name in ("last_digits", "of_status", "of_campaign"):
        op.drop_index(f"ix_outbound_recipients_{name}", "outbound_recipients")
    op.create_index(
        "ix_outbound_recipients_failed",
        "outbound_recipients",
        ["campaign_id", "id"],
        sqlite_where=sa.text("status = 'failed'"),
        postgresql_where=sa.text("status = 'failed'"),
    )
    for table, name in (
        ("outbound_recipients", "read_at"),
        ("outbound_recipients", "delivered_at"),
        ("outbound_campaigns", "deleted_at"),
        ("outbound_campaigns", "spend_limit"),
    ):
        op.drop_column(table, name)
