"""Campaigns with recipients in every state, on both databases."""

from collections.abc import Callable, Sequence

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, campaign_rows, recounting
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Campaign, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.watch import Watch
from tests.support.recipients import add_recipients

TEMPLATE = ResolvedTemplate("promo", "es_MX")

MakeCampaign = Callable[..., int]

GRACE = 900.0
"""seconds by which a start may be late"""


@pytest.fixture
def make_campaign(database: Database) -> MakeCampaign:
    """Makes a draft, or a running campaign, with so many pending recipients; gives its id."""

    def make(recipients: int = 3, running: bool = False, **fields: object) -> int:
        with database.write() as session:
            now = database.now(session)
            new = NewCampaign("bot", "Navidad", "promo", **fields)  # type: ignore[arg-type]
            campaign_id = campaign_rows.create(session, new, now).id
            if recipients:
                add_recipients(session, campaign_id, recipients, now)
            if running:
                actions.start(session, campaign_id, TEMPLATE, Act("ana", now))
        return campaign_id

    return make


def set_rows(database: Database, campaign_id: int, status: str, count: int, code: str | None = None) -> None:
    """Turn so many pending rows to a status, counts included."""
    with database.write() as session:
        query = sa.select(Recipient.id).where(
            Recipient.campaign_id == campaign_id, Recipient.status == "pending"
        )
        ids = session.execute(query.limit(count)).scalars().all()
        failed_at = database.now(session) if status == "failed" else None
        values = {"status": status, "failed_at": failed_at, "error_code": code}
        session.execute(sa.update(Recipient).where(Recipient.id.in_(ids)).values(**values))
        session.flush()
        recounting.mend(session, recounting.recount(session))


def read(database: Database, campaign_id: int) -> Campaign:
    with database.read() as session:
        return campaign_rows.get(session, campaign_id)


def look(database: Database, refusal: Exception | None = None) -> Sequence[int]:
    """What the engine does each second."""
    engine = watch(database, refusal)
    engine.start_due()
    return look_after(engine)


def look_after(engine: Watch) -> Sequence[int]:
    """What the engine does each second for campaigns that have started; gives those that run."""
    engine.abandon_overdue()
    engine.follow()
    return engine.running()


def watch(database: Database, refusal: Exception | None = None) -> Watch:
    def prepare(_campaign: Campaign) -> ResolvedTemplate:
        if refusal is not None:
            raise refusal
        return TEMPLATE

    return Watch(database, prepare, 35.0, GRACE)
