"""A scrape of the application, as Prometheus reads it."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from tests.support.site import Site

TOKEN = "a-token-of-twenty-odd"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True)
class Scraped:
    text: str

    @property
    def families(self) -> dict[str, Metric]:
        return {family.name: family for family in text_string_to_metric_families(self.text)}

    @property
    def names(self) -> set[str]:
        """Of everything that an expression may name."""
        totals = {f"{name}_total" for name, family in self.families.items() if family.type == "counter"}
        return set(self.families) | totals

    def value(self, name: str, **labels: str) -> float | None:
        """Of the only sample with these labels; None where there is none."""
        found = [
            sample.value
            for family in self.families.values()
            for sample in family.samples
            if sample.name == f"outbound_campaigns_{name}" and labels.items() <= sample.labels.items()
        ]
        assert len(found) <= 1, found
        return found[0] if found else None


def scrape(site: Site) -> Scraped:
    answer = site.client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200, answer.text
    return Scraped(answer.text)
