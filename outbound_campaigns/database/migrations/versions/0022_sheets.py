"""Keep which sheet of a workbook was imported, and which it has."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbound_imports", sa.Column("sheet", sa.Text(), nullable=True))
    op.add_column("outbound_imports", sa.Column("sheets", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("outbound_imports") as table:
        table.drop_column("sheets")
        table.drop_column("sheet")
