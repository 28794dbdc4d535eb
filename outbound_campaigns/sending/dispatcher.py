"""Sends a campaign slice by slice: claims and sends what may leave, or probes if the breaker is open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from outbound_campaigns.campaigns import campaign_rows, transitions
from outbound_campaigns.campaigns.campaign_rows import GUARD, Act
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.access import Access
from outbound_campaigns.domain.lifecycle import CampaignEvent
from outbound_campaigns.domain.refusals.configuration import ConfigurationMissing
from outbound_campaigns.runtime.clock import Clock, WallOffset
from outbound_campaigns.sending import breaker as breakers
from outbound_campaigns.sending import departure_marks
from outbound_campaigns.sending.batch_limits import BatchLimit
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.departure_marks import Mark, MarkClosed
from outbound_campaigns.sending.flight import Flight, Run
from outbound_campaigns.sending.gate import Gate
from outbound_campaigns.sending.lane import Lane
from outbound_campaigns.sending.recent import Recent
from outbound_campaigns.sending.record import Recorded, record
from outbound_campaigns.sending.recorder import Recorder
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Probe, Slice, Wait
from outbound_campaigns.vonage.gateway import Gateway
from outbound_campaigns.vonage.senders import Sender, Senders

InThread = Callable[[Callable[[], Any]], Awaitable[Any]]
"""runs a function that waits for the database, without holding up the event loop"""

GLANCE = 0.02
"""seconds between two checks of what is under way"""

BEING_WRITTEN = 3.0
"""seconds for which a configuration may be broken before the campaign is paused"""


AT_ONCE = datetime.min.replace(tzinfo=UTC)
"""when to call again if more may leave now"""


class Dispatcher:
    """Sends for one worker. The database is used in threads, everything else runs on one event loop.

    `valid_until` returns until when, on the elapsed clock, this worker may send at all. Its name, `worker`,
    is nobody else's, and not used again once another has taken over.
    """

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        senders: Senders,
        clock: Clock,
        worker: str,
        run_in_thread: InThread = asyncio.to_thread,
        most_in_flight: int = 256,
        valid_until: Callable[[], float] = lambda: float("inf"),
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._senders = senders
        self._clock = clock
        self._worker = worker
        self._in_thread = run_in_thread
        self._most_in_flight = most_in_flight
        self._lanes: dict[Access, Lane] = {}
        self._runs: dict[int, Run] = {}
        self._batches: set[asyncio.Task[datetime | None]] = set()
        self._stopping = False
        self._offset = WallOffset()
        self.recorder = Recorder(self._record, clock.sleep, self._recorded)
        self._gate = Gate(self._move_mark, lambda: self.recorder.unrecorded, clock)
        self._flight = Flight(gateway, clock, self.recorder.put, valid_until, self._gate)

    async def run_batch(self, campaign_id: int) -> datetime | None:
        """Send one slice of a campaign. Returns when to call again; None: not until something changes.

        Raises what the database raises while it is unavailable; nothing is lost by it.
        """
        run = await self._run(campaign_id)
        await self._catch_up(run)
        if self._stopping:
            return None
        # A caller that stops waiting must not lose what a claim, already under way, is going to bring.
        batch = asyncio.create_task(self._batch(campaign_id, run))
        self._batches.add(batch)
        batch.add_done_callback(self._batches.discard)
        return await asyncio.shield(batch)

    async def _catch_up(self, run: Run) -> None:
        """Wait until the recorder is at most a slice behind; waiting for all would leave the flight idle."""
        put = self.recorder.put_so_far()
        await self.recorder.settle(run.put_before)
        run.put_before = put

    async def _batch(self, campaign_id: int, run: Run) -> datetime | None:
        try:
            sender: Sender = await self._in_thread(
                partial(self._senders.sender, run.bot_id, run.sender_number)
            )
        except ConfigurationMissing as missing:
            return await self._without_sender(campaign_id, run, missing)
        run.missing_since = None
        lane = self._lane(sender.access)
        gate, begun_at = self._gate, self._clock.elapsed()
        most = 2 * lane.allowed
        claimant = Claimant(self._worker, most, self._clock.elapsed, self._offset, gate.room, gate.is_new)
        try:
            claimed = await self._in_thread(
                partial(claim_slice, self._database, campaign_id, sender, claimant)
            )
        except MarkClosed:
            gate.close()
            return None
        run.claims.append(self._clock.elapsed() - begun_at)
        match claimed:
            case Wait(until=until):
                return until if isinstance(until, datetime) else None
            case Probe():
                return await self._probe(sender, lane)
            case _:
                return await self._send(run, lane, claimed)

    @property
    def is_superseded(self) -> bool:
        """True once another worker has taken over from this one, of which nothing may leave any more."""
        return self._gate.is_closed

    async def _move_mark(self, until: float, is_new: bool) -> bool:
        def move() -> bool:
            with self._database.write() as session:
                return departure_marks.move(session, Mark(self._worker, until, is_new))

        is_moved: bool = await self._in_thread(move)
        return is_moved

    def halt(self, campaign_id: int) -> None:
        """Stop what is claimed of a campaign so far from leaving; its rows go back to pending."""
        if campaign_id in self._runs:
            self._runs[campaign_id].halted_at = self._clock.elapsed()

    def forget(self, campaign_id: int) -> None:
        """Drop the state of a campaign that is no longer sent."""
        run = self._runs.get(campaign_id)
        if run is not None and run.is_over:
            del self._runs[campaign_id]

    async def settle(self, campaign_id: int) -> None:
        """Wait until nothing of a campaign is under way: all has left, was answered and is recorded."""
        run = self._runs.get(campaign_id)
        while run is not None and not run.is_over:
            await self._clock.sleep(GLANCE)
        await self.recorder.settle()

    @property
    def sending(self) -> list[int]:
        """Return the ids of the campaigns that this worker sends."""
        return list(self._runs)

    async def stop(self, patience: float) -> None:
        """Stop anything more from leaving, wait `patience` seconds for answers, and record those that came.

        Requests without an answer by then are in doubt.
        """
        self._stopping = True
        self._flight.stop()
        await asyncio.gather(*self._batches, return_exceptions=True)
        departing = [run.departing for run in self._runs.values() if run.departing]
        await asyncio.gather(*departing, return_exceptions=True)
        self._gate.stop()
        await self._flight.land(patience)
        await self.recorder.settle()

    async def _run(self, campaign_id: int) -> Run:
        if campaign_id not in self._runs:
            campaign = await self._in_thread(partial(self._read, campaign_id))
            recent = Recent(BatchLimit(campaign.batch_size, campaign.batch_interval_ms / 1000))
            self._runs[campaign_id] = Run(campaign.bot_id, campaign.sender_number, recent)
        return self._runs[campaign_id]

    def _read(self, campaign_id: int) -> Campaign:
        with self._database.read() as session:
            return campaign_rows.get(session, campaign_id)

    def _lane(self, access: Access) -> Lane:
        if access not in self._lanes:
            self._lanes[access] = Lane(self._most_in_flight)
        return self._lanes[access]

    async def _send(self, run: Run, lane: Lane, claimed: Slice) -> datetime:
        lane.set_pace(claimed.per_second)
        await self._flight.send(run, lane, claimed)
        return AT_ONCE

    async def _record(self, results: Sequence[Result]) -> Recorded:
        until = self._gate.farthest(len(results))
        mark = Mark(self._worker, until, self._gate.is_new)
        recorded: Recorded = await self._in_thread(partial(record, self._database, results, mark))
        if recorded.is_marked:
            self._gate.note(until)
        else:
            self._gate.close()
        return recorded

    def _recorded(self, recorded: Recorded) -> None:
        self._lane(recorded.access).set_pace(recorded.per_second)
        if recorded.paused:
            self.halt(recorded.campaign_id)

    async def _probe(self, sender: Sender, lane: Lane) -> datetime | None:
        """Probe Vonage. Returns when to call again: now if it answers, else when the next probe is due."""
        answers = await self._gateway.probe(sender)

        def note() -> datetime | None:
            with self._database.write() as session:
                breaker = breakers.lock_breaker(session, sender.access)
                if answers:
                    breakers.close(breaker)
                return breaker.probe_at or self._database.now(session)

        if answers:
            lane.restart()
        until: datetime | None = await self._in_thread(note)
        return until

    async def _without_sender(
        self, campaign_id: int, run: Run, missing: ConfigurationMissing
    ) -> datetime | None:
        """Pause the campaign, or return when to look again if its files may only just be being written."""
        now = self._clock.elapsed()
        run.missing_since = now if run.missing_since is None else run.missing_since
        if now - run.missing_since < BEING_WRITTEN:
            wall: datetime = await self._in_thread(self._database.read_clock)
            return wall + timedelta(seconds=1)

        def pause() -> None:
            with self._database.write() as session:
                why = {"code": missing.code, **missing.values}
                act = Act(GUARD, self._database.now(session), why)
                transitions.move_campaign(session, campaign_id, CampaignEvent.PAUSE, act)

        await self._in_thread(pause)
        return None
