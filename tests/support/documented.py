"""The examples of a document: the commands, and what each is said to print."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

ANYTHING = "…"
"""stands in the docs for what differs from run to run"""

_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """Commands of one ```bash block, and the block of another kind that follows it, if any."""

    commands: str
    kind: str = ""
    shown: str = ""

    @property
    def is_refusal(self) -> bool:
        return self.kind == "json" and "statusCode" in json.loads(self.shown)

    def assert_printed(self, printed: str) -> None:
        if self.kind == "json":
            _assert_within(json.loads(self.shown), json.loads(printed.splitlines()[-1]))
        elif self.kind:
            lines = printed.lstrip("\ufeff").splitlines()
            shown = self.shown.splitlines()
            assert self.kind != "csv" or len(lines) == len(shown), printed
            for wanted, line in zip(shown, lines, strict=False):
                assert _pattern(wanted).fullmatch(line), (wanted, line)


def examples(document: str) -> Iterator[Example]:
    blocks = _FENCED.findall((ROOT / document).read_text(encoding="utf-8"))
    for (kind, text), (next_kind, next_text) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if kind == "bash":
            answer = ("", "") if next_kind in ("bash", "sh") else (next_kind, next_text)
            yield Example(text, *answer)


def _assert_within(shown: Any, found: Any) -> None:
    """All that is shown of a JSON is in it; lists are shown whole."""
    if isinstance(shown, dict) and isinstance(found, dict):
        for name, value in shown.items():
            assert name in found, (name, found)
            _assert_within(value, found[name])
    elif isinstance(shown, list) and isinstance(found, list):
        assert len(shown) == len(found), (shown, found)
        for item, other in zip(shown, found, strict=True):
            _assert_within(item, other)
    elif shown != ANYTHING:
        matches = isinstance(shown, str) and isinstance(found, str) and _pattern(shown).fullmatch(found)
        assert shown == found or matches, (shown, found)


def _pattern(shown: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, shown.split(ANYTHING))))
