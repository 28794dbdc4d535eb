"""Each benchmark runs, at a tiny size, and prints figures in one shape; what they say is not judged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import BEGIN, END, NAMES, README, table
from benchmarks.figures import Figure, Goal, against

KEYS = {"name", "value", "unit", "must", "aim", "ok", "baseline", "ratio", "note"}
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "panel"])
def test_a_benchmark_runs_and_prints_its_figures(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--small"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert ran.returncode == 0, ran.stderr
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert lines
    for line in lines:
        assert set(line) == KEYS
        assert line["must"] is not None
        assert line["value"] is not None or "not measurable here" in line["note"]
    assert len(table(lines)) == len(lines) + 2


def test_a_figure_is_held_against_its_baseline_by_the_median_of_the_ratios() -> None:
    goal = Goal(0.5, 0.75, "ratio", more_is_better=True)
    figure = against("sending", "messages/s", goal, [(10, 100), (60, 100), (30, 40)])
    assert (figure.value, figure.baseline, figure.ratio, figure.ok) == (30, 100, 0.6, True)


@pytest.mark.parametrize(("value", "ok"), [(2.0, True), (2.1, False), (None, None)])
def test_a_must_is_met_missed_or_not_measurable(value: float | None, ok: bool | None) -> None:
    assert Figure("pause", value, "s", Goal(2, 1)).ok is ok


def test_the_readme_has_a_place_for_the_table() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text.index(BEGIN) < text.index(END)
