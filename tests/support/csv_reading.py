"""What came out of a file, for tests to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from outbound_campaigns.audience.judging.row_judge import RowJudge
from outbound_campaigns.audience.reading.csv_reader import Chunk, open_csv
from outbound_campaigns.audience.reading.refused import BadFile, RowRefusal
from outbound_campaigns.audience.reading.restoring import Restored
from outbound_campaigns.audience.reading.rows import FileWishes, Row, judge_of_all
from outbound_campaigns.vonage.definitions.filling import Filling, Value

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
    def flaws(self) -> list[tuple[int, str, str | None]]:
        return [(row.row, row.error_code, row.error_detail) for row in self.accepted if row.error_code]

    @property
    def why(self) -> list[tuple[int, str]]:
        return [(refused.row, str(refused.code)) for refused in self.refused]


def read_file(
    path: Path,
    variables: list[str] | None = None,
    size: int = 100,
    *,
    encoding: str | None = None,
    phone_column: str | None = None,
) -> ReadFile:
    judge_of = judge_of_all if variables is None else partial(judge_of_columns, variables)
    wanted = FileWishes(judge_of, encoding=encoding, phone_column=phone_column)
    with open_csv(path, wanted) as file:
        chunks = list(file.chunks(size))
        found = (file.encoding, file.delimiter, file.columns, chunks)
        return ReadFile(*found, file.examples, file.accented, file.phone_column)


def judge_of_columns(used: list[str], _columns: Sequence[str]) -> RowJudge:
    """The judge of rows whose message uses these columns."""
    filling = Filling({f"body.{place}": Value(column=name) for place, name in enumerate(used, 1)})
    return RowJudge(filling, None, "UTC", datetime.now(UTC))


def refusal(path: Path, content: bytes, variables: list[str] | None = None, **usage: Any) -> BadFile:
    """Why a file of these bytes is refused as a whole."""
    path.write_bytes(content)
    try:
        read_file(path, variables, **usage)
    except BadFile as refused:
        return refused
    raise AssertionError("the file was taken")
