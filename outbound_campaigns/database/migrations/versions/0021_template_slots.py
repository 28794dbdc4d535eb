"""Keep what fills a template's slots, and at the start the template's definition with it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NAMES = ("values", "template_definition", "filling")


def upgrade() -> None:
    for name in _NAMES:
        op.add_column("outbound_campaigns", sa.Column(name, sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    for name in _NAMES:
        op.drop_column("outbound_campaigns", name)
