"""The last check before the bytes of a message leave."""

from __future__ import annotations

from collections.abc import Callable


class TooLate(Exception):
    """Raised when the claim has run out: the row may belong to another worker by now."""


class Fence:
    """Lets a request begin only before its deadline, on a clock that counts suspended time too.

    `began_at` is when its first byte was written, by that clock; None while nothing was written. `is_open` is
    true until the request has begun, or has ended without beginning.
    """

    def __init__(self, elapsed: Callable[[], float], deadline: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._deadline = deadline
        self.began_at: float | None = None
        self.too_late = False
        self.is_open = True

    def begin(self) -> None:
        """Record that the request begins now. Raises TooLate after the deadline."""
        now = self._elapsed()
        self.is_open = False
        if now > self._deadline():
            self.too_late = True
            raise TooLate
        self.began_at = now
