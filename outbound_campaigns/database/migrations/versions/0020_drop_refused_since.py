"""Drop since when Botpress refused a message: a refusal that is not about the message is never believed."""

import sqlalchemy as sa
from alembic import op

from outbound_campaigns.database.base import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("outbound_inbound_messages", "refused_since")


def downgrade() -> None:
    op.add_column("outbound_inbound_messages", sa.Column("refused_since", Instant(), nullable=True))
