"""Keep the batch limits that an edit has replaced until they have passed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column(
        "batch_limits", sa.JSON(none_as_null=True), nullable=False, server_default=sa.text("'[]'")
    )
    op.add_column("outbound_campaigns", column)


def downgrade() -> None:
    op.drop_column("outbound_campaigns", "batch_limits")
