"""Reads the XML parts of a workbook in blocks, and refuses what no workbook has: entities, bombs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from outbound_campaigns.audience.reading.refused import BadFile
from outbound_campaigns.domain.row_refusals import FileCode

BLOCK = 1 << 16
"""bytes read at once"""

MOST_BYTES = 4 << 30
"""of a workbook's parts together, once they are inflated"""

MOST_RATIO, _MEASURED_FROM = 100, 10 << 20
"""how much smaller a part of some size may have become; sheets whose rows are all alike reach 60"""

Attributes = dict[str, str]


def must_be_sane(archive: ZipFile) -> None:
    """Raise BadFile for an archive that is encrypted, or would inflate beyond what a workbook does."""
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile(FileCode.WORKBOOK_LOCKED)
    if sum(part.file_size for part in parts) > MOST_BYTES or any(map(_is_bomb, parts)):
        raise BadFile(FileCode.WORKBOOK_TOO_LARGE)


def _is_bomb(part: ZipInfo) -> bool:
    return part.file_size > max(_MEASURED_FROM, MOST_RATIO * part.compress_size)


def new_parser() -> expat.XMLParserType:
    """Return a parser that raises BadFile at a document type, without which nothing can be expanded."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def parsed(parser: expat.XMLParserType, stream: IO[bytes]) -> Iterator[int]:
    """Feed a stream to a parser; after each block the bytes so far are yielded."""
    while block := stream.read(BLOCK):
        parser.Parse(block, False)
        yield stream.tell()
    parser.Parse(b"", True)
    yield stream.tell()


def elements(stream: IO[bytes]) -> Iterator[tuple[str, Attributes]]:
    """Yield the names, without prefixes, and the attributes of a small part's elements as they begin."""
    found: list[tuple[str, Attributes]] = []
    parser = new_parser()
    parser.StartElementHandler = lambda name, attributes: found.append((local(name), attributes))
    for _ in parsed(parser, stream):
        yield from found
        found.clear()


def local(name: str) -> str:
    """Return an element's or an attribute's name without its prefix."""
    return name.rpartition(":")[2]


def _refuse(*_: object) -> None:
    raise BadFile(FileCode.WORKBOOK_BROKEN)
