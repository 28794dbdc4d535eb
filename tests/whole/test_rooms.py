"""The house is as its plans say: rooms, their floors, and what each of them offers to the others."""

from __future__ import annotations

import ast
import re
from configparser import ConfigParser
from functools import cache
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "outbound_campaigns"
FLOORS = "importlinter:contract:floors"


@cache
def layers() -> list[set[str]]:
    """The rooms of each floor as lint-imports holds them, from the top."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    lines = config[FLOORS]["layers"].split("\n")
    return [set(re.findall(r"\w+", line)) for line in lines if line.strip()]


def rooms() -> list[str]:
    return sorted(set().union(*layers()))


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(PACKAGE, cache_dir=None)


def used_from_outside(room: str) -> set[str]:
    """The modules of a room that others import, by their names within it."""
    place = f"{PACKAGE}.{room}"
    inside = {name for name in graph().modules if f"{name}.".startswith(f"{place}.")}
    return {
        name.removeprefix(f"{place}.")
        for name in inside
        if graph().find_modules_that_directly_import(name) - inside - {place}
    }


def test_the_package_holds_rooms_and_nothing_else() -> None:
    names = {path.name for path in (ROOT / PACKAGE).iterdir() if path.name != "__pycache__"}
    assert names == {*rooms(), "__init__.py", "__main__.py", "py.typed"}


def test_the_architecture_tells_the_floors_that_are_checked() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d) \| ([^|]+) \|", text, re.MULTILINE)
    assert [int(floor) for floor, _ in rows] == list(range(len(layers()), 0, -1))
    assert [set(re.findall(r"`(\w+)`", names)) for _, names in rows] == layers()


@pytest.mark.parametrize("room", rooms())
def test_a_room_says_which_of_its_modules_others_use(room: str) -> None:
    text = ast.get_docstring(ast.parse((ROOT / PACKAGE / room / "__init__.py").read_text(encoding="utf-8")))
    sentence, _, face = (text or "").partition("\n\nOthers use: ")
    assert sentence.endswith(".")
    assert set(re.findall(r"[\w.]*\w", face)) == used_from_outside(room)
