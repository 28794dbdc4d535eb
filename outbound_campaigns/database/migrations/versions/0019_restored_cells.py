"""Keep what was restored in a file's cells, samples to look at, and the template's placeholders."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbound_imports") as table:
        table.add_column(sa.Column("placeholders", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("phone_column", sa.Text(), nullable=True))
        table.add_column(sa.Column("restored", sa.Integer(), nullable=False, server_default="0"))
        for name in ("restored_sample", "text_sample"):
            table.add_column(
                sa.Column(name, sa.JSON(none_as_null=True), nullable=False, server_default="[]")
            )


def downgrade() -> None:
    with op.batch_alter_table("outbound_imports") as table:
        for name in ("text_sample", "restored_sample", "restored", "phone_column", "placeholders"):
            table.drop_column(name)
