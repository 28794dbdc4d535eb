"""The soak's samples as a picture: `python -m tests.whole.service.soak_curve samples.csv picture.svg`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, GAP = 760, 150, 70, 30, 40
COLOURS = ("#1f6feb", "#d1242f", "#1a7f37")

PANELS: Mapping[str, Sequence[str]] = {
    "messages a second": ("per_second",),
    "memory, MB (PSS)": ("engine_mb", "others_mb"),
    "latency, ms (median of five)": ("campaign_ms", "report_ms", "recipients_ms"),
    "receipts stored and not yet applied": ("receipts_waiting",),
}

Samples = Sequence[Mapping[str, float]]


def read(file: Path) -> Samples:
    with file.open(newline="") as stream:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(stream)]


def picture(samples: Samples) -> str:
    """An SVG with one panel for each of PANELS, over the minutes."""
    panels = [
        _panel(title, names, samples, TOP + number * (HEIGHT + GAP))
        for number, (title, names) in enumerate(PANELS.items())
    ]
    height = TOP + len(PANELS) * (HEIGHT + GAP)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 20} {height}"'
        ' font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>'
        f"{''.join(panels)}</svg>\n"
    )


def _panel(title: str, names: Sequence[str], samples: Samples, top: int) -> str:
    most = 1.1 * max(sample[name] for sample in samples for name in names) or 1.0
    lines = [
        f'<polyline fill="none" stroke="{colour}" points="{_points(name, samples, most, top)}"/>'
        f'<text x="{LEFT + WIDTH - 110 * (len(names) - place)}" y="{top - 6}" fill="{colour}">{name}</text>'
        for place, (name, colour) in enumerate(zip(names, COLOURS, strict=False))
    ]
    minutes = samples[-1]["seconds"] / 60
    return (
        f'<text x="{LEFT}" y="{top - 6}" font-weight="bold">{title}</text>'
        f'<rect x="{LEFT}" y="{top}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#bbb"/>'
        f'<text x="{LEFT - 6}" y="{top + 10}" text-anchor="end">{most:,.0f}</text>'
        f'<text x="{LEFT - 6}" y="{top + HEIGHT}" text-anchor="end">0</text>'
        f'<text x="{LEFT + WIDTH}" y="{top + HEIGHT + 14}" text-anchor="end">{minutes:.0f} min</text>'
        f"{''.join(lines)}"
    )


def _points(name: str, samples: Samples, most: float, top: int) -> str:
    end = samples[-1]["seconds"]
    return " ".join(
        f"{LEFT + WIDTH * sample['seconds'] / end:.1f},{top + HEIGHT * (1 - sample[name] / most):.1f}"
        for sample in samples
    )


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(picture(read(Path(sys.argv[1]))), encoding="utf-8")
