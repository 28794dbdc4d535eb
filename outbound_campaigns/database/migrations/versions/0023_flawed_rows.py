"""Keep by what rows are judged, how many of a file are flawed, and how many are skipped for which reason."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_COUNT_SKIPPED = """
    INSERT INTO outbound_error_counts (campaign_id, status, code, count)
    SELECT campaign_id, status, coalesce(error_code, 'unknown'), count(*)
    FROM outbound_recipients WHERE status = 'skipped' GROUP BY campaign_id, status, coalesce(error_code, 'unknown')
"""


def upgrade() -> None:
    op.add_column("outbound_campaigns", sa.Column("judged_by", sa.Text(), nullable=True))
    op.add_column("outbound_campaigns", sa.Column("judging_after", _BIG, nullable=True))
    op.add_column(
        "outbound_campaigns", sa.Column("judged_rows", sa.Integer(), nullable=False, server_default="0")
    )
    with op.batch_alter_table("outbound_imports") as table:
        table.add_column(sa.Column("flawed", sa.Integer(), nullable=False, server_default="0"))
        table.drop_column("placeholders")
    op.execute(_COUNT_SKIPPED)


def downgrade() -> None:
    op.execute("DELETE FROM outbound_error_counts WHERE status = 'skipped'")
    with op.batch_alter_table("outbound_imports") as table:
        table.add_column(sa.Column("placeholders", sa.JSON(none_as_null=True), nullable=True))
        table.drop_column("flawed")
    for name in ("judged_rows", "judging_after", "judged_by"):
        op.drop_column("outbound_campaigns", name)
