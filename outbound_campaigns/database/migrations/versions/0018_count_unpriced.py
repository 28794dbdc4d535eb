"""Count the attempts that had no price, which no spend limit can reckon with."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "outbound_campaigns", sa.Column("unpriced_count", sa.BigInteger(), nullable=False, server_default="0")
    )
    # Reading all attempts may take minutes: where nothing was ever priced, those tried are as many.
    op.execute(
        """
        UPDATE outbound_campaigns SET unpriced_count = (
            SELECT COALESCE(SUM(tried), 0) FROM outbound_country_counts AS counts
            WHERE counts.campaign_id = outbound_campaigns.id
        )
        WHERE spend_committed = 0 AND spend_possible = 0
        """
    )


def downgrade() -> None:
    op.drop_column("outbound_campaigns", "unpriced_count")
