"""What runs beside a campaign that is measured: an open panel, an export, and looks at waiting receipts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle

import requests
import sqlalchemy as sa

from outbound_campaigns.database.models import Receipt, ReceiptState
from tests.support.running import Running

VIEWS_EACH = 1.0
"""seconds between two requests of the panel"""
EXPORTS_EACH = 30.0
LOOKS_EACH = 0.25


@dataclass
class Seen:
    """Seconds of each view, and the age in seconds of the oldest receipt that waited, at each look."""

    views: list[float] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)
    exports: int = 0
    refused: list[str] = field(default_factory=list)
    """views that were not answered with 200, with what was answered"""


@contextmanager
def beside(service: Running, campaign_id: int, exported: int) -> Iterator[Seen]:
    """Look at a campaign and export another one until the end; raises what an answer was refused with."""
    seen, ended, failed = Seen(), threading.Event(), list[Exception]()

    def repeat(act: Callable[[requests.Session], None], each: float) -> None:
        with requests.Session() as session:
            session.headers.update(service.headers)
            try:
                while not ended.wait(each):
                    act(session)
            except Exception as error:
                failed.append(error)

    acts = _acts(service, campaign_id, exported, seen)
    threads = [threading.Thread(target=repeat, args=one) for one in acts]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    if failed:
        raise failed[0]


def _acts(
    service: Running, campaign_id: int, exported: int, seen: Seen
) -> Sequence[tuple[Callable[[requests.Session], None], float]]:
    """Return what is done beside, each with the seconds between two times."""
    one = f"/campaigns/{campaign_id}"
    views = cycle(["/campaigns", one, f"{one}/report", f"{one}/recipients?limit=50", f"{one}/events"])

    def view(session: requests.Session) -> None:
        path = next(views)
        try:
            seen.views.append(_ask(session, service.url + path))
        except requests.HTTPError as error:
            # As the panel: it says so, and asks again.
            seen.refused.append(f"{path}: {error.response.text[:300]}")

    def export(session: requests.Session) -> None:
        _ask(session, f"{service.url}/campaigns/{exported}/export")
        seen.exports += 1

    def look(_: requests.Session) -> None:
        if (age := oldest_waiting(service)) is not None:
            seen.ages.append(age)

    return ((view, VIEWS_EACH), (export, EXPORTS_EACH), (look, LOOKS_EACH))


def oldest_waiting(service: Running) -> float | None:
    """Return how many seconds ago the oldest receipt came that is not applied; None if all are."""
    database = service.installed.database
    query = sa.select(sa.func.min(Receipt.received_at)).where(Receipt.state == ReceiptState.WAITING)
    with database.read() as session:
        oldest = session.execute(query).scalar_one()
        return None if oldest is None else (database.now(session) - oldest).total_seconds()


def _ask(session: requests.Session, url: str) -> float:
    began = time.perf_counter()
    with session.get(url, timeout=60, stream=True) as answer:
        if not answer.ok:
            assert answer.text  # read while the connection is open
            answer.raise_for_status()
        for _ in answer.iter_content(65536):
            pass
    return time.perf_counter() - began
