"""What the documents say of the code's places is true: docs/where.md, architecture.md, CONTRIBUTING.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHERE = "docs/where.md"

ROW = re.compile(r"^\| (?P<behaviour>[^|]+) \| (?P<files>`[^|]+) \| (?P<names>[^|]*) \|$", re.MULTILINE)
ROWS = list(ROW.finditer((ROOT / WHERE).read_text(encoding="utf-8")))


def place(path: str) -> Path | None:
    """A path as the documents write it: from the root, or below the package."""
    return next((p for p in (ROOT / path, ROOT / "outbound_campaigns" / path) if p.is_file()), None)


def is_defined(name: str, text: str) -> bool:
    pattern = rf"^(?:async def|def|class) {name}\b|^(?:\w+, )*{name}(?:, \w+)*(?:: [^=]+)? = "
    return re.search(pattern, text, re.MULTILINE) is not None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["behaviour"].strip())
def test_a_behaviour_is_decided_where_the_map_says(row: re.Match[str]) -> None:
    files = [place(path) for path in re.findall(r"`([^`]+)`", row["files"])]
    assert files
    assert None not in files
    texts = [path.read_text(encoding="utf-8") for path in files if path]
    for name in re.findall(r"`([^`]+)`", row["names"]):
        assert any(is_defined(name, text) for text in texts), name


def test_the_map_is_read_whole() -> None:
    assert len(ROWS) > 40


@pytest.mark.parametrize("document", ["docs/architecture.md", "CONTRIBUTING.md", WHERE])
def test_every_file_that_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`([\w.-]+(?:/[\w.-]+)+\.(?:py|js|csv|cfg|md|json|mjs))`", text)
    assert named
    assert [path for path in named if place(path) is None] == []
