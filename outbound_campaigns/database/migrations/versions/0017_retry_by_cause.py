"""Keep which codes a campaign's failed recipients are brought back for, and how long after they failed."""

import sqlalchemy as sa
from alembic import op

from outbound_campaigns.database.models.columns import Json

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbound_campaigns", sa.Column("retry_codes", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("outbound_campaigns", "retry_codes")
