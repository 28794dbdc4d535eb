"""Sending a campaign slice by slice: claim, leave at each slot, hand every outcome to the recorder."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from outbound_campaigns import campaigns
from outbound_campaigns.campaigns import Move
from outbound_campaigns.clock import Clock
from outbound_campaigns.db import Database, instant
from outbound_campaigns.errors import ConfigurationMissing
from outbound_campaigns.lifecycle import CampaignEvent
from outbound_campaigns.models import Campaign
from outbound_campaigns.outcome import Outcome, OutcomeKind
from outbound_campaigns.sending import breaker as breakers
from outbound_campaigns.sending import message as messages
from outbound_campaigns.sending.claims import Claimant, Departure, Probe, Slice, Wait, claim_slice
from outbound_campaigns.sending.fence import Fence
from outbound_campaigns.sending.gateway import Gateway, storable
from outbound_campaigns.sending.lane import Lane, Recent
from outbound_campaigns.sending.recorder import Recorded, Recorder, Result, record
from outbound_campaigns.sending.senders import Sender, Senders

InThread = Callable[[Callable[[], Any]], Awaitable[Any]]
"""runs a function that waits for the database, without holding up the event loop"""

LOOK_AHEAD = 0.05
"""seconds before a slice's last slot at which the next slice is claimed"""

BEING_WRITTEN = 3.0
"""seconds for which a configuration may be broken before it counts"""

_MOMENT = 0.001
_GLANCE = 0.2
"""seconds; a waiting departure looks this often whether it is still wanted"""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Run:
    """What this process knows of one campaign while it sends it."""

    bot_id: str
    sender_number: str | None
    recent: Recent
    halted_at: float = -1.0
    missing_since: float | None = None
    departing: asyncio.Task[None] | None = None
    nearly_done: asyncio.Event = field(default_factory=asyncio.Event)


class Dispatcher:
    """Sends for one worker. Everything here runs on one event loop; the database in threads.

    `valid_until` tells until when, on the elapsed clock, this worker may send at all.
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
        self._valid_until = valid_until
        self._lanes: dict[str, Lane] = {}
        self._runs: dict[int, _Run] = {}
        self._requests: set[asyncio.Task[None]] = set()
        self._batches: set[asyncio.Task[datetime | None]] = set()
        self._stopping = False
        self.recorder = Recorder(self._record, clock.sleep, self._recorded)

    async def run_batch(self, campaign_id: int) -> datetime | None:
        """Send one slice of a campaign. The time at which to call again, or None: not by itself.

        Raises what the database raises while it is away; nothing is lost by it.
        """
        await self.recorder.settle()
        if self._stopping:
            return None
        # Who gives up waiting must not lose what a claim, already on its way, is going to bring.
        batch = asyncio.create_task(self._batch(campaign_id))
        self._batches.add(batch)
        batch.add_done_callback(self._batches.discard)
        return await asyncio.shield(batch)

    async def _batch(self, campaign_id: int) -> datetime | None:
        run = await self._run(campaign_id)
        try:
            sender = self._senders.sender(run.bot_id, run.sender_number)
        except ConfigurationMissing as missing:
            return await self._without_sender(campaign_id, run, missing)
        run.missing_since = None
        lane = self._lane(sender.account)
        claimant = Claimant(self._worker, 2 * lane.allowed, self._clock.elapsed)
        claimed = await self._in_thread(partial(claim_slice, self._database, campaign_id, sender, claimant))
        match claimed:
            case Wait(until=until):
                return until if isinstance(until, datetime) else None
            case Probe():
                return await self._probe(sender, lane)
            case _:
                return await self._send(run, lane, claimed)

    def halt(self, campaign_id: int) -> None:
        """Let nothing more of a campaign leave that is claimed so far; its rows go back to pending."""
        if campaign_id in self._runs:
            self._runs[campaign_id].halted_at = self._clock.elapsed()

    def forget(self, campaign_id: int) -> None:
        """Drop what is known of a campaign that is no longer sent."""
        run = self._runs.get(campaign_id)
        if run is not None and (run.departing is None or run.departing.done()):
            del self._runs[campaign_id]

    @property
    def sending(self) -> list[int]:
        return list(self._runs)

    async def stop(self, patience: float) -> None:
        """Let nothing more leave, wait `patience` seconds for answers, and record what came.

        Requests without an answer by then are in doubt.
        """
        self._stopping = True
        await asyncio.gather(*self._batches, return_exceptions=True)
        departing = [run.departing for run in self._runs.values() if run.departing]
        await asyncio.gather(*departing, return_exceptions=True)
        if self._requests:
            _, late = await asyncio.wait(set(self._requests), timeout=patience)
            for request in late:
                request.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.recorder.settle()

    async def _run(self, campaign_id: int) -> _Run:
        if campaign_id not in self._runs:
            campaign = await self._in_thread(partial(self._read, campaign_id))
            recent = Recent(campaign.batch_size, campaign.batch_interval_ms / 1000)
            self._runs[campaign_id] = _Run(campaign.bot_id, campaign.sender_number, recent)
        return self._runs[campaign_id]

    def _read(self, campaign_id: int) -> Campaign:
        with self._database.read() as session:
            return campaigns.get(session, campaign_id)

    def _lane(self, account: str) -> Lane:
        if account not in self._lanes:
            self._lanes[account] = Lane(self._most_in_flight)
        return self._lanes[account]

    async def _send(self, run: _Run, lane: Lane, claimed: Slice) -> datetime:
        campaign = claimed.campaign
        run.recent.resize(campaign.batch_size, campaign.batch_interval_ms / 1000)
        lane.set_pace(claimed.per_second)
        if run.departing is not None:
            await asyncio.wait((run.departing,))
        run.nearly_done = asyncio.Event()
        run.departing = asyncio.create_task(self._depart(run, lane, claimed))
        await run.nearly_done.wait()
        return instant(claimed.now)

    async def _depart(self, run: _Run, lane: Lane, claimed: Slice) -> None:
        """Let the slice's messages leave, each at its time; hand back those that may not."""
        try:
            for index, departure in enumerate(claimed.departures):
                self._watch_for_end(run, lane, claimed, index)
                if not await self._turn(run, lane, claimed, departure):
                    self._hand_back(claimed, index)
                    return
                fence = self._fence(claimed)
                lane.enter(self._clock.elapsed())
                run.recent.left(fence)
                request = asyncio.create_task(self._request(lane, claimed, departure, fence))
                self._requests.add(request)
                request.add_done_callback(self._requests.discard)
        finally:
            run.nearly_done.set()

    def _watch_for_end(self, run: _Run, lane: Lane, claimed: Slice, index: int) -> None:
        """Is it time to claim the next slice? What is left of this one has to fit into the flight."""
        left = len(claimed.departures) - index
        ends_in = claimed.elapsed(claimed.departures[-1].slot) - self._clock.elapsed()
        if ends_in <= LOOK_AHEAD and left <= lane.allowed - lane.in_flight:
            run.nearly_done.set()

    async def _turn(self, run: _Run, lane: Lane, claimed: Slice, departure: Departure) -> bool:
        """Wait until the message may leave. False when it may not leave any more."""
        slot = claimed.elapsed(departure.slot)
        while True:
            now = self._clock.elapsed()
            stopped = max(run.halted_at, lane.stopped_at)
            if self._stopping or claimed.mark <= stopped or now > min(claimed.deadline, self._valid_until()):
                return False
            at = run.recent.next_at(lane.next_at(slot))
            if at is None:
                await self._clock.sleep(_MOMENT)
            elif at > now:
                await self._clock.sleep(min(at - now, _GLANCE))
            elif lane.is_full:
                await self._wait_for_room(lane)
            else:
                return True

    async def _wait_for_room(self, lane: Lane) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_GLANCE):
                await lane.wait_for_room()

    def _fence(self, claimed: Slice) -> Fence:
        return Fence(self._clock.elapsed, lambda: min(claimed.deadline, self._valid_until()))

    async def _request(self, lane: Lane, claimed: Slice, departure: Departure, fence: Fence) -> None:
        try:
            outcome = await self._post(claimed, departure, fence)
        except asyncio.CancelledError:
            outcome = _given_up(fence)
        except Exception as error:
            log.exception("a request ended in an unforeseen way: %s", type(error).__name__)
            outcome = _failed(fence, error)
        fence.is_open = False
        lane.leave(outcome, self._clock.elapsed())
        self._put(claimed, departure, outcome, fence.began_at)

    async def _post(self, claimed: Slice, departure: Departure, fence: Fence) -> Outcome:
        try:
            message = messages.compose(claimed, departure)
        except messages.MissingColumn as missing:
            return Outcome(OutcomeKind.RECIPIENT_REFUSED, "missing_column", detail=storable(str(missing)))
        return await self._gateway.send(claimed.sender, message, fence)

    def _hand_back(self, claimed: Slice, index: int) -> None:
        for departure in claimed.departures[index:]:
            self._put(claimed, departure, Outcome(OutcomeKind.NOT_BEGUN), None)

    def _put(self, claimed: Slice, departure: Departure, outcome: Outcome, began_at: float | None) -> None:
        self.recorder.put(
            Result(
                campaign_id=claimed.campaign.id,
                sender=claimed.sender,
                recipient_id=departure.recipient_id,
                number=departure.number,
                slot=departure.slot,
                outcome=outcome,
                left_at=None if began_at is None else claimed.wall(began_at),
                answered_at=claimed.wall(self._clock.elapsed()),
            )
        )

    async def _record(self, results: Sequence[Result]) -> Recorded:
        recorded: Recorded = await self._in_thread(partial(record, self._database, results))
        return recorded

    def _recorded(self, recorded: Recorded) -> None:
        self._lane(recorded.account).set_pace(recorded.per_second)
        if recorded.paused:
            self.halt(recorded.campaign_id)

    async def _probe(self, sender: Sender, lane: Lane) -> datetime | None:
        """Ask Vonage whether it answers; the time of the next try when it does not."""
        answers = await self._gateway.probe(sender)

        def note() -> datetime | None:
            with self._database.write() as session:
                breaker = breakers.lock_breaker(session, sender.account)
                if answers:
                    breakers.close(breaker)
                return breaker.probe_at or self._database.now(session)

        if answers:
            lane.restart()
        until: datetime | None = await self._in_thread(note)
        return until

    async def _without_sender(
        self, campaign_id: int, run: _Run, missing: ConfigurationMissing
    ) -> datetime | None:
        """Pause the campaign, unless the files are only just being written."""
        now = self._clock.elapsed()
        run.missing_since = now if run.missing_since is None else run.missing_since
        if now - run.missing_since < BEING_WRITTEN:
            wall: datetime = await self._in_thread(self._database.read_clock)
            return wall + timedelta(seconds=1)

        def pause() -> None:
            with self._database.write() as session:
                why = {"code": missing.code, **missing.values}
                move = Move("guard", self._database.now(session), why)
                campaigns.move_campaign(session, campaign_id, CampaignEvent.PAUSE, move)

        await self._in_thread(pause)
        return None


def _given_up(fence: Fence) -> Outcome:
    if fence.began_at is None:
        return Outcome(OutcomeKind.NOT_BEGUN)
    return Outcome(OutcomeKind.IN_DOUBT, "engine_stopped")


def _failed(fence: Fence, error: Exception) -> Outcome:
    """Our own failure. Before the request begun it may well repeat itself, so that it has to count."""
    if fence.began_at is None:
        return Outcome(OutcomeKind.CAMPAIGN_TROUBLE, "internal_error", detail=type(error).__name__)
    return _given_up(fence)
