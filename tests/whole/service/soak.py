"""An hour of sending with receipts: `python -m tests.whole.service.soak [minutes] [file of samples]`.

Memory (PSS of all processes of the service) and latency have to stay flat, and the counts have to be
those of the rows and of the simulator's ledger.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median

import psutil
import requests
import sqlalchemy as sa

from outbound_campaigns.campaigns import recounting
from outbound_campaigns.database.models import Campaign, Receipt, ReceiptState
from tests.support.running import Running, memory_of, running_within_reach

PER_SECOND = 200
EACH = 15.0
"""seconds between two samples"""

ENGINE = "outbound_campaigns.engine"

ASKED = 5
"""requests for one figure of latency"""

FLAT = 1.25
"""by which the last quarter's median may exceed that of the quarter after the first"""


@dataclass(frozen=True)
class Sample:
    """How things stood `seconds` after the start. Megabytes, messages a second, milliseconds."""

    seconds: float
    messages: int
    per_second: float
    engine_mb: float
    others_mb: float
    database_mb: float
    campaign_ms: float
    report_ms: float
    recipients_ms: float
    receipts_waiting: int


class Soak:
    """One campaign on a running service, looked at again and again."""

    def __init__(self, service: Running, minutes: float) -> None:
        self._service = service
        self.recipients = round(minutes * 60 * PER_SECOND)
        self.campaign_id = service.draft(self.recipients, batch_size=PER_SECOND)
        self._began = time.monotonic()

    def samples(self) -> Iterator[Sample]:
        """Until everybody was sent to."""
        self._service.move(self.campaign_id, "start")
        self._began = time.monotonic()
        last = Sample(0.0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0)
        while self._service.installed.read(self.campaign_id).status == "running":
            time.sleep(EACH)
            last = self._sample(last)
            yield last

    def _sample(self, before: Sample) -> Sample:
        seconds = time.monotonic() - self._began
        campaign = self._service.installed.read(self.campaign_id)
        messages = sent_to(campaign)
        return Sample(
            seconds=round(seconds, 1),
            messages=messages,
            per_second=round((messages - before.messages) / (seconds - before.seconds), 1),
            engine_mb=self._memory(ENGINE),
            others_mb=round(memory_of(self._service.processes[0]) / 1e6 - self._memory(ENGINE), 1),
            database_mb=round(self._database_size() / 1e6, 1),
            campaign_ms=self._latency(""),
            report_ms=self._latency("/report"),
            recipients_ms=self._latency("/recipients?status=read&limit=50"),
            receipts_waiting=self.receipts_waiting(),
        )

    def receipts_waiting(self) -> int:
        """Receipts that are stored and not applied yet."""
        query = sa.select(sa.func.count()).select_from(Receipt).where(Receipt.state == ReceiptState.WAITING)
        with self._service.installed.database.read() as session:
            return session.execute(query).scalar_one()

    def _memory(self, word: str) -> float:
        total = 0
        for process in self._service.family():
            with suppress(psutil.NoSuchProcess):
                if word in process.cmdline():
                    total += process.memory_full_info().pss
        return round(total / 1e6, 1)

    def _database_size(self) -> int:
        files = self._service.installed.folder.glob("campaigns.sqlite*")
        return sum(file.stat().st_size for file in files)

    def _latency(self, path: str) -> float:
        times = []
        for _ in range(ASKED):
            began = time.monotonic()
            answer = self._service.ask("GET", f"/campaigns/{self.campaign_id}{path}")
            times.append(time.monotonic() - began)
            assert answer.status_code == 200, answer.text
        return round(median(times) * 1000, 1)


def sent_to(campaign: Campaign) -> int:
    return campaign.sent_count + campaign.delivered_count + campaign.read_count + campaign.failed_count


def settle(soak: Soak, service: Running) -> None:
    """Until the simulator has no receipt left to post, and all are applied."""
    while True:
        answer = requests.get(f"{service.installed.simulator}/_simulator/receipts", timeout=30).json()
        if not answer["tally"]["waiting"] and not soak.receipts_waiting():
            return
        time.sleep(1)


def faults(samples: Sequence[Sample], soak: Soak, service: Running) -> list[str]:
    """What was not flat, or does not add up."""
    quarter = max(1, len(samples) // 4)
    found = []
    for name in ("engine_mb", "others_mb", "campaign_ms", "report_ms", "recipients_ms"):
        early = median(getattr(sample, name) for sample in samples[quarter : 2 * quarter])
        late = median(getattr(sample, name) for sample in samples[-quarter:])
        print(f"{name}: {early} in the second quarter, {late} in the last")
        if late > FLAT * early:
            found.append(f"{name} is not flat")
    accepted = service.installed.accepted()
    if len(accepted) != soak.recipients or max(accepted.values()) != 1:
        found.append(f"{len(accepted)} numbers accepted, at most {max(accepted.values())} times")
    with service.installed.database.read() as session:
        found += [f"counts differ: {difference}" for difference in recounting.recount(session)]
    if sent_to(service.installed.read(soak.campaign_id)) != soak.recipients:
        found.append(f"not everybody was sent to: {service.installed.read(soak.campaign_id).counts}")
    return found


def main(minutes: float, file: Path | None) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        receipts = {"on": True, "read_share": 0.6}
        with running_within_reach(folder, f"sqlite:///{folder}/campaigns.sqlite", receipts) as service:
            soak, samples = Soak(service, minutes), []
            print(*(field.name for field in fields(Sample)), sep="\t", flush=True)
            for sample in soak.samples():
                samples.append(sample)
                print(*asdict(sample).values(), sep="\t", flush=True)
            settle(soak, service)
            print(service.installed.read(soak.campaign_id).counts)
            found = faults(samples, soak, service)
    if file is not None:
        write(file, samples)
    print("\n".join(found) or "flat, and all counts are equal")
    return bool(found)


def write(file: Path, samples: Sequence[Sample]) -> None:
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Sample)])
        writer.writeheader()
        writer.writerows(asdict(sample) for sample in samples)


if __name__ == "__main__":
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    raise SystemExit(main(minutes, Path(sys.argv[2]) if len(sys.argv) > 2 else None))
