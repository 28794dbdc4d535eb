"""Waits that grow with each try, up to a longest one."""

_MOST_FACTORS = 50
"""no higher power is computed: by then every wait has passed the longest"""


def backoff(tries: int, first: float, longest: float, factor: float = 2) -> float:
    """Return the wait after `tries` earlier ones: `first`, then `factor` times as long each time.

    Units are the caller's; never more than `longest`.
    """
    return float(min(first * factor ** min(tries, _MOST_FACTORS), longest))


def longer(wait: float, first: float, longest: float, factor: float = 2) -> float:
    """Return the wait that follows `wait` in the same series, for callers that store no count."""
    return min(max(wait, first) * factor, longest)
