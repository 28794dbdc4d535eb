"""Finds the encoding of a file by reading all of it, and refuses a file that is not text."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from outbound_campaigns.audience.reading.legacy_encodings import LEGACY, Sample
from outbound_campaigns.audience.reading.refused import BadFile
from outbound_campaigns.domain.row_refusals import FileCode

BLOCK = 1 << 18
"""bytes read at once"""

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *LEGACY)
"""codecs in which files are read"""

TOLD = ("utf-8", "utf-16", *LEGACY)
"""those that a file's owner may choose; a mark at its beginning tells the others"""

_BEGINNINGS: tuple[tuple[bytes, FileCode], ...] = (
    (b"%PDF-", FileCode.FILE_IS_PDF),
    (b"PK\x03\x04", FileCode.FILE_IS_WORKBOOK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileCode.FILE_IS_WORKBOOK),
    (b"\x89PNG", FileCode.FILE_IS_BINARY),
    (b"\xff\xd8\xff", FileCode.FILE_IS_BINARY),
    (b"\x1f\x8b", FileCode.FILE_IS_BINARY),
    (b"7z\xbc\xaf", FileCode.FILE_IS_BINARY),
    (b"Rar!", FileCode.FILE_IS_BINARY),
    (b"SQLite format 3\x00", FileCode.FILE_IS_BINARY),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a")) + b"\x7f"


def find_encoding(file: BinaryIO, told: str | None = None) -> str:
    """Return a codec out of ENCODINGS: the one that the file's owner told, else what it looks like.

    A text that is UTF-8 except for a few damaged places is read as UTF-8: as cp1252, each of its accented
    letters would silently become two wrong ones. Raises BadFile.
    """
    sample = file.read(BLOCK)
    for beginning, code in _BEGINNINGS:
        if sample.startswith(beginning):
            raise BadFile(code)
    if told is not None:
        return told
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    if wide := _sixteen_bits(sample):
        return wide
    if _is_binary(sample):
        raise BadFile(FileCode.FILE_IS_BINARY)
    file.seek(0)
    return _by_letters(file)


def decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield the file's text in blocks; bytes that the encoding does not know become U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while block := file.read(BLOCK):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _sixteen_bits(sample: bytes) -> str | None:
    """Return the UTF-16 codec of a sample, or None.

    UTF-16 has zeros in the same half of each pair of bytes, unless most letters are not Latin.
    """
    lowered = sample.lower()
    for encoding, low, high in (("utf-16-le", 0, 1), ("utf-16-be", 1, 0)):
        at = lowered.find("phone_number".encode(encoding))
        if at >= 0 and at % 2 == 0:
            return encoding
        zeros, others = sample[high::2].count(0), sample[low::2].count(0)
        if zeros > len(sample) * 0.35 and others < zeros / 10:
            return encoding
    return None


def _is_binary(sample: bytes) -> bool:
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls * 10 > len(sample)


def _by_letters(file: BinaryIO) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    legacy = Sample()
    whole = damaged = 0
    while block := file.read(BLOCK):
        if block.isascii() and not decoder.getstate()[0]:
            continue
        legacy.add(block)
        text = decoder.decode(block)
        broken = text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
        damaged += broken
        whole += len(text) - len(text.encode("ascii", "ignore")) - broken
    damaged += bool(decoder.getstate()[0])
    return "utf-8" if damaged <= 0 or damaged < whole else legacy.most_fitting()
