"""Small files of each kind that messages show, and others that only look like them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile


def png(width: int = 1, height: int = 1) -> bytes:
    """A picture of one colour that any program can show."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x33\x66\x99" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def office(folder: str, *more: str, named: bool = True) -> bytes:
    """An Office document as far as its parts' names go."""
    file = BytesIO()
    with ZipFile(file, "w") as parts:
        if named:
            parts.writestr("[Content_Types].xml", "<Types/>")
        for name in (f"{folder}/document.xml", *more):
            parts.writestr(name, "<x/>")
    return file.getvalue()


def ole(*streams: str) -> bytes:
    """An old Office document as far as its streams' names go."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"".join(
        one.encode("utf-16-le") + b"\0" * 8 for one in streams
    )


def video(brand: bytes) -> bytes:
    return struct.pack(">I", 16) + b"ftyp" + brand + b"\0\0\2\0"


JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

TAKEN = {
    "jpg": JPEG,
    "png": png(),
    "mp4": video(b"mp42"),
    "3gp": video(b"3gp5"),
    "pdf": PDF,
    "docx": office("word"),
    "xlsx": office("xl"),
    "pptx": office("ppt"),
    "doc": ole("WordDocument"),
    "xls": ole("Workbook"),
    "ppt": ole("PowerPoint Document"),
}
"""{ending: a file of that kind}"""

OTHERS = {
    "empty": b"",
    "text": b"hola",
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "gif": b"GIF89a" + b"\0" * 20,
    "webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "quicktime": video(b"qt  "),
    "heic": video(b"heic"),
    "zip": office("cosas"),
    "without types": office("word", named=False),
    "with macros": office("word", "word/vbaProject.bin"),
    "two at once": office("word", "xl/workbook.xml"),
    "cut zip": office("word")[:60],
    "old with macros": ole("WordDocument", "_VBA_PROJECT"),
    "other ole": ole("__properties_version1.0"),
    "html after a blank": b" \xff\xd8\xff<html>",
}
