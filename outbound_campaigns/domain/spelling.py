"""Compares texts that people write: case, accents, punctuation and blanks make no difference."""

from __future__ import annotations

import unicodedata


def bare(text: str) -> str:
    """Return the letters and digits alone, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(filter(str.isalnum, decomposed))
