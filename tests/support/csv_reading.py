"""What came out of a file, for tests to look at."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outbound_campaigns.audience.reading.columns import Usage
from outbound_campaigns.audience.reading.csv_reader import Chunk, open_csv
from outbound_campaigns.audience.reading.refused import BadFile, RowRefusal
from outbound_campaigns.audience.reading.restoring import Restored
from outbound_campaigns.audience.reading.rows import FileWishes, Row

TWO_PEOPLE = (
    "phone_number,var1,var2\n4422591631,Juan,Promoción Navidad\n4421234567,María,Descuento Especial\n"
)


@dataclass(frozen=True)
class ReadFile:
    encoding: str
    delimiter: str
    columns: list[str]
    chunks: list[Chunk]
    examples: list[Restored]
    accented: list[str]
    phone_column: str

    @property
    def accepted(self) -> list[Row]:
        return [row for chunk in self.chunks for row in chunk.accepted]

    @property
    def refused(self) -> list[RowRefusal]:
        return [row for chunk in self.chunks for row in chunk.refused]

    @property
    def cells(self) -> list[dict[str, str]]:
        return [row.cells for row in self.accepted]

    @property
    def why(self) -> list[tuple[int, str]]:
        return [(refused.row, str(refused.code)) for refused in self.refused]


def read_file(
    path: Path,
    variables: list[str] | None = None,
    size: int = 100,
    *,
    placeholders: list[str] | None = None,
    encoding: str | None = None,
    phone_column: str | None = None,
) -> ReadFile:
    usage = Usage(variables, placeholders=placeholders)
    wanted = FileWishes(usage, encoding=encoding, phone_column=phone_column)
    with open_csv(path, wanted) as file:
        chunks = list(file.chunks(size))
        found = (file.encoding, file.delimiter, file.columns, chunks)
        return ReadFile(*found, file.examples, file.accented, file.phone_column)


def refusal(path: Path, content: bytes, variables: list[str] | None = None, **usage: Any) -> BadFile:
    """Why a file of these bytes is refused as a whole."""
    path.write_bytes(content)
    try:
        read_file(path, variables, **usage)
    except BadFile as refused:
        return refused
    raise AssertionError("the file was taken")
