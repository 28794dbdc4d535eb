"""Takes away what programs added to a cell on its way: formula marks, quotes, a second encoding."""

from __future__ import annotations

import re
from typing import NamedTuple

from outbound_campaigns.audience.reading.cells import without_guard

# UTF-8 that was read as cp1252, Mac Roman, CP850 or CP437 has one of these letters before a sign, in the
# place of each accented one. A glance, since asking the library takes ten times as long as reading the row.
_TWICE_ENCODED = re.compile("[ÂÃâ¬√‚┬├ÔΓ][^ A-Za-z0-9,;.]")
# Excel writes ="00123" so that zeros stay.
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_AROUND = re.compile(r"\A[\s\ufeff\u200b]+|[\s\ufeff\u200b]+\Z")


class Restored(NamedTuple):
    """A cell that was changed: what the file has, and what was meant."""

    row: int
    column: str
    before: str
    after: str


def is_twice_encoded(text: str) -> bool:
    """Return whether a closer look at a text is worth its time."""
    return _TWICE_ENCODED.search(text) is not None


def trimmed(cell: str) -> str:
    """Return a cell without the blanks and invisible marks around it."""
    return _AROUND.sub("", cell)


def restored(cell: str) -> str:
    """Return what was meant by a cell, trimmed; what was restored once stays as it is."""
    if not cell.isascii() and is_twice_encoded(cell):
        cell = _decoded_again(cell)
    unguarded = without_guard(cell)
    cell = without_guard(trimmed(cell)) if unguarded == cell else trimmed(unguarded)
    if match := _TEXT_FORMULA.fullmatch(cell) or _QUOTED.fullmatch(cell):
        return restored(match[1].replace('""', '"'))
    return cell


def _decoded_again(cell: str) -> str:
    # It takes 15 ms and 3 MB to load, which most files need not spend.
    from ftfy import fix_encoding

    return fix_encoding(cell)
