"""Create campaigns, recipients and what sending needs."""

import sqlalchemy as sa
from alembic import op

import outbound_campaigns.database.base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbound_breakers",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("probe_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("wait", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_outbound_breakers")),
    )
    op.create_table(
        "outbound_campaigns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("bot_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("template_language", sa.Text(), nullable=False),
        sa.Column("template_components", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("variables", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("template_namespace", sa.Text(), nullable=True),
        sa.Column("template_name", sa.Text(), nullable=True),
        sa.Column("sender_number", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("batch_size", sa.Integer(), nullable=False),
        sa.Column("batch_interval_ms", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("created_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("updated_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.Column("started_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("finished_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("next_batch_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("window", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("alike_code", sa.Text(), nullable=True),
        sa.Column("alike_count", sa.Integer(), nullable=False),
        sa.Column("retry_failed_before", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("pending_count", sa.Integer(), nullable=False),
        sa.Column("sending_count", sa.Integer(), nullable=False),
        sa.Column("sent_count", sa.Integer(), nullable=False),
        sa.Column("delivered_count", sa.Integer(), nullable=False),
        sa.Column("read_count", sa.Integer(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("in_doubt_count", sa.Integer(), nullable=False),
        sa.Column("skipped_count", sa.Integer(), nullable=False),
        sa.Column("cancelled_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'scheduled', 'running', 'paused', 'completed', 'failed', 'cancelled')",
            name=op.f("ck_outbound_campaigns_status"),
        ),
        sa.CheckConstraint(
            "batch_interval_ms BETWEEN 100 AND 86400000", name=op.f("ck_outbound_campaigns_batch_interval_ms")
        ),
        sa.CheckConstraint("batch_size BETWEEN 1 AND 10000", name=op.f("ck_outbound_campaigns_batch_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_campaigns")),
        sa.UniqueConstraint("ref", name=op.f("uq_outbound_campaigns_ref")),
    )
    with op.batch_alter_table("outbound_campaigns", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbound_campaigns_at_work",
            ["status"],
            unique=False,
            sqlite_where=sa.text("status IN ('scheduled', 'running')"),
            postgresql_where=sa.text("status IN ('scheduled', 'running')"),
        )
        batch_op.create_index(
            batch_op.f("ix_outbound_campaigns_bot_id_outbound_campaigns_id"), ["bot_id", "id"], unique=False
        )

    op.create_table(
        "outbound_leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("renewed_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_outbound_leases")),
    )
    op.create_table(
        "outbound_paces",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("per_second", sa.Float(precision=53), nullable=False),
        sa.Column("next_at", sa.Float(precision=53), nullable=False),
        sa.Column("ceilings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("window_at", sa.Float(precision=53), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("throttled", sa.Integer(), nullable=False),
        sa.Column("last_rate", sa.Float(precision=53), nullable=False),
        sa.Column("cut_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbound_paces")),
    )
    op.create_table(
        "outbound_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["outbound_campaigns.id"], name=op.f("fk_outbound_events_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_events")),
    )
    with op.batch_alter_table("outbound_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbound_events_campaign_id_outbound_events_id"),
            ["campaign_id", "id"],
            unique=False,
        )

    op.create_table(
        "outbound_imports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("undoing", sa.Boolean(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=True),
        sa.Column("delimiter", sa.Text(), nullable=True),
        sa.Column("columns", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("created_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.Column("finished_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["outbound_campaigns.id"], name=op.f("fk_outbound_imports_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_imports")),
    )
    with op.batch_alter_table("outbound_imports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbound_imports_campaign_id_outbound_imports_id"),
            ["campaign_id", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_outbound_imports_running",
            ["campaign_id"],
            unique=False,
            sqlite_where=sa.text("status = 'running'"),
            postgresql_where=sa.text("status = 'running'"),
        )

    op.create_table(
        "outbound_recipients",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("phone_number", sa.Text(), nullable=False),
        sa.Column("phone_key", sa.Text(), nullable=False),
        sa.Column("variables", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_attempt", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("message_uuid", sa.Text(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_detail", sa.Text(), nullable=True),
        sa.Column("sent_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("failed_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("updated_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'in_doubt', 'skipped', 'cancelled')",
            name=op.f("ck_outbound_recipients_status"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["outbound_campaigns.id"], name=op.f("fk_outbound_recipients_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_recipients")),
    )
    with op.batch_alter_table("outbound_recipients", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbound_recipients_claimed",
            ["claimed_until"],
            unique=False,
            sqlite_where=sa.text("status = 'sending'"),
            postgresql_where=sa.text("status = 'sending'"),
        )
        batch_op.create_index(
            "ix_outbound_recipients_due",
            ["campaign_id", "next_attempt_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )
        batch_op.create_index(
            "ix_outbound_recipients_failed",
            ["campaign_id", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'failed'"),
            postgresql_where=sa.text("status = 'failed'"),
        )
        batch_op.create_index("uq_outbound_recipients_person", ["campaign_id", "phone_key"], unique=True)

    op.create_table(
        "outbound_attempts",
        sa.Column("recipient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("claimed_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=False),
        sa.Column("sent_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("answered_at", outbound_campaigns.database.base.Instant(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("message_uuid", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["outbound_recipients.id"], name=op.f("fk_outbound_attempts_recipient_id")
        ),
        sa.PrimaryKeyConstraint("recipient_id", "number", name=op.f("pk_outbound_attempts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbound_refused_rows",
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["outbound_imports.id"], name=op.f("fk_outbound_refused_rows_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "row", name=op.f("pk_outbound_refused_rows")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("outbound_refused_rows")
    op.drop_table("outbound_attempts")
    with op.batch_alter_table("outbound_recipients", schema=None) as batch_op:
        batch_op.drop_index("uq_outbound_recipients_person")
        batch_op.drop_index(
            "ix_outbound_recipients_failed",
            sqlite_where=sa.text("status = 'failed'"),
            postgresql_where=sa.text("status = 'failed'"),
        )
        batch_op.drop_index(
            "ix_outbound_recipients_due",
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )
        batch_op.drop_index(
            "ix_outbound_recipients_claimed",
            sqlite_where=sa.text("status = 'sending'"),
            postgresql_where=sa.text("status = 'sending'"),
        )

    op.drop_table("outbound_recipients")
    with op.batch_alter_table("outbound_imports", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbound_imports_running",
            sqlite_where=sa.text("status = 'running'"),
            postgresql_where=sa.text("status = 'running'"),
        )
        batch_op.drop_index(batch_op.f("ix_outbound_imports_campaign_id_outbound_imports_id"))

    op.drop_table("outbound_imports")
    with op.batch_alter_table("outbound_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbound_events_campaign_id_outbound_events_id"))

    op.drop_table("outbound_events")
    op.drop_table("outbound_paces")
    op.drop_table("outbound_leases")
    with op.batch_alter_table("outbound_campaigns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbound_campaigns_bot_id_outbound_campaigns_id"))
        batch_op.drop_index(
            "ix_outbound_campaigns_at_work",
            sqlite_where=sa.text("status IN ('scheduled', 'running')"),
            postgresql_where=sa.text("status IN ('scheduled', 'running')"),
        )

    op.drop_table("outbound_campaigns")
    op.drop_table("outbound_breakers")
