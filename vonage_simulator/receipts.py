"""Decides which receipts a message gets, when, and with which faults."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from vonage_simulator.merging import check_shares


@dataclass(frozen=True, slots=True)
class ReceiptSettings:
    """How receipts come. Delays and waits are seconds; shares are of messages or receipts, from 0 to 1.

    One status follows the other after delay_min to delay_max. Of all messages, `failed_share` fail with a
    code of `failure_codes`: `rejected` at once, or `undeliverable` after `submitted`; of those delivered,
    `read_share` are read and `late_failure_share` still get a failure. Of all receipts, some are lost,
    doubled, unsigned, or have the error's title as a whole number; of all messages, some get their receipts
    in shuffled order. A receipt that gets no answer, 429 or 5xx is tried again after each of `retry_waits`.
    Receipts beyond `queue_limit` waiting ones are dropped. `concurrency` and `timeout` are fixed at the
    start.
    """

    on: bool = True
    delay_min: float = 0.05
    delay_max: float = 0.5
    failed_share: float = 0.0
    failure_codes: tuple[str, ...] = ("1300", "1330")
    read_share: float = 0.6
    late_failure_share: float = 0.0
    lost_share: float = 0.0
    doubled_share: float = 0.0
    shuffled_share: float = 0.0
    unsigned_share: float = 0.0
    integer_title_share: float = 0.0
    retry_waits: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 10.0)
    queue_limit: int = 200_000
    concurrency: int = 16
    timeout: float = 5.0

    def __post_init__(self) -> None:
        check_shares(self)
        if not 0 <= self.delay_min <= self.delay_max:
            raise ValueError("delay_min must lie between 0 and delay_max")
        if not self.failure_codes or not all(code.isdigit() for code in self.failure_codes):
            raise ValueError("failure_codes must be at least one code of digits")
        if self.concurrency < 1:
            raise ValueError("concurrency must be at least 1")


class Step(NamedTuple):
    """One thing that happens to a message: Vonage's word for it, and a code if it is a failure."""

    status: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt to post, `after` seconds from the message's acceptance."""

    after: float
    status: str
    code: str = ""
    signed: bool = True
    integer_title: bool = False


def steps_of(settings: ReceiptSettings, draw: Random, rejection: str = "") -> list[Step]:
    """Return the steps that one message goes through; with a rejection code it is rejected with that."""
    return [Step("rejected", rejection)] if rejection else list(_steps(settings, draw))


def end_of(steps: Sequence[Step]) -> Step:
    """Return the step that a message ends with: a later failure does not undo an arrival."""
    arrived = [step for step in steps if step.status in ("delivered", "read")]
    return (arrived or steps)[-1]


def planned(settings: ReceiptSettings, draw: Random, steps: Sequence[Step]) -> list[Receipt]:
    """Return the receipts of one message that goes through these steps."""
    times = list(_times(settings, draw, len(steps)))
    if _happens(draw, settings.shuffled_share):
        draw.shuffle(times)
    receipts = [
        _receipt(settings, draw, after, step)
        for after, step in zip(times, steps, strict=True)
        if not _happens(draw, settings.lost_share)
    ]
    return receipts + [receipt for receipt in receipts if _happens(draw, settings.doubled_share)]


def _steps(settings: ReceiptSettings, draw: Random) -> Iterator[Step]:
    if _happens(draw, settings.failed_share):
        code = draw.choice(settings.failure_codes)
        if draw.random() < 0.5:
            yield Step("rejected", code)
            return
        yield Step("submitted")
        yield Step("undeliverable", code)
        return
    yield Step("submitted")
    yield Step("delivered")
    if _happens(draw, settings.read_share):
        yield Step("read")
    if _happens(draw, settings.late_failure_share):
        yield Step("undeliverable", draw.choice(settings.failure_codes))


def _times(settings: ReceiptSettings, draw: Random, count: int) -> Iterator[float]:
    after = 0.0
    for _ in range(count):
        after += draw.uniform(settings.delay_min, settings.delay_max)
        yield after


def _receipt(settings: ReceiptSettings, draw: Random, after: float, step: Step) -> Receipt:
    signed = not _happens(draw, settings.unsigned_share)
    integer_title = _happens(draw, settings.integer_title_share)
    return Receipt(after, step.status, step.code, signed, integer_title)


def _happens(draw: Random, share: float) -> bool:
    return share > 0 and draw.random() < share
