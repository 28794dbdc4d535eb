"""Keep the fingerprint of the credentials that a campaign was last claimed with."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbound_campaigns", sa.Column("credentials", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbound_campaigns", "credentials")
