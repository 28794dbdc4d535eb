"""Figures, what they must be, and how several runs become one."""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Goal:
    """The limits that a figure must keep and should reach, for its value or its ratio to the baseline."""

    must: float
    aim: float
    of: str = "value"
    more_is_better: bool = False

    def met_by(self, found: float | None) -> bool | None:
        if found is None:
            return None
        return found >= self.must if self.more_is_better else found <= self.must

    def text(self, limit: float) -> str:
        sign = ">=" if self.more_is_better else "<="
        return f"{self.of} {sign} {limit:g}"


@dataclass(frozen=True)
class Figure:
    """One line of the results. `ok` is None where it has no goal, or can't be measured here."""

    name: str
    value: float | None
    unit: str
    goal: Goal | None = None
    baseline: float | None = None
    ratio: float | None = None
    note: str = ""

    @property
    def ok(self) -> bool | None:
        return self.goal.met_by(self.ratio if self.goal.of == "ratio" else self.value) if self.goal else None

    def line(self) -> str:
        """Return the figure as one JSON object."""
        return json.dumps(
            {
                "name": self.name,
                "value": _rounded(self.value),
                "unit": self.unit,
                "must": self.goal and self.goal.text(self.goal.must),
                "aim": self.goal and self.goal.text(self.goal.aim),
                "ok": self.ok,
                "baseline": _rounded(self.baseline),
                "ratio": _rounded(self.ratio),
                "note": self.note,
            }
        )


def against(
    name: str, unit: str, goal: Goal | None, runs: Iterable[tuple[float, float]], note: str = ""
) -> Figure:
    """Return the medians of runs, each (ours, the baseline's, measured close by), and of their ratios."""
    pairs = list(runs)
    ratio = median(ours / baseline for ours, baseline in pairs)
    return Figure(
        name,
        median(o for o, _ in pairs),
        unit,
        goal,
        median(b for _, b in pairs),
        ratio,
        note or _spread(pairs),
    )


def of_runs(name: str, unit: str, goal: Goal | None, runs: Iterable[float], note: str = "") -> Figure:
    """Return the median of runs without a baseline."""
    values = list(runs)
    spread = f"{len(values)} runs, {min(values):.3g} to {max(values):.3g}"
    return Figure(name, median(values), unit, goal, note=note or spread)


def command(measure: Callable[[bool], Iterable[Figure]]) -> int:
    """Run a benchmark and print a line for each figure. Returns 1 if a must is not met, or it can't run.

    With --small it only counts whether it runs, since its figures mean nothing.
    """
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--small", action="store_true", help="a tiny size, to see whether it runs")
    small = parser.parse_known_args()[0].small
    met = True
    try:
        for figure in measure(small):
            print(figure.line(), flush=True)
            met = met and figure.ok is not False
    except Exception:
        traceback.print_exc()
        return 1
    return 0 if met or small else 1


def _spread(pairs: list[tuple[float, float]]) -> str:
    ratios = sorted(ours / baseline for ours, baseline in pairs)
    return f"{len(pairs)} runs, ratios {ratios[0]:.2f} to {ratios[-1]:.2f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
