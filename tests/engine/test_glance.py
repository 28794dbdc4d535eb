"""One question finds all that the engine has to do; with nothing to do, nothing is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import (
    Campaign,
    Import,
    InboundMessage,
    Receipt,
    Reconciliation,
    TestSend,
)
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.duties import GLANCE, Duty
from outbound_campaigns.engine.glance import Glance, Sign
from outbound_campaigns.incoming import receipts, replies
from outbound_campaigns.incoming.replies import PostedReply
from outbound_campaigns.media.kinds import MediaType
from outbound_campaigns.media.link_looks import verdicts_of
from outbound_campaigns.sending.claims import Claimant, claim_slice
from tests.support.campaigns import MakeCampaign, make_campaign, set_rows
from tests.support.senders import OneSender

__all__ = ["make_campaign"]

TIMEOUT = 35.0
LATER = datetime(9000, 1, 1, tzinfo=UTC)
Do = Callable[[Session, int, datetime], object]


@pytest.fixture
def glance(database: Database) -> Glance:
    return Glance(database, TIMEOUT, passing())


def passing() -> Callable[[], float]:
    """A clock on which a second passes between two looks."""
    return count(0.0, 1.0).__next__


def change(model: type[Any], **values: object) -> Do:
    return lambda session, _campaign_id, _now: session.execute(sa.update(model).values(**values))


def act(now: datetime) -> Act:
    return Act("ana", now)


def receipt(session: Session, _campaign_id: int, now: datetime) -> None:
    receipts.store(session, [("bot", "{}")], now)


def reply(session: Session, _campaign_id: int, now: datetime) -> None:
    replies.store(session, [PostedReply("bot", b"{}", "Bearer x")], now)


def file(session: Session, campaign_id: int, now: datetime) -> None:
    session.add(Import(campaign_id=campaign_id, file_name="x", path="x", size=1, created_at=now))
    session.flush()


def undone(session: Session, campaign_id: int, now: datetime) -> None:
    file(session, campaign_id, now)
    change(Import, status="failed", undoing=True)(session, campaign_id, now)


def schedule(session: Session, campaign_id: int, now: datetime) -> None:
    actions.schedule(session, campaign_id, now + timedelta(hours=1), act(now))
    session.flush()
    change(Campaign, scheduled_at=now)(session, campaign_id, now)


def trial_message(session: Session, campaign_id: int, now: datetime) -> None:
    person = {"phone_number": "+5214420000000", "custom": {}}
    session.add(TestSend(campaign_id=campaign_id, requested_at=now, requested_by="ana", **person))


def reconciliation(session: Session, campaign_id: int, now: datetime) -> None:
    values = {"requested_at": now, "requested_by": "ana", "without_receipt": False, "rows": 1}
    session.add(Reconciliation(campaign_id=campaign_id, try_at=now, **values))


def link(session: Session, _campaign_id: int, now: datetime) -> None:
    verdicts_of(session, "bot", {"https://x.mx/a.jpg": MediaType.IMAGE}, now)


def cancel(session: Session, campaign_id: int, now: datetime) -> None:
    actions.cancel(session, campaign_id, act(now))


def forwarding(session: Session, campaign_id: int, now: datetime) -> None:
    reply(session, campaign_id, now)
    change(InboundMessage, state="applied", forward="waiting")(session, campaign_id, now)


@pytest.mark.parametrize(
    ("do", "sign"),
    [
        (receipt, Sign.RECEIPTS),
        (reply, Sign.REPLIES),
        (forwarding, Sign.FORWARD),
        (file, Sign.IMPORT),
        (undone, Sign.IMPORT),
        (change(Campaign, judging_after=0), Sign.JUDGE),
        (link, Sign.LINKS),
        (schedule, Sign.START),
        (trial_message, Sign.TEST),
        (reconciliation, Sign.RECONCILE),
        (cancel, Sign.FOLLOWING),
        (change(Campaign, status="running"), Sign.SENDING),
        (change(Campaign, deleted_at=sa.func.current_timestamp()), Sign.FOLLOWING),
        (change(Campaign, retry_failed_before=sa.func.current_timestamp()), Sign.FOLLOWING),
        (change(Campaign, resend_before=sa.func.current_timestamp()), Sign.FOLLOWING),
    ],
)
def test_what_there_is_to_do_is_seen(
    database: Database, make_campaign: MakeCampaign, glance: Glance, do: Do, sign: Sign
) -> None:
    campaign_id = make_campaign()
    assert glance.signs() == set()
    with database.write() as session:
        do(session, campaign_id, database.now(session))
    assert glance.signs() == {sign}


@pytest.mark.parametrize(
    ("do", "later"),
    [
        (receipt, change(Receipt, try_at=LATER)),
        (schedule, change(Campaign, scheduled_at=LATER)),
        (reconciliation, change(Reconciliation, try_at=LATER)),
        (forwarding, change(InboundMessage, try_at=LATER)),
        (trial_message, change(TestSend, outcome="accepted")),
        (file, change(Import, status="completed")),
    ],
)
def test_what_is_not_due_or_done_calls_nobody(
    database: Database, make_campaign: MakeCampaign, glance: Glance, do: Do, later: Do
) -> None:
    campaign_id = make_campaign()
    with database.write() as session:
        now = database.now(session)
        do(session, campaign_id, now)
        session.flush()
        later(session, campaign_id, now)
    assert glance.signs() == set()


def test_nobody_asks_again_before_somebody_commits_or_a_second_has_passed(
    database: Database, make_campaign: MakeCampaign
) -> None:
    elapsed, asked, found = [0.0], list[int](), list[bool]()
    glance = Glance(database, TIMEOUT, lambda: elapsed[0])
    campaign_id = make_campaign(3)
    sa.event.listen(database.engine, "after_cursor_execute", lambda *_: asked.append(1))
    for at, running in ((0.0, False), (0.3, False), (0.5, False), (0.9, True), (1.0, True), (2.0, True)):
        elapsed[0] = at
        if running and not any(found):
            with database.write() as session:
                session.execute(
                    sa.update(Campaign).where(Campaign.id == campaign_id).values(status="running")
                )
        asked.clear()
        found.append(bool(glance.signs()))
        # PostgreSQL has no number that tells it.
        assert bool(asked) is (at in (0.0, 0.9, 2.0) or (at != 0.3 and not database.is_sqlite))
    assert found == [False, False, False, True, True, True]


def test_a_claim_that_is_overdue_is_seen_though_its_campaign_is_paused(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(3, running=True)
    claim_slice(database, campaign_id, OneSender().sender("bot", None), Claimant("w", 1, lambda: 0.0))
    with database.write() as session:
        actions.pause(session, campaign_id, act(database.now(session)))
    assert Glance(database, TIMEOUT, passing()).signs() == set()
    # The claim lasts for some seconds; with a request that ends a minute before it begins, it is overdue.
    assert Glance(database, -60.0, passing()).signs() == {Sign.OVERDUE}


def test_what_a_failure_left_is_seen_again_by_whoever_looks_next(
    database: Database, make_campaign: MakeCampaign, glance: Glance
) -> None:
    campaign_id = make_campaign(2, running=True)
    set_rows(database, campaign_id, "failed", 1)
    with database.write() as session:
        campaign_rows.get(session, campaign_id, lock=True).limit_reached = True
    assert glance.signs() == glance.signs() == {Sign.SENDING, Sign.FOLLOWING}


async def nothing() -> None: ...


def duty(**values: Any) -> Duty:
    return Duty("some", nothing, **{"each": 1.0, "sign": Sign.RECEIPTS, **values})


@pytest.mark.parametrize(
    ("made", "signs", "now", "waits"),
    [
        (duty(), {Sign.RECEIPTS}, 0.0, True),
        (duty(began_at=0.0), {Sign.RECEIPTS}, 0.5, False),
        (duty(began_at=0.0), {Sign.RECEIPTS}, 1.0, True),
        (duty(began_at=0.0), {Sign.TEST}, 59.0, False),
        (duty(began_at=0.0), set(), 60.0, True),
        (duty(began_at=0.0, is_due=lambda: True), set(), 1.0, True),
        (duty(began_at=0.0, sign=None), set(), 1.0, True),
        (duty(began_at=0.0, each=300.0, sign=None), set(), 299.0, False),
        (duty(began_at=0.0, each=GLANCE), {Sign.RECEIPTS}, 0.99 * GLANCE, True),
    ],
)
def test_a_duty_begins_when_there_is_something_to_do_and_now_and_then_in_any_case(
    made: Duty, signs: set[Sign], now: float, waits: bool
) -> None:
    assert made.waits(signs, now) is waits


def test_a_duty_that_is_being_done_is_not_begun_again() -> None:
    async def run() -> bool:
        made = duty(running=asyncio.create_task(nothing()))
        return made.waits({Sign.RECEIPTS}, 1000.0)

    assert asyncio.run(run()) is False
