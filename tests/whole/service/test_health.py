"""Two web processes and an engine, watched as Prometheus and a container's probes watch them."""

from pathlib import Path
from typing import Any

import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.support.running import Running, running
from tests.support.scraping import BEARER, TOKEN, Scraped
from tests.support.tables import sqlite_in

CHANGING = (
    "outbound_campaigns_engine_heartbeat_age_seconds",
    "outbound_campaigns_last_departure_age_seconds",
)


def get(service: Running, path: str, **more: Any) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{service.port}{path}", timeout=10, **more)


def figures(text: str) -> dict[tuple[str, str], float]:
    """{(name, labels): value} of what stays as it is while nothing happens."""
    return {
        (sample.name, str(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if family.name not in CHANGING
    }


def test_every_process_tells_the_same_figures(tmp_path: Path) -> None:
    settings = {"OUTBOUND_METRICS_TOKEN": TOKEN, "OUTBOUND_WEB_PROCESSES": "2"}
    with running(tmp_path, sqlite_in(tmp_path), settings) as service:
        campaign_id = service.draft(20, batch_size=100)
        service.move(campaign_id, "start")
        service.installed.wait_for_end(campaign_id)
        assert get(service, "/livez").json() == {"status": "alive"}
        assert get(service, "/readyz").json() == {"status": "ready", "message": None}
        assert get(service, "/metrics").status_code == 401
        answers = [get(service, "/metrics", headers=BEARER) for _ in range(12)]
        assert {answer.status_code for answer in answers} == {200}
        assert all(figures(answer.text) == figures(answers[0].text) for answer in answers)
        found = Scraped(answers[0].text)
        assert found.value("engine_leads") == 1
        assert found.value("recipients", status="sent") == 20
        assert found.value("campaigns", status="completed") == 1
        assert TOKEN not in service.log()
        assert '"route": "/livez"' not in service.log()
