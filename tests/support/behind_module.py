"""A running service behind the Botpress module, in Botpress's own Node and Express."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.node import PLACE, node_12, node_environ
from tests.support.ports import wait_for
from tests.support.running import Running
from tests.support.site import BOT, DISABLED_BOT, OTHER_BOT

PRIVATE_BOT = OTHER_BOT
BOTS = {BOT: {}, DISABLED_BOT: {"disabled": True}, PRIVATE_BOT: {"private": True}}


@contextmanager
def behind_module(service: Running, port: int) -> Iterator[Running]:
    """The same service, asked at Botpress's address."""
    settings = {
        "port": port,
        "root": service.root,
        "serviceUrl": f"http://127.0.0.1:{service.port}",
        "botpressUrl": service.botpress.url,
        "bots": BOTS,
    }
    command = [node_12(), str(PLACE / "server.js"), json.dumps(settings)]
    with subprocess.Popen(command, env=node_environ()) as process:
        through = Running(service.installed, service.botpress, port, service.environ, service.root)
        try:
            wait_for(f"{through.url}/ui/icon.svg")
            yield through
        finally:
            process.terminate()
