"""Keep the files that messages show."""

import sqlalchemy as sa
from alembic import op

from outbound_campaigns.database.base import Instant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXTS = ("bot_id", "name", "file_name", "content_type", "digest", "created_by")


def upgrade() -> None:
    op.create_table(
        "outbound_media",
        sa.Column("id", _BIG, primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.UniqueConstraint("name", name="uq_outbound_media_name"),
    )
    op.create_index("uq_outbound_media_content", "outbound_media", ["bot_id", "digest"], unique=True)
    op.create_index("ix_outbound_media_bot_id_outbound_media_id", "outbound_media", ["bot_id", "id"])


def downgrade() -> None:
    op.drop_table("outbound_media")
