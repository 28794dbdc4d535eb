"""Runs every benchmark, one after the other, and prints a table of their figures: `make bench`.

    python -m benchmarks [--small] [--only NAME,…] [--write-readme]

Exit code 1 when a must is not met, or a benchmark could not run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import machine

NAMES = """
    sending importing workbook judging receipts views exporting memory cost_per_message throttle pausing
    recovery panel two_workers life
""".split()
FOLDER = Path(__file__).parent
RESULTS, README = FOLDER / "results.json", FOLDER / "README.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"

Line = Mapping[str, Any]


def run(name: str, small: bool) -> tuple[list[Line], bool]:
    """Run one benchmark. Returns its lines, printed as they come, and whether all went well."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *(["--small"] if small else [])]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=FOLDER.parent) as process:
        assert process.stdout is not None
        for text in process.stdout:
            print(text, end="", flush=True)
            lines.append(json.loads(text))
    if process.returncode and all(line["ok"] is not False for line in lines):
        failed = {"name": name, "unit": "", "ok": False, "note": "could not run, see above"}
        lines.append(dict.fromkeys(("value", "must", "aim", "baseline", "ratio")) | failed)
    return lines, process.returncode == 0


def table(lines: Iterable[Line]) -> list[str]:
    """Return the lines as a Markdown table, which reads well in a terminal, too."""
    rows = ["| figure | value | must | aim | baseline | ratio | ok | |", "|---|---|---|---|---|---|---|---|"]
    for line in lines:
        value = f"{_shown(line['value'])} {line['unit']}" if line["value"] is not None else ""
        said = {True: "yes", False: "**no**", None: ""}[line["ok"]]
        measured = (_shown(line["baseline"]), _shown(line["ratio"]))
        cells = (line["name"], value, line["must"], line["aim"], *measured, said, line["note"])
        rows.append(f"| {' | '.join(cell or '' for cell in cells)} |")
    return rows


def _shown(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if abs(number) >= 100 or number == int(number) else f"{number:.3g}"


def section(results: Mapping[str, Any]) -> str:
    """Return what stands between the markers of the README."""
    of_machine = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    found = [(name, results["benchmarks"][name]) for name in NAMES if name in results["benchmarks"]]
    times = "; ".join(f"{name} {one['at']} ({one['load']})" for name, one in found)
    lines = [line for _, one in found for line in one["figures"]]
    return "\n".join(
        [f"{of_machine}.", "", *table(lines), "", f"Measured at, with the load before: {times}."]
    )


def write_readme(results: Mapping[str, Any]) -> None:
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n{section(results)}\n{END}{after}", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="tiny sizes, to see whether all run")
    parser.add_argument("--only", default="", help="names, with commas between them")
    parser.add_argument(
        "--write-readme", action="store_true", help="into benchmarks/README.md, with what others found before"
    )
    given = parser.parse_args(arguments)
    results: dict[str, Any] = {"machine": machine.description(), "benchmarks": {}}
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else results
    print(", ".join(f"{name} {value}" for name, value in results["machine"].items()), flush=True)
    well = True
    for name in given.only.split(",") if given.only else NAMES:
        at, load = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), machine.load()
        lines, went_well = run(name, given.small)
        results["benchmarks"][name] = {"at": at, "load": load, "figures": lines}
        well = well and went_well
    print("\n" + section(results))
    if given.write_readme:
        results["benchmarks"] = {**kept["benchmarks"], **results["benchmarks"]}
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        write_readme(results)
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
