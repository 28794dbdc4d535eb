"""Those that failed are sent to again by the cause: where it makes sense, and not before it does."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, bulk_moves, recounting, retrying
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.retrying import Choice
from outbound_campaigns.database.models import Event, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.codes.lookup import CODES
from outbound_campaigns.domain.codes.tables import CodeClass
from outbound_campaigns.domain.refusals.state import NoSuchFailure, NothingToRetry, NothingToRetryYet
from tests.support.campaigns import MakeCampaign, read, set_rows

DAY = timedelta(hours=24)


def failed_with(
    database: Database, campaign_id: int, code: str | None, count: int = 1, ago: timedelta = timedelta()
) -> None:
    """So many pending rows fail with this code, so long ago."""
    set_rows(database, campaign_id, "failed", count, code)
    with database.write() as session:
        newest = sa.update(Recipient).where(
            Recipient.failed_at > database.now(session) - timedelta(minutes=5)
        )
        if ago:
            session.execute(newest.values(failed_at=database.now(session) - ago))


def retry(database: Database, campaign_id: int, choice: Choice = actions.BY_SENSE) -> dict[str | None, int]:
    """How many came back to pending, by the code that they had."""
    before = codes_of(database, campaign_id)
    with database.write() as session:
        act = Act("ana", database.now(session))
        actions.retry_failed(session, campaign_id, act, choice)
    while moved(database, campaign_id):
        pass
    assert read(database, campaign_id).retry_codes is None
    with database.read() as session:
        assert recounting.recount(session) == []
    after = codes_of(database, campaign_id)
    return {code: n - after.get(code, 0) for code, n in before.items() if n != after.get(code, 0)}


def moved(database: Database, campaign_id: int) -> int:
    with database.write() as session:
        return bulk_moves.retry_some(session, campaign_id, database.now(session), 2)


def codes_of(database: Database, campaign_id: int) -> dict[str | None, int]:
    query = (
        sa.select(Recipient.error_code, sa.func.count())
        .where(Recipient.campaign_id == campaign_id, Recipient.status == "failed")
        .group_by(Recipient.error_code)
    )
    with database.read() as session:
        return {row[0]: row[1] for row in session.execute(query)}


@pytest.fixture
def campaign_id(database: Database, make_campaign: MakeCampaign) -> int:
    made = make_campaign(30, running=True)
    with database.write() as session:
        actions.pause(session, made, Act("ana", database.now(session)))
    return made


def test_by_default_nobody_is_sent_to_who_would_not_get_it(database: Database, campaign_id: int) -> None:
    for code in ("131026", "1300", "130472", "132005", "131050", "999999", None):
        failed_with(database, campaign_id, code)
    failed_with(database, campaign_id, "131000", 3)
    failed_with(database, campaign_id, "132012", 2)
    assert retry(database, campaign_id) == {"131000": 3, "132012": 2}


@pytest.mark.parametrize("code", ["131049", "1461", "1241", "1460"])
def test_a_code_that_asks_for_a_day_gets_it(database: Database, campaign_id: int, code: str) -> None:
    failed_with(database, campaign_id, code, 3, ago=DAY + timedelta(minutes=10))
    failed_with(database, campaign_id, code, 2)
    with database.read() as session:
        (cause,) = retrying.causes_of(session, campaign_id, now := database.now(session))
    assert (cause.count, cause.due, cause.waiting) == (5, 3, 2)
    assert cause.due_from is not None
    assert DAY - timedelta(minutes=1) < cause.due_from - now <= DAY
    assert retry(database, campaign_id) == {code: 3}
    with pytest.raises(NothingToRetryYet, match=f"{cause.due_from:%Y-%m-%d}"):
        retry(database, campaign_id)
    with pytest.raises(NothingToRetryYet):
        retry(database, campaign_id, Choice(codes=[code]))


def test_who_names_a_code_or_a_class_insists(database: Database, campaign_id: int) -> None:
    for code in ("131026", "1300", "131000", "999999", None):
        failed_with(database, campaign_id, code, 2)
    with pytest.raises(NoSuchFailure, match="130472"):
        retry(database, campaign_id, Choice(codes=["130472"]))
    assert retry(database, campaign_id, Choice(codes=["131026"])) == {"131026": 2}
    assert retry(database, campaign_id, Choice(classes=[CodeClass.RECIPIENT])) == {"1300": 2}
    assert retry(database, campaign_id, Choice(classes=[CodeClass.UNKNOWN])) == {"999999": 2, None: 2}


def test_with_nobody_to_send_to_the_refusal_says_so(database: Database, campaign_id: int) -> None:
    failed_with(database, campaign_id, "131026", 4)
    with pytest.raises(NothingToRetry) as refused:
        retry(database, campaign_id)
    assert "los 4 destinatarios" in refused.value.text("es")
    assert read(database, campaign_id).failed_count == 4


def test_who_fails_while_others_come_back_stays(database: Database, campaign_id: int) -> None:
    failed_with(database, campaign_id, "131000", 2)
    with database.write() as session:
        actions.retry_failed(session, campaign_id, Act("ana", database.now(session)))
    set_rows(database, campaign_id, "failed", 1, "131000")
    set_rows(database, campaign_id, "failed", 1, "131026")
    while moved(database, campaign_id):
        pass
    assert codes_of(database, campaign_id) == {"131000": 1, "131026": 1}


def test_a_retry_begun_by_the_version_before_goes_on(database: Database, campaign_id: int) -> None:
    failed_with(database, campaign_id, "131026", 2)
    with database.write() as session:
        actions.retry_failed(
            session, campaign_id, Act("ana", database.now(session)), Choice(codes=["131026"])
        )
        session.execute(sa.text("UPDATE outbound_campaigns SET retry_codes = NULL"))
    while moved(database, campaign_id):
        pass
    assert codes_of(database, campaign_id) == {}


@pytest.mark.parametrize("code", CODES)
def test_each_code_says_when_a_retry_makes_sense(code: str) -> None:
    meaning = CODES[code]
    if meaning.code_class in (CodeClass.OPT_OUT, CodeClass.IN_DOUBT):
        assert meaning.retry_after is None
    if meaning.code_class is CodeClass.RETRY_LATER:
        assert meaning.retry_after == DAY
    if meaning.code_class is CodeClass.RECIPIENT:
        # Of what lies in the person only what another day may change.
        assert (meaning.retry_after is None) != ("another day" in meaning.advice.en)
    if "use “Retry failed ones”" in meaning.advice.en:
        assert meaning.retry_after is not None


def test_the_history_says_how_many_were_left_out(database: Database, campaign_id: int) -> None:
    failed_with(database, campaign_id, "131026", 2)
    failed_with(database, campaign_id, "131000", 3)
    retry(database, campaign_id)
    with database.read() as session:
        why = session.scalars(sa.select(Event.why).order_by(Event.id.desc()).limit(1)).one()
    assert why == {"code": "retry_failed", "taken": 3, "left_out": 2}
