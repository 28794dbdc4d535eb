"""Puts a large body into a file while it comes."""

from __future__ import annotations

import asyncio
from io import RawIOBase
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from outbound_campaigns.web.front.exchange import Exchange

_BLOCK = 1 << 18


async def spool(exchange: Exchange, begun: bytes, most: int, folder: Path) -> IO[bytes]:
    """Return a file without a name that has the body, or a little more than `most` bytes of it.

    `begun` is what has been read of it. Reading the file raises the OSError that kept it from being written.
    Raises ClientGone.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = TemporaryFile(dir=folder)  # noqa: SIM115 - the caller closes it
    except OSError as error:
        return _unreadable(error)
    try:
        await _fill(file, exchange, begun, most)
    except OSError as error:
        file.close()
        return _unreadable(error)
    except BaseException:
        file.close()
        raise
    return file


async def _fill(file: IO[bytes], exchange: Exchange, begun: bytes, most: int) -> None:
    size, held = len(begun), [begun]
    while size <= most and (part := await exchange.read()):
        size += len(part)
        held.append(part)
        if sum(map(len, held)) >= _BLOCK:
            # The disk may be slow, and everybody's requests wait for the loop.
            await asyncio.to_thread(file.write, b"".join(held))
            held.clear()
    await asyncio.to_thread(file.write, b"".join(held))
    await asyncio.to_thread(file.flush)


def _unreadable(error: OSError) -> IO[bytes]:
    return cast(IO[bytes], _Unreadable(error))


class _Unreadable(RawIOBase):
    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def seek(self, *_: int) -> int:
        return 0

    def read(self, _size: int | None = -1) -> bytes:
        raise self._error
