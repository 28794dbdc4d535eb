"""Ports of this machine: one that is free, and waiting for what answers at a URL."""

from __future__ import annotations

import socket
import time

import requests

STARTS_WITHIN = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            requests.get(url, timeout=5).raise_for_status()
            return
        except requests.RequestException:
            assert time.monotonic() < end, f"{url} did not come up"
            time.sleep(0.2)
