"""Records what the simulator saw: every message request with its time, and what it accepted."""

import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from vonage_simulator.columns import NumberColumn, TextColumn, UuidColumn, WordColumn
from vonage_simulator.receipts import Step

NO_ANSWER = 0
LONGEST_NUMBER = 15
SUBMITTED = Step("submitted")


class Arrival(NamedTuple):
    """One message request. `monotonic` and `wall` are seconds; `status` is 0 while it has no answer."""

    monotonic: float
    wall: float
    sender: str
    status: int
    accepted: bool


class Acceptance(NamedTuple):
    """One accepted message; `at` is when it arrived, in seconds of the wall clock.

    `account` is the api_key it came with; `status` and `code` are what its receipts say in the end.
    """

    to: str
    client_ref: str
    message_uuid: str
    at: float
    account: str
    sender: str
    status: str
    code: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts since the start or the last clear. Probes (empty bodies) are counted only in `probes`."""

    requests: int
    accepted: int
    refused: dict[int, int]
    unanswered: int
    probes: dict[int, int]
    connections: int


@dataclass(frozen=True, slots=True)
class Repeats:
    """How often the same value was accepted: the highest count, and all values with more than one."""

    distinct: int
    most: int
    repeated: dict[str, int]


class Book:
    """The columns of a ledger between two clears: one row per arrival, one per accepted message."""

    def __init__(self) -> None:
        self.monotonic = array("d")
        self.wall = array("d")
        self.sender = array("I")
        self.status = array("H")
        self.was_accepted = array("B")
        self.to = NumberColumn()
        self.client_ref = TextColumn()
        self.message_uuid = UuidColumn()
        self.at = array("d")
        self.account = WordColumn()
        self.sent_from = array("I")
        self.status_at_end = WordColumn()
        self.code_at_end = WordColumn()
        self.refused: Counter[int] = Counter()
        self.probes: Counter[int] = Counter()
        self.unanswered = 0
        self.connections = 0


class Entry(NamedTuple):
    """The place of an arrival in the ledger."""

    book: Book
    row: int


class Ledger:
    """The record of one simulator; it may be read from any thread while messages arrive."""

    def __init__(
        self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._senders = {"": 0}
        self._book = Book()

    def clear(self) -> None:
        """Delete all records. Requests under way stay in the old book, and end there."""
        self._book = Book()

    def connected(self) -> None:
        """Record that a client opened a connection."""
        self._book.connections += 1

    def probed(self, status: int) -> None:
        """Record the status that a request with an empty body got; NO_ANSWER if none can be read."""
        self._book.probes[status] += 1

    def arrived(self, sender: str) -> Entry:
        """Record a message request, whatever becomes of it. Returns its place."""
        book = self._book
        book.monotonic.append(self._monotonic())
        book.wall.append(self._wall())
        book.sender.append(self._senders.setdefault(sender, len(self._senders)))
        book.status.append(NO_ANSWER)
        book.was_accepted.append(False)
        return Entry(book, len(book.status) - 1)

    def accepted(
        self,
        entry: Entry,
        to: str,
        client_ref: str,
        message_uuid: UUID,
        account: str = "",
        end: Step = SUBMITTED,
    ) -> None:
        """Record that this request's message was accepted, and would be sent."""
        book, row = entry
        book.account.append(account)
        book.sent_from.append(book.sender[row])
        book.status_at_end.append(end.status)
        book.code_at_end.append(end.code)
        book.was_accepted[row] = True
        book.to.append(to)
        book.client_ref.append(client_ref)
        book.message_uuid.append(message_uuid)
        book.at.append(book.wall[row])

    def answered(self, entry: Entry, status: int) -> None:
        """Record the status that this request got; NO_ANSWER if none can be read."""
        book, row = entry
        book.status[row] = status
        if status == NO_ANSWER:
            book.unanswered += 1
        elif not book.was_accepted[row]:
            book.refused[status] += 1

    def totals(self) -> Totals:
        """Return the counts; cheap at any size."""
        book = self._book
        return Totals(
            requests=len(book.status),
            accepted=len(book.at),
            refused=dict(book.refused),
            unanswered=book.unanswered,
            probes=dict(book.probes),
            connections=book.connections,
        )

    def numbers(self) -> Repeats:
        """Return how often each number was accepted; reads all rows."""
        return _repeats(self._book.to)

    def client_refs(self) -> Repeats:
        """Return how often each client_ref was accepted, leaving out messages without one; reads all rows."""
        return _repeats(reference for reference in self._book.client_ref if reference)

    def times_of_number(self, to: str) -> list[float]:
        """Return when messages to that number were accepted, in seconds of the wall clock."""
        return _times(self._book.to, to, self._book.at)

    def times_of_client_ref(self, client_ref: str) -> list[float]:
        """Return when messages with that client_ref were accepted, in seconds of the wall clock."""
        return _times(self._book.client_ref, client_ref, self._book.at)

    def acceptances(self) -> Iterator[Acceptance]:
        """Return every accepted message, in the order of acceptance."""
        book, names = self._book, list(self._senders)
        return map(
            Acceptance,
            book.to,
            book.client_ref,
            book.message_uuid,
            book.at,
            book.account,
            (names[number] for number in book.sent_from),
            book.status_at_end,
            book.code_at_end,
        )

    def accepted_by(self, to: str) -> Iterator[Acceptance]:
        """Yield every message accepted to that number, in the order of acceptance; nothing for no number."""
        book, names = self._book, list(self._senders)
        for row in book.to.places(to) if is_number(to) else ():
            yield Acceptance(
                to,
                book.client_ref[row],
                book.message_uuid[row],
                book.at[row],
                book.account[row],
                names[book.sent_from[row]],
                book.status_at_end[row],
                book.code_at_end[row],
            )

    def arrivals(self) -> Iterator[Arrival]:
        """Yield every message request, in the order of arrival."""
        book, names = self._book, list(self._senders)
        rows = zip(book.monotonic, book.wall, book.sender, book.status, book.was_accepted, strict=False)
        for monotonic, wall, sender, status, accepted in rows:
            yield Arrival(monotonic, wall, names[sender], status, bool(accepted))

    def seconds(self) -> list[tuple[int, int, int]]:
        """Return (wall second, accepted, refused or unanswered) by arrival, leaving out empty seconds."""
        counts: dict[int, list[int]] = {}
        for wall, accepted in zip(self._book.wall, self._book.was_accepted, strict=False):
            counts.setdefault(int(wall), [0, 0])[0 if accepted else 1] += 1
        return [(second, accepted, refused) for second, (accepted, refused) in sorted(counts.items())]


def is_number(text: str) -> bool:
    """Return whether the text is a number that a ledger can hold: up to 15 digits."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def _repeats(values: Iterable[str]) -> Repeats:
    counts = Counter(values)
    repeated = {value: count for value, count in counts.items() if count > 1}
    return Repeats(len(counts), max(counts.values(), default=0), repeated)


def _times(values: Iterable[str], wanted: str, times: Sequence[float]) -> list[float]:
    return [at for value, at in zip(values, times, strict=False) if value == wanted]
