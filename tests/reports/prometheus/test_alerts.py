"""docs/alerts.yml is a rule file for Prometheus, over figures that there are."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.documented import DOCS
from tests.support.scraping import scrape
from tests.support.site import Site

FILE = DOCS / "alerts.yml"
GROUPS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["groups"]
RULES = [rule for group in GROUPS for rule in group["rules"]]
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert set(rule["annotations"]) == {"summary", "description"}
    assert len(rule["annotations"]["description"]) > 60
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
    assert f"| `{rule['alert']}` |" in OPERATIONS


def test_alerts_have_names_of_their_own() -> None:
    names = [rule["alert"] for rule in RULES]
    assert len(names) == len(set(names))


def test_every_figure_that_an_alert_or_the_guide_names_is_scraped(site: Site) -> None:
    site.started()
    names = scrape(site).names
    for rule in RULES:
        for name in re.findall(r"\boutbound_campaigns_\w+", rule["expr"]):
            assert name in names, (rule["alert"], name)
    told = set(re.findall(r"`(outbound_campaigns_\w+)", OPERATIONS))
    assert told == {name for name in names if f"{name}_total" not in names}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
@pytest.mark.parametrize("what", [("check", FILE), ("test", Path(__file__).with_name("alerts_test.yml"))])
def test_prometheus_itself_takes_the_file_and_alerts_by_it(what: tuple[str, Path]) -> None:
    action, file = what
    done = subprocess.run(["promtool", action, "rules", file], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr + done.stdout
