"""Keep what guards a campaign: how its messages ended lately, and its canary."""

import sqlalchemy as sa
from alembic import op

from outbound_campaigns.database.base import (Instant)

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("failure_share_limit", sa.Float(precision=53), nullable=True),
        sa.Column("failure_minimum", sa.Integer(), nullable=False, server_default="20"),
        sa.Column("finals", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("finals_since", Instant(timezone=True), nullable=True),
        sa.Column("canary_size", sa.Integer(), nullable=True),
        sa.Column("canary_wait_minutes", sa.Integer(), nullable=False, server_default="30"),
        sa.Column("canary_members", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("canary_last_at", Instant(timezone=True), nullable=True),
        sa.Column("canary_verdict", sa.JSON(), nullable=True),
    ):
        op.add_column("outbound_campaigns", column)
    # Campaigns from before are guarded like new ones, by what comes from now on.
    op.execute("UPDATE outbound_campaigns SET failure_share_limit = 0.5")


def downgrade() -> None:
    for name in (
        *("canary_verdict", "canary_last_at", "canary_members", "canary_wait_minutes", "canary_size"),
        *("finals_since", "finals", "failure_minimum", "failure_share_limit"),
    ):
        op.drop_column("outbound_campaigns", name)
