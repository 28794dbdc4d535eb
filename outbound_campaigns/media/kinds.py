"""Tells by its content what a file is, among the few kinds that WhatsApp takes and that a browser can't run.

The kinds and their largest sizes are Meta's (Cloud API, "Supported media types"). No HTML, SVG, XML or plain
text: these would share the origin of Botpress's studio.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zipfile import BadZipFile, ZipFile


class MediaType(StrEnum):
    """What a header shows."""

    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class MediaKind:
    """One kind of file: the end of its name here, and as which type it is served."""

    type: MediaType
    ending: str
    content_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
_I, _V, _D = MediaType.IMAGE, MediaType.VIDEO, MediaType.DOCUMENT
JPEG, PNG = MediaKind(_I, "jpg", "image/jpeg"), MediaKind(_I, "png", "image/png")
MP4, GPP = MediaKind(_V, "mp4", "video/mp4"), MediaKind(_V, "3gp", "video/3gpp")
PDF = MediaKind(_D, "pdf", "application/pdf")
DOCX = MediaKind(_D, "docx", f"{_OFFICE}.wordprocessingml.document")
XLSX = MediaKind(_D, "xlsx", f"{_OFFICE}.spreadsheetml.sheet")
PPTX = MediaKind(_D, "pptx", f"{_OFFICE}.presentationml.presentation")
DOC = MediaKind(_D, "doc", "application/msword")
XLS = MediaKind(_D, "xls", "application/vnd.ms-excel")
PPT = MediaKind(_D, "ppt", "application/vnd.ms-powerpoint")
KINDS: Sequence[MediaKind] = (JPEG, PNG, MP4, GPP, PDF, DOCX, XLSX, PPTX, DOC, XLS, PPT)
BY_ENDING = {kind.ending: kind for kind in KINDS}

MOST_MB = {MediaType.IMAGE: 5, MediaType.VIDEO: 16, MediaType.DOCUMENT: 100}
"""the largest file of each type, in MB of a million bytes"""

LARGEST_MB = max(MOST_MB.values())

_SIGNATURES = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
_MP4_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"MSNV",
    b"dash",
)
_GPP_BRANDS = (b"3gp", b"3ge", b"3gg", b"3gr", b"3gs")
_IN_ZIP = {"word/": DOCX, "xl/": XLSX, "ppt/": PPTX}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams (MS-DOC 2.1, MS-XLS 2.1, MS-PPT 2.1), which stand in the file as UTF-16.
_IN_OLE = {"WordDocument": DOC, "Workbook": XLS, "PowerPoint Document": PPT}

_MACROS = "vbaProject.bin"
_END_OF_ZIP, _LONGEST_END = struct.Struct("<4s4H2LH"), 65_557
_MOST_PARTS, _MOST_DIRECTORY = 5_000, 1_000_000


def recognize(path: Path) -> MediaKind | None:
    """Return a file's kind by its content; None for any other file, one with macros among them."""
    with path.open("rb") as file:
        head = file.read(16)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if head.startswith(b"PK\x03\x04"):
        return _in_zip(path)
    return _in_ole(path) if head.startswith(_OLE) else None


def _by_brand(brand: bytes) -> MediaKind | None:
    """Return the kind of an ISO base media file (ISO 14496-12, 4.3); QuickTime and HEIC are none of ours."""
    if brand.startswith(_GPP_BRANDS):
        return GPP
    return MP4 if brand in _MP4_BRANDS else None


def _in_zip(path: Path) -> MediaKind | None:
    if not _has_small_directory(path):
        return None
    try:
        with ZipFile(path) as file:
            names = file.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.endswith(_MACROS) for name in names):
        return None
    found = {kind for start, kind in _IN_ZIP.items() if any(name.startswith(start) for name in names)}
    return found.pop() if len(found) == 1 else None


def _has_small_directory(path: Path) -> bool:
    """Return whether a ZIP can be listed without much memory (APPNOTE.TXT 4.3.16)."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LONGEST_END))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_OF_ZIP.size:
        return False
    _, _, _, _, parts, directory, _, _ = _END_OF_ZIP.unpack_from(tail, at)
    return bool(parts <= _MOST_PARTS and directory <= _MOST_DIRECTORY)


def _in_ole(path: Path) -> MediaKind | None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = list(_streams(content))
    return found[0] if len(found) == 1 else None


def _streams(content: mmap.mmap) -> Iterator[MediaKind]:
    if content.find("_VBA_PROJECT".encode("utf-16-le")) >= 0:
        return
    for name, kind in _IN_OLE.items():
        if content.find(name.encode("utf-16-le")) >= 0:
            yield kind
