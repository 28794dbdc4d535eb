"""Keep what looks at links of messages have found."""

import sqlalchemy as sa
from alembic import op

from outbound_campaigns.database.base import Instant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "outbound_media_links",
        sa.Column("id", _BIG, primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("bot_id", "link", "wanted")),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("looked_at", Instant(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
    )
    op.create_index("uq_outbound_media_links", "outbound_media_links", ["bot_id", "link", "wanted"], unique=True)


def downgrade() -> None:
    op.drop_table("outbound_media_links")
