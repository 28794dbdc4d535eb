"""Keep since when a reply is tried, and since when Botpress refuses it."""

import sqlalchemy as sa
from alembic import op

from outbound_campaigns.database.base import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NAMES = ("first_tried_at", "refused_since")


def upgrade() -> None:
    for name in _NAMES:
        op.add_column("outbound_inbound_messages", sa.Column(name, Instant(), nullable=True))


def downgrade() -> None:
    for name in _NAMES:
        op.drop_column("outbound_inbound_messages", name)
