"""Keep what a campaign spends, and its recipients' countries."""

from collections import Counter
from typing import Any

import phonenumbers
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CAMPAIGNS, _ATTEMPTS, _COUNTRIES = "outbound_campaigns", "outbound_attempts", "outbound_country_counts"

# Mexican numbers are counted by the database, all others come one by one.
_NUMBERS = """
    SELECT campaign_id, number, count(*), sum(tried) FROM (
        SELECT campaign_id, CASE WHEN phone_number LIKE '+52%' THEN '+52' ELSE phone_number END AS number,
            CASE WHEN last_attempt > 0 THEN 1 ELSE 0 END AS tried
        FROM outbound_recipients
    ) AS numbers GROUP BY campaign_id, number
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # Many millions of recipients take longer than any statement of the service may.
        op.execute("SET LOCAL statement_timeout = 0")
    _add_choice(_CAMPAIGNS, "template_category", ("marketing", "utility", "authentication"), "marketing")
    _add_choice(_CAMPAIGNS, "on_spend_limit", ("pause", "skip"), "pause")
    _add_choice(_ATTEMPTS, "charge", ("possible", "committed", "released"))
    op.add_column(_ATTEMPTS, sa.Column("price", sa.BigInteger(), nullable=True))
    for name in ("spend_committed", "spend_possible"):
        op.add_column(_CAMPAIGNS, sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column(_CAMPAIGNS, sa.Column("limit_reached", sa.Boolean(), nullable=False, server_default=sa.false()))
    _retype_limit(sa.BigInteger(), "CAST(round(spend_limit * 1000000) AS bigint)")
    op.create_table(
        _COUNTRIES,
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["outbound_campaigns.id"], name=op.f(f"fk_{_COUNTRIES}_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "country", name=op.f(f"pk_{_COUNTRIES}")),
        sqlite_with_rowid=False,
    )
    _fill_countries()


def _add_choice(table: str, column: str, values: tuple[str, ...], default: str | None = None) -> None:
    # Alembic adds no constraint to a table of SQLite's without making the table anew.
    listed = ", ".join(f"'{value}'" for value in values)
    filled = f" DEFAULT '{default}' NOT NULL" if default else ""
    check = f"CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({listed}))"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT{filled} {check}")


def _retype_limit(to: sa.types.TypeEngine[Any], value: str) -> None:
    op.add_column(_CAMPAIGNS, sa.Column("new_limit", to, nullable=True))
    op.execute(f"UPDATE {_CAMPAIGNS} SET new_limit = {value}")
    op.drop_column(_CAMPAIGNS, "spend_limit")
    op.execute(f"ALTER TABLE {_CAMPAIGNS} RENAME COLUMN new_limit TO spend_limit")


def _fill_countries() -> None:
    recipients: Counter[tuple[int, str]] = Counter()
    tried: Counter[tuple[int, str]] = Counter()
    for campaign_id, number, count, begun in op.get_bind().execute(sa.text(_NUMBERS)):
        key = (campaign_id, _country(number))
        recipients[key] += count
        tried[key] += begun
    rows = [
        {"campaign_id": key[0], "country": key[1], "recipients": count, "tried": tried[key]}
        for key, count in recipients.items()
    ]
    if rows:
        columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in rows[0]]
        op.bulk_insert(sa.table(_COUNTRIES, *columns), rows)


def _country(number: str) -> str:
    if number == "+52":
        return "MX"
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "ZZ"
    region = phonenumbers.region_code_for_number(parsed)
    region = region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return region if region in phonenumbers.SUPPORTED_REGIONS else "ZZ"


def downgrade() -> None:
    op.drop_table(_COUNTRIES)
    _retype_limit(sa.Float(precision=53), "spend_limit / 1000000.0")
    for name in ("limit_reached", "spend_possible", "spend_committed"):
        op.drop_column(_CAMPAIGNS, name)
    op.drop_column(_ATTEMPTS, "price")
    op.drop_column(_ATTEMPTS, "charge")
    op.drop_column(_CAMPAIGNS, "on_spend_limit")
    op.drop_column(_CAMPAIGNS, "template_category")
