"""Packs the Botpress module into the archive that Botpress accepts."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

from outbound_campaigns.runtime.package_files import shipped_folder

FILE_NAME = "outbound-campaigns.tgz"
"""Botpress finds a module by its archive's name"""

TIME = 1_767_225_600
"""time of every file in it, in seconds since 1970: the same files make the same archive"""


def packed_module() -> bytes:
    """Return a tar.gz with the files at its root, where Botpress looks for package.json."""
    folder = shipped_folder("botpress_module")
    packed = io.BytesIO()
    # mtime in the header, and no file name, so that the bytes are the same.
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=TIME) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for path in sorted(path for path in folder.rglob("*") if _belongs(path)):
            content = path.read_bytes()
            entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
            entry.size, entry.mtime, entry.mode = len(content), TIME, 0o644
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def _belongs(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts
