"""Keeps what looks at links have found: a preview asks, an engine looks, the next preview tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import MediaLink
from outbound_campaigns.database.statements import change, insert_if_missing
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.media.kinds import MediaType
from outbound_campaigns.media.links import LinkFault, Network, Verdict, look

COUNTS = timedelta(minutes=10)
"""for so long what was found is told again"""

MOST_LINKS = 40
"""of one message: a header and ten cards have fewer"""

LONGEST_LINK = 2_000
"""bytes; PostgreSQL's index takes 2,700"""

_TYPES = [*MediaType]


def links_in(message: object) -> dict[str, MediaType]:
    """Return the links of pictures, videos and documents anywhere in a message, with what each is to be."""
    found: dict[str, MediaType] = {}
    if isinstance(message, list):
        for item in message:
            found |= links_in(item)
    elif isinstance(message, dict):
        for name, value in message.items():
            is_media = name in _TYPES and isinstance(value, dict) and isinstance(value.get("link"), str)
            found |= {value["link"]: MediaType(name)} if is_media else links_in(value)
    return found


def verdicts_of(
    session: Session, bot_id: str, links: Mapping[str, MediaType], now: datetime
) -> dict[str, Verdict | None]:
    """Return what was found of each link lately; None for those that are looked at from now on."""
    found: dict[str, Verdict | None] = {}
    asked = [item for item in links.items() if len(item[0].encode()) <= LONGEST_LINK]
    for link, wanted in asked[:MOST_LINKS]:
        of_link = (MediaLink.bot_id == bot_id, MediaLink.link == link, MediaLink.wanted == wanted)
        insert_if_missing(
            session, MediaLink, {"bot_id": bot_id, "link": link, "wanted": wanted, "asked_at": now}
        )
        is_old = MediaLink.looked_at < now - COUNTS
        change(session, sa.update(MediaLink).where(*of_link, is_old).values(looked_at=None, asked_at=now))
        row = session.execute(sa.select(MediaLink).where(*of_link)).scalar_one()
        found[link] = None if row.looked_at is None else _verdict(row)
    return found


def look_at_some(database: Database, network: Network) -> bool:
    """Look at the link that has waited longest. Returns whether there was one; commits."""
    with database.read() as session:
        waiting = sa.select(MediaLink).where(MediaLink.looked_at.is_(None)).order_by(MediaLink.asked_at)
        row = session.execute(waiting.limit(1)).scalar()
    if row is None:
        return False
    verdict = look(row.link, MediaType(row.wanted), network)
    with database.write() as session:
        now = database.now(session)
        values = {"looked_at": now, "fault": verdict.fault, "detail": verdict.detail}
        change(session, sa.update(MediaLink).where(MediaLink.id == row.id).values(**values))
        change(session, sa.delete(MediaLink).where(MediaLink.asked_at < now - timedelta(days=1)))
    return True


def _verdict(row: MediaLink) -> Verdict:
    return Verdict(LinkFault(row.fault) if row.fault else None, row.detail or "")
