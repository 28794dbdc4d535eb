"""How many recipients each country has is kept by everything that adds recipients or takes them away."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from outbound_campaigns.audience.importing import undo_some
from outbound_campaigns.audience.importing.undoing import remove_import
from outbound_campaigns.campaigns import bulk_moves, campaign_rows, opt_outs, recounting
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.counting import shift_countries
from outbound_campaigns.campaigns.opt_outs import Reason
from outbound_campaigns.database.models import CountryCount, OptOutSource
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.countries import UNKNOWN, country_of
from outbound_campaigns.domain.outcome import OutcomeKind
from outbound_campaigns.domain.phone_numbers import PhoneNumber, phone_key
from tests.support.files import HEADER, Files
from tests.support.spender import MEXICO, MakeSpender

PEOPLE = "4422591631,a\n+573101234567,b\n+5731012345,c\n+14165550123,d\n+12025550123,e\n"


def kept(database: Database) -> Mapping[str, tuple[int, int]]:
    """{country: (recipients, of these tried)}, held against the rows."""
    with database.read() as session:
        assert recounting.recount(session) == []
        rows = session.execute(sa.select(CountryCount).where(CountryCount.recipients != 0)).scalars()
        return {row.country: (row.recipients, row.tried) for row in rows}


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+5214422591631", "MX"),
        ("+524422591631", "MX"),
        ("+573101234567", "CO"),
        ("+12025550123", "US"),
        ("+14165550123", "CA"),
        ("+18095550123", "DO"),
        ("+447400123456", "GB"),
        ("+393123456789", "IT"),
        ("+10005550123", "US"),
        ("+88212345678", UNKNOWN),
        ("+9991234567", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_the_country_is_that_of_the_number(number: str, country: str) -> None:
    assert country_of(number) == country


def test_an_import_counts_who_came_in_and_nobody_twice(database: Database, files: Files) -> None:
    opted_out = PhoneNumber("+573101234567", phone_key("+573101234567"))
    with database.write() as session:
        opt_outs.add(session, "bot", [opted_out], Reason(OptOutSource.API), database.now(session))
    files.take(HEADER + PEOPLE + PEOPLE)
    assert kept(database) == {"MX": (1, 0), "CO": (1, 0), "CA": (1, 0), "US": (1, 0)}
    files.take(HEADER + PEOPLE + "4422591632,f\n")
    assert kept(database)["MX"] == (2, 0)


def test_a_file_that_is_taken_out_takes_its_countries_along(database: Database, files: Files) -> None:
    files.take(HEADER + "4422591630,z\n")
    second = files.take(HEADER + PEOPLE)
    with database.write() as session:
        act = Act("ana", database.now(session))
        remove_import(session, files.campaign_id, second.id, act)
    for _ in range(4):
        with database.write() as session:
            undo_some(session, second.id, database.now(session), 2)
        kept(database)
    assert kept(database) == {"MX": (1, 0)}


def test_a_deleted_draft_leaves_no_countries(database: Database, files: Files) -> None:
    files.take(HEADER + PEOPLE)
    with database.write() as session:
        campaign_rows.update(session, files.campaign_id, deleted_at=database.now(session))
    purged = 1
    while purged:
        with database.write() as session:
            purged = bulk_moves.purge_some(session, files.campaign_id, database.now(session), 3)
        kept(database)
    with database.read() as session:
        assert session.execute(sa.select(CountryCount)).first() is None


def test_each_recipient_counts_as_tried_once(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "MX", "CO"], 2 * MEXICO)
    spender.claim()
    assert kept(spender.database) == {"MX": (2, 2), "CO": (1, 0)}
    spender.answer(OutcomeKind.THROTTLED, spender.open)
    spender.make_due()
    spender.claim()
    assert kept(spender.database) == {"MX": (2, 2), "CO": (1, 0)}


def test_recount_finds_and_mends_wrong_countries_and_wrong_spending(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "CO"])
    spender.claim()
    with spender.database.write() as session:
        shift_countries(session, spender.campaign_id, {"MX": 2, "US": 1}, {"CO": -1})
        campaign_rows.update(session, spender.campaign_id, spend_committed=5, spend_possible=1)
    with spender.database.write() as session:
        found = recounting.recount(session)
        recounting.mend(session, found)
    assert [(one.status, one.code, one.kept, one.counted) for one in found] == [
        ("committed", None, 5, 0),
        ("possible", None, 1, 70_000),
        ("tried", "CO", 0, 1),
        ("recipients", "MX", 3, 1),
        ("recipients", "US", 1, 0),
    ]
    spender.must_add_up()
