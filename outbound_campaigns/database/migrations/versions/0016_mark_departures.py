"""Keep each attempt's slot, and how far each worker may send what it has claimed."""

import sqlalchemy as sa
from alembic import op

from outbound_campaigns.database.base import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbound_attempts", sa.Column("slot", sa.Float(53), nullable=True))
    op.create_table(
        "outbound_departure_marks",
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("until", sa.Float(53), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("worker", name="pk_outbound_departure_marks"),
    )


def downgrade() -> None:
    op.drop_table("outbound_departure_marks")
    op.drop_column("outbound_attempts", "slot")
