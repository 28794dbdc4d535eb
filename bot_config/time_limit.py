"""Limits how long somebody waits for what may hang, such as a server that is frozen."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")

WAITS = "time limit"
"""the name of the threads"""


def within(seconds: float, function: Callable[[], Result]) -> Result:
    """Return what the function returns, or raise what it raises. Raises TimeoutError when it takes longer.

    It runs in a thread of its own, which nobody waits for any more then, not even the end of the process.
    """
    ended: SimpleQueue[tuple[Result | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            ended.put((function(), None))
        except BaseException as error:
            ended.put((None, error))

    Thread(target=run, name=WAITS, daemon=True).start()
    try:
        result, error = ended.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]
