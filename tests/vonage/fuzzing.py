"""A server that breaks connections, requests and answers in every way, and what must hold of each message.

`python -m tests.vonage.fuzzing [cases] [seed]` is the long mode, half of it on each event loop.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import uvloop

from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.vonage.gateway import Endpoint, VonageGateway
from tests.support.raw_server import accepted, ref_of
from tests.support.wire import by_basic, closed_fence, open_fence, promo

CASES = 1_000_000
AT_ONCE = 200
"""messages in flight"""

CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 0.5
"""seconds"""

UNSENT = (OutcomeKind.NOT_BEGUN, OutcomeKind.NOT_CONNECTED)

STATUSES = (200, 401, 422, 429, 503)

PUT_IN = (b"", b"\0", b"\r\n", b"\r\n\r\n", b"HTTP/1.1 100 C\r\n\r\n", b"HTTP/1.1 103 E\r\nX: y\r\n\r\n")

ANSWERS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    lambda request, _: accepted(request),
    lambda request, _: accepted(request, b"Connection: close\r\n"),
    lambda request, _: accepted(request, b"X: " + b"y" * 70_000 + b"\r\n"),
    lambda request, _: accepted(request).replace(b"HTTP/1.1", b"HTTP/1.0"),
    lambda request, _: accepted(request) + accepted(request.replace(b"c42-", b"c43-")),
    lambda request, chance: _in_chunks(accepted(request), chance),
    lambda request, _: b"HTTP/1.1 202 A\r\n\r\n" + accepted(request).partition(b"\r\n\r\n")[2],
    lambda request, _: b"HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + accepted(request),
    lambda _, chance: b"HTTP/1.1 %d X\r\nContent-Length: 2\r\n\r\n{}" % chance.choice(STATUSES),
    lambda _, chance: chance.randbytes(chance.randrange(1, 400)),
    lambda request, _: request,
)


def _in_chunks(answer: bytes, chance: random.Random) -> bytes:
    """The same with its body in chunks."""
    body, chunks = answer.partition(b"\r\n\r\n")[2], b""
    while body:
        size = chance.randrange(1, 20)
        chunks += b"%x\r\n%s\r\n" % (len(body[:size]), body[:size])
        body = body[size:]
    return b"HTTP/1.1 202 A\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


def broken(request: bytes, chance: random.Random) -> bytes:
    """An answer to this request; two of three are changed somewhere."""
    answer = bytearray(chance.choice((ANSWERS[0], *ANSWERS))(request, chance))
    for _ in range(chance.choice((0, 0, 1, 1, 2, 5))):
        at = chance.randrange(len(answer) + 1)
        cut = chance.choice((0, 1, 1, 3, len(answer)))
        answer[at : at + cut] = chance.choice((*PUT_IN, accepted(request)))
    return bytes(answer)


@dataclass
class Broken:
    """What the server does is the same for the same seed; `arrived` counts each message's whole requests."""

    seed: int
    arrived: Counter[str] = field(default_factory=Counter)
    connections: int = 0

    def protocol(self) -> _Server:
        self.connections += 1
        return _Server(self, random.Random(f"{self.seed} {self.connections}"))


class _Server(asyncio.Protocol):
    def __init__(self, broken: Broken, chance: random.Random) -> None:
        self._broken = broken
        self._got = b""
        # Of some connections only so many bytes are taken, or none.
        self._takes = chance.choice((0, chance.randrange(1, 700))) if chance.random() < 0.05 else sys.maxsize
        self._chance = chance

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if not self._takes:
            self._end()

    def data_received(self, data: bytes) -> None:
        self._got += data
        if len(self._got) >= self._takes:
            self._end()
        head, end, body = self._got.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: *([0-9]+)", head, re.IGNORECASE)
        if end and length and len(body) >= int(length[1]):
            request, self._got = self._got, b""
            ref = ref_of(request).decode()
            self._broken.arrived[ref] += 1
            self._answer(request, random.Random(f"{self._broken.seed} {ref}"))

    def _answer(self, request: bytes, chance: random.Random) -> None:
        answer = broken(request, chance)
        # Silence takes longest to be found out.
        ends = 0.3 if answer == accepted(request) else 0.9
        if chance.random() < 0.3:
            answer = answer[: chance.randrange(len(answer) + 1)]
        at = chance.randrange(len(answer) + 1)
        self._transport.write(answer[:at])
        loop = asyncio.get_running_loop()
        loop.call_later(chance.choice((0, 0, 0.002)), self._write, answer[at:])
        if chance.random() < ends:
            loop.call_later(0.004, self._end)

    def _write(self, part: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(part)

    def _end(self) -> None:
        if self._chance.random() < 0.5:
            self._transport.abort()
        else:
            self._transport.close()


async def play(cases: int, seed: int, progress: Callable[[int], None] = lambda _: None) -> Counter[str]:
    """Send so many messages. Returns how often each outcome came. Raises AssertionError."""
    server, loop = Broken(seed), asyncio.get_running_loop()
    listener = await loop.create_server(server.protocol, "127.0.0.1", 0, backlog=1000)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    endpoint = Endpoint(url, CONNECT_TIMEOUT, READ_TIMEOUT)
    unsent: list[str] = []
    found: Counter[str] = Counter()
    async with VonageGateway(endpoint) as gateway:
        numbers = iter(range(cases))

        async def send_some() -> None:
            for n in numbers:
                ref = f"c42-{n}-{random.Random(n).randbytes(12).hex()}"
                held_back = random.Random(f"{seed} fence {n}").random() < 0.02
                fence = closed_fence() if held_back else open_fence()
                outcome = await gateway.send(by_basic(), promo(ref), fence)
                _judge(outcome, ref, held_back, server)
                found[f"{outcome.kind} {outcome.code or ''}"] += 1
                if outcome.kind in UNSENT:
                    unsent.append(ref)
                progress(n)

        await asyncio.gather(*(send_some() for _ in range(AT_ONCE)))
    # What was on its way would be here by now.
    await asyncio.sleep(0.1)
    listener.close()
    assert not [ref for ref in unsent if server.arrived[ref]]
    assert set(server.arrived.values()) == {1}
    assert sum(found.values()) == cases
    return found


def _judge(outcome: Outcome, ref: str, held_back: bool, server: Broken) -> None:
    # Some of its bytes may be lost on the way; what is put in makes the JSON invalid.
    assert _is_within(outcome.message_uuid or "", ref), (ref, outcome)
    if outcome.kind is OutcomeKind.ACCEPTED:
        assert outcome.message_uuid, (ref, outcome)
        assert server.arrived[ref] == 1, (ref, outcome)
    if held_back:
        assert outcome.kind in UNSENT, (ref, outcome)
    if outcome.kind is OutcomeKind.NOT_BEGUN:
        assert held_back, (ref, outcome)


def _is_within(part: str, whole: str) -> bool:
    """Return whether the part is the whole, but for letters that are missing."""
    letters = iter(whole)
    return all(letter in letters for letter in part)


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()
    for make in (asyncio.new_event_loop, uvloop.new_event_loop):
        print(f"seed {seed}, {cases // 2} cases on {make.__module__}", flush=True)
        with asyncio.Runner(loop_factory=make) as runner:
            found = runner.run(play(cases // 2, seed, _tell))
        print(", ".join(f"{count} {kind}" for kind, count in sorted(found.items())), flush=True)


def _tell(n: int) -> None:
    if n and n % 50_000 == 0:
        print(f"  {n}", flush=True)


if __name__ == "__main__":
    main()
