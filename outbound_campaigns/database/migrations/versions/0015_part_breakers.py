"""Keep a breaker for each account and credentials; all begin closed."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _begin_anew("account", "access")


def downgrade() -> None:
    _begin_anew("access", "account")


def _begin_anew(before: str, after: str) -> None:
    op.execute("DELETE FROM outbound_breakers")
    op.execute(f"ALTER TABLE outbound_breakers RENAME COLUMN {before} TO {after}")
