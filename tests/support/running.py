"""The whole service as its operator starts it: `serve` with web and engine, beside Botpress and Vonage."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import requests

from tests.support.botpress_server import Botpress
from tests.support.installation import Installation, installation
from tests.support.ports import free_port, wait_for
from tests.support.receipt_bodies import API_KEY, SECRET
from tests.support.site import ADMIN, BOT, add_users, write_botpress

MODULE = "/mod/outbound-campaigns"


@dataclass
class Running:
    """A started service; `ask` sends real HTTP to it."""

    installed: Installation
    botpress: Botpress
    port: int
    environ: dict[str, str]
    root: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.root}/api/v1/bots/{BOT}{MODULE}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": self.botpress.bearer(ADMIN)}

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = self.headers | more.pop("headers", {})
        return requests.request(method, self.url + path, headers=headers, timeout=60, **more)

    def start(self, command: list[str] | None = None) -> None:
        commands = [command or [sys.executable, "-m", "outbound_campaigns", "serve"]]
        if self.installed.engine == "cluster":
            commands.append([sys.executable, "-m", "outbound_campaigns", "worker"])
        for each in commands:
            self._start(each)
        wait_for(f"{self.url}/ui/icon.svg")

    def _start(self, command: list[str]) -> None:
        log = (self.installed.folder / "service.log").open("ab")
        process = subprocess.Popen(
            command, env=self.environ, stderr=log, stdout=log, cwd=Path(__file__).parents[2]
        )
        log.close()
        self.processes.append(process)

    def family(self) -> list[psutil.Process]:
        """The web process and its workers, and the engine."""
        return [
            child
            for process in self.processes
            for child in psutil.Process(process.pid).children(recursive=True)
        ]

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)
        self.processes.clear()

    def draft(self, recipients: int = 0, **fields: Any) -> int:
        """A draft with so many people, uploaded; its id, once the file is in."""
        body = {"name": "prueba", "template_id": "promo_navidad", "batch_interval_ms": 1000, **fields}
        campaign_id: int = self.ask("POST", "/campaigns", json=body).json()["id"]
        if recipients:
            self.upload(campaign_id, people(recipients))
        return campaign_id

    def upload(self, campaign_id: int, content: bytes) -> None:
        place = f"/campaigns/{campaign_id}/upload-csv"
        answer = self.ask("POST", place, data=content, headers={"Content-Type": "text/csv"})
        import_id = answer.json()["id"]
        while answer.json()["status"] == "running":
            answer = self.ask("GET", f"/campaigns/{campaign_id}/imports/{import_id}")
        assert answer.json()["status"] == "completed", answer.text

    def move(self, campaign_id: int, action: str) -> dict[str, Any]:
        answer = self.ask("POST", f"/campaigns/{campaign_id}/{action}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def log(self) -> str:
        return (self.installed.folder / "service.log").read_text()


def people(count: int) -> bytes:
    rows = (f"442{number:07d},Nombre {number},Regalo\n" for number in range(2_000_000, 2_000_000 + count))
    return ("phone_number,var1,var2\n" + "".join(rows)).encode()


@contextmanager
def running(
    folder: Path, database_url: str, settings: dict[str, str] | None = None, root: str = "", **simulator: Any
) -> Iterator[Running]:
    """Everything started and, at the end, stopped in order."""
    with (
        installation(folder, database_url, **simulator) as installed,
        running_with(installed, settings, root) as service,
    ):
        yield service


@contextmanager
def running_with(
    installed: Installation, settings: dict[str, str] | None = None, root: str = ""
) -> Iterator[Running]:
    """The service of an installation whose stand-in for Vonage runs already."""
    with Botpress() as botpress:
        add_users(botpress)
        write_botpress(installed.data, botpress.secret)
        installed.set_pace(2000)
        port = int((settings or {}).get("OUTBOUND_PORT", free_port()))
        environ = {
            **installed.environ,
            "OUTBOUND_PORT": str(port),
            "OUTBOUND_UPLOAD_DIR": str(installed.folder / "uploads"),
            "BOTPRESS_URL": botpress.url,
            **(settings or {}),
        }
        environ = {name: value for name, value in environ.items() if not name.startswith("COVERAGE_")}
        service = Running(installed, botpress, port, environ, root)
        try:
            service.start()
            yield service
        finally:
            service.stop()


ACCOUNT = {"api_key": API_KEY, "api_secret": "s3cret-of-the-account", "signature_secret": SECRET}


@contextmanager
def running_within_reach(folder: Path, database_url: str, receipts: dict[str, Any]) -> Iterator[Running]:
    """A service whose public address the simulator can reach, to post receipts as these settings say."""
    port = free_port()
    settings = {"OUTBOUND_PORT": str(port), "EXTERNAL_URL": f"http://127.0.0.1:{port}"}
    with running(folder, database_url, settings, receipts=receipts, accounts=[ACCOUNT]) as made:
        yield made


def memory_of(process: subprocess.Popen[bytes]) -> int:
    """Bytes of a process and its children that are theirs alone or their part of what they share (PSS)."""
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    return sum(member.memory_full_info().pss for member in family)
