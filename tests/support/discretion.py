"""What must stand in no log of the whole run: it is searched when the last test has ended."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from outbound_campaigns.runtime.logs import formatter

SECRETS = (
    "s3cret-of-the-account",
    "s1gnature-of-the-account",
    "basic-secret",
    "a-secret-of-tests-0123456789abcdef-ABCDEF",
    "BEGIN PRIVATE KEY",
    "eyJhbGciOi",
)
TEXTS = ("Promoción Navidad", "Descuento Especial", "Juan", "María", "Nombre 2")

# Numbers as they are kept and sent: a country code of the tests and the ten digits after it.
NUMBER = re.compile(r"(?<![0-9a-f.])(?:521?|549?|55|34)[0-9]{10}(?![0-9a-f])")
OWN_NUMBERS = {"5215550001111", "525550001111"}
"""the business number: it is nobody's"""

LOG = "records.log"

PACKAGES = ("bot_config", "outbound_campaigns", "vonage_simulator")


class Kept(logging.FileHandler):
    """Writes every record of the tests' own process as the product would."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / LOG, encoding="utf-8")
        self.setFormatter(formatter("json"))
        self.addFilter(lambda record: record.name.startswith(PACKAGES))


def indiscretions(folder: Path) -> Iterator[str]:
    """Lines of logs below a folder that hold a number, a text or a secret."""
    for log in sorted(folder.rglob("*.log")):
        with log.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if found := indiscretion(line):
                    yield f"{log}: {found} in {line[:300]}"


def indiscretion(line: str) -> str | None:
    for part in (*SECRETS, *TEXTS):
        if part in line:
            return part
    return next((m[0] for m in NUMBER.finditer(line) if m[0] not in OWN_NUMBERS), None)
