"""Makes campaigns of any size without a file: the database itself inserts recipients; counts are set."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.campaigns.counting import shift_countries, shift_errors
from outbound_campaigns.database.json_rows import as_text
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.template import ResolvedTemplate
from tests.support.site import BOT

_NUMBERS = {
    "sqlite": "(WITH RECURSIVE numbers(n) AS (SELECT :begin UNION ALL SELECT n + 1 FROM numbers"
    " WHERE n + 1 < :end) SELECT n FROM numbers)",
    "postgresql": "(SELECT n FROM generate_series(CAST(:begin AS integer), CAST(:end AS integer) - 1) AS n)",
}
_AT_ONCE = 50_000
"""people in one transaction, which may last ten seconds"""

_AT = {"sqlite": ":at", "postgresql": "CAST(:at AS timestamptz)"}
# As an import leaves them; a recipient's outcome depends on its place, so that statuses are mixed.
_FILL = """
    INSERT INTO outbound_recipients (campaign_id, "row", phone_number, phone_key, variables, status,
        attempts, last_attempt, next_attempt_at, updated_at, sent_at, error_code)
    SELECT :campaign_id, n + 2, '+521442' || number, '52442' || number,
        '{{"var1": "Juan", "var2": "Promoción Navidad"}}',
        CASE WHEN ended = 0 THEN 'pending' WHEN n % 3 = 0 THEN 'sent' WHEN n % 3 = 1 THEN 'delivered'
            ELSE 'failed' END,
        ended, ended, {at}, {at}, CASE WHEN ended = 1 THEN {at} END,
        CASE WHEN ended = 1 AND n % 3 = 2 THEN 'vonage_1022' END
    FROM (
        SELECT n, CAST(CAST(:first AS integer) + n AS text) AS number,
            CASE WHEN n < CAST(:ended AS integer) THEN 1 ELSE 0 END AS ended
        FROM {numbers} AS numbers
    ) AS people
"""
_ATTEMPTS = """
    INSERT INTO outbound_attempts (recipient_id, number, claimed_at, sent_at, answered_at, outcome)
    SELECT id, 1, {at}, {at}, :at, 'accepted' FROM outbound_recipients
    WHERE campaign_id = :campaign_id AND id > :before AND status <> 'pending'
"""


def add_campaign(
    database: Database, recipients: int, ended: int = 0, first: int = 2_000_000, **fields: object
) -> int:
    """Create a draft with so many recipients, `ended` of whom have already been sent to. Returns its id.

    `first` is the first one's number, within its area.
    """
    with database.write() as session:
        now = database.now(session)
        name = f"{recipients} personas"
        campaign = campaign_rows.create(session, NewCampaign(BOT, name, "promo", **fields), now)  # type: ignore[arg-type]
        campaign_id = campaign.id
    values = {"campaign_id": campaign_id, "ended": ended, "first": first, "at": as_text(now)}
    for begin in range(0, recipients, _AT_ONCE):
        end = min(begin + _AT_ONCE, recipients)
        with database.write() as session:
            _fill(session, {**values, "begin": begin, "end": end})
    with database.write() as session:
        _count(session, campaign_id, recipients, ended)
        shift_countries(session, campaign_id, {"MX": recipients}, {"MX": ended})
    _analyze(database)
    return campaign_id


def _fill(session: Session, values: dict[str, object]) -> None:
    """Insert the people from `begin` to `end`, and an attempt for each who has already been sent to."""
    kind = session.get_bind().dialect.name
    before = session.execute(sa.text("SELECT coalesce(max(id), 0) FROM outbound_recipients")).scalar_one()
    session.execute(sa.text(_FILL.format(numbers=_NUMBERS[kind], at=_AT[kind])), values)
    session.execute(sa.text(_ATTEMPTS.format(at=_AT[kind])), {**values, "before": before})


def start(database: Database, campaign_id: int) -> None:
    with database.write() as session:
        template = ResolvedTemplate("promo", "es_MX")
        actions.start(session, campaign_id, template, Act("operator", database.now(session)))


def _count(session: Session, campaign_id: int, recipients: int, ended: int) -> None:
    thirds = [len(range(place, ended, 3)) for place in range(3)]
    campaign_rows.update(
        session,
        campaign_id,
        pending_count=recipients - ended,
        sent_count=thirds[0],
        delivered_count=thirds[1],
        failed_count=thirds[2],
    )
    shift_errors(session, campaign_id, {("failed", "vonage_1022"): thirds[2]})


def _analyze(database: Database) -> None:
    """Do what PostgreSQL's autovacuum does by itself a minute after such a load."""
    if not database.is_sqlite:
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(sa.text("VACUUM ANALYZE outbound_recipients"))
            connection.execute(sa.text("ANALYZE"))
