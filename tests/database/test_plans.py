"""However many recipients there are, none is found by reading all of them: the statements' own plans."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot_config.prices import PriceTable
from outbound_campaigns.audience.exporting import failed_csv, recipients_csv
from outbound_campaigns.campaigns import actions, bulk_moves, campaign_rows, opt_outs
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Attempt, OptOutSource, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.domain.phone_numbers import PhoneNumber
from outbound_campaigns.incoming import receipts
from outbound_campaigns.incoming.reconciliation import rows_to_ask
from outbound_campaigns.reports import pages
from outbound_campaigns.reports.pages import PhoneQuery
from outbound_campaigns.sending.abandoned import abandon_expired
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.due_rows import follow_the_index
from outbound_campaigns.sending.record import record
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Slice, Wait
from tests.support.campaigns import MakeCampaign, set_rows
from tests.support.everyone import EVERYONE
from tests.support.receipt_bodies import v1
from tests.support.senders import OneSender
from tests.support.tables import sqlite_with_tables

MANY = 4000
DIGITS = PhoneQuery(last_digits="0012")


@pytest.fixture(params=["sqlite", "postgresql"])
def url_with_tables(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database: one that was used before has statistics of what was in it."""
    if request.param == "sqlite":
        return sqlite_with_tables(tmp_path)
    return str(request.getfixturevalue("copied_postgres_database")())


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Those that look for recipients or their attempts, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        looks = statement.split()[0] != "INSERT" or "SELECT" in statement
        if looks and ("outbound_recipients" in statement or "outbound_attempts" in statement):
            seen.append((statement, parameters[0] if many else parameters))

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(database.engine, "before_cursor_execute", note)


def plan(database: Database, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(explain + statement, parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


def analyze(database: Database) -> None:
    """As PostgreSQL does by itself after a while."""
    if not database.is_sqlite:
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(sa.text("ANALYZE"))


def add_attempts(database: Database) -> None:
    """One of long ago for each recipient."""
    key = sa.select(Recipient.id, sa.literal(0), Recipient.updated_at)
    with database.write() as session:
        session.execute(sa.insert(Attempt).from_select(["recipient_id", "number", "claimed_at"], key))


def page(**how: Any) -> Callable[[Database, int], object]:
    def read(database: Database, campaign_id: int) -> object:
        with database.read() as session:
            return pages.recipients_page(session, campaign_id, after=10, **how)

    return read


def failed(database: Database, campaign_id: int) -> object:
    return list(failed_csv(database, campaign_id, "es"))


def everybody(database: Database, campaign_id: int) -> object:
    return list(recipients_csv(database, campaign_id, None, "es"))


def retry(database: Database, campaign_id: int) -> None:
    with database.write() as session:
        now = database.now(session)
        actions.retry_failed(session, campaign_id, Act("ana", now), EVERYONE)
        bulk_moves.retry_some(session, campaign_id, now, 500)


def claim(database: Database, campaign_id: int) -> object:
    return claim_slice(database, campaign_id, OneSender().sender("bot", None), Claimant("w", 10, lambda: 0.0))


def claim_and_skip(database: Database, campaign_id: int) -> None:
    """With a limit that leaves room for three messages: first these, then nobody."""
    with database.write() as session:
        campaign_rows.update(session, campaign_id, spend_limit=3, on_spend_limit="skip")
    sender = replace(
        OneSender(10_000).sender("bot", None), prices=PriceTable("USD", {"MX": {"marketing": 1}})
    )
    claimant = Claimant("w", 10, lambda: 0.0)
    claimed = claim_slice(database, campaign_id, sender, claimant)
    assert isinstance(claimed, Slice)
    at = claimed.now
    outcome = Outcome(OutcomeKind.ACCEPTED)
    record(
        database,
        [
            Result(campaign_id, sender, one.recipient_id, one.number, one.slot, outcome, at, at)
            for one in claimed.departures
        ],
    )
    assert isinstance(claim_slice(database, campaign_id, sender, claimant), Wait)
    with database.write() as session:
        assert bulk_moves.skip_some(session, campaign_id, database.now(session), 500) > 0


def abandon(database: Database, campaign_id: int) -> None:
    claim(database, campaign_id)
    with database.write() as session:
        long_ago = database.now(session) - timedelta(seconds=60)
        claimed = sa.and_(Recipient.campaign_id == campaign_id, Recipient.status == "sending")
        session.execute(sa.update(Recipient).where(claimed).values(claimed_until=long_ago))
    abandon_expired(database, 35.0)


def receipts_of_some(database: Database, campaign_id: int) -> None:
    """By our client_ref, by Vonage's id and the number, and of nobody."""
    with database.write() as session:
        ref = campaign_rows.get(session, campaign_id).ref
        rows = sa.select(Recipient).where(Recipient.campaign_id == campaign_id, Recipient.status == "sent")
        first, second = session.execute(rows.order_by(Recipient.id).limit(2)).scalars().all()
        told = [v1("delivered", f"{ref}-{first.id}-1", "uuid-1"), v1("delivered", "none-1-1", "uuid-2")]
        told.append(v1("read", None, "uuid-3", to=second.phone_number))
        receipts.store(session, [("bot", raw) for raw in told], database.now(session))
    assert receipts.apply_some(database) == len(told)


def ask_records(database: Database, campaign_id: int) -> None:
    with database.read() as session:
        now = database.now(session)
        rows_to_ask.in_doubt(session, campaign_id, 10, 20)
        rows_to_ask.without_receipt(session, campaign_id, 10, 20, now, now)


def opt_out_somebody(database: Database, campaign_id: int) -> None:
    person = PhoneNumber("+5214420000012", "524420000012")
    with database.write() as session:
        opt_outs.add_all(session, "bot", {opt_outs.Reason(OptOutSource.API): [person]}, database.now(session))


@pytest.mark.parametrize(
    ("what", "index"),
    [
        (page(), "of_campaign"),
        (page(status="sent"), "of_status"),
        (page(q=DIGITS), "last_digits"),
        (page(q=PhoneQuery(key="524420000012")), "person"),
        (failed, "of_status"),
        (everybody, "of_campaign"),
        (retry, "of_status"),
        (claim, "recipients_due"),
        (claim_and_skip, "of_status"),
        (abandon, "recipients_claimed"),
        (receipts_of_some, "person"),
        (ask_records, "of_status"),
        (opt_out_somebody, "person"),
    ],
    ids=(
        "all status digits person export_failed export_all retry claim limit abandon"
        " receipts records opt_out".split()
    ),
)
def test_recipients_are_looked_for_by_index(
    database: Database, make_campaign: MakeCampaign, what: Callable[[Database, int], object], index: str
) -> None:
    make_campaign(MANY)
    campaign_id = make_campaign(MANY, running=True, batch_size=10_000)
    set_rows(database, campaign_id, "sent", MANY // 3)
    set_rows(database, campaign_id, "failed", MANY // 3)
    if what is retry:
        with database.write() as session:
            actions.pause(session, campaign_id, Act("ana", database.now(session)))
    add_attempts(database)
    analyze(database)
    with statements(database) as seen:
        what(database, campaign_id)
    assert seen
    plans = [plan(database, *statement) for statement in seen]
    assert any(index in text for text in plans), plans
    for text in plans:
        assert "Seq Scan on outbound_recipients" not in text
        assert "SCAN outbound_recipients" not in text, text
        assert "Seq Scan on outbound_attempts" not in text
        assert "SCAN outbound_attempts" not in text, text


def test_a_claim_follows_its_index_though_the_planner_does_not_know_of_the_import_yet(
    database: Database, make_campaign: MakeCampaign
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite keeps no statistics that could be old")
    set_rows(database, make_campaign(MANY), "sent", MANY)
    analyze(database)
    campaign_id = make_campaign(MANY, running=True)
    seen = claimed_with(database, campaign_id)
    assert "Index Scan using ix_outbound_recipients_due" in seen
    assert "Index Scan using pk_outbound_recipients" in seen
    assert "Sort" not in seen


def test_members_of_a_canary_are_found_by_their_ids_however_many_others_wait(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(MANY, running=True, canary_size=5)
    claim(database, campaign_id)
    analyze(database)
    with database.write() as session:
        members = campaign_rows.get(session, campaign_id).canary_members
        update = sa.update(Recipient).where(Recipient.id.in_(members))
        session.execute(update.values(status="pending"))
    with statements(database) as seen:
        assert isinstance(claim(database, campaign_id), Slice)
    texts = claim_plans(database, seen)
    key = "INTEGER PRIMARY KEY" if database.is_sqlite else "pk_outbound_recipients"
    assert key in texts[0]
    assert not any("recipients_due" in text or "Seq Scan" in text for text in texts), texts


def claim_plans(database: Database, seen: list[tuple[str, Any]]) -> list[str]:
    """Each statement's plan, as a claim's own transaction makes it."""
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with database.write() as session:
        follow_the_index(session)
        connection = session.connection()
        plans = [connection.exec_driver_sql(explain + text, values).all() for text, values in seen]
    return ["\n".join(str(row[-1]) for row in rows) for rows in plans]


def claimed_with(database: Database, campaign_id: int) -> str:
    """The plan of the statement that claims, as its own transaction makes it."""
    with statements(database) as seen:
        claim(database, campaign_id)
    return claim_plans(database, seen[:1])[0]
