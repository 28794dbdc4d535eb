"""Play many stories on all cores: python -m tests.whole.simulation [how many] [first seed]."""

import logging
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.whole.simulation.stories import play


def _play(seed: int) -> tuple[int, str | None]:
    logging.disable(logging.WARNING)
    try:
        play(seed)
    except AssertionError as error:
        return seed, str(error)
    return seed, None


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    began = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        broken = [told for told in pool.map(_play, range(first, first + count), chunksize=20) if told[1]]
    minutes = (time.monotonic() - began) / 60
    for seed, what in broken:
        print(f"seed {seed}: {what}")
    print(f"{count} stories in {minutes:.1f} min ({count / minutes:.0f} a minute), {len(broken)} broken")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
