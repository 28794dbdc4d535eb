"""The rows of a file that did not become recipients, as CSV, with the reason in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from bot_config.words import LANGUAGES
from outbound_campaigns.audience.exporting.writing import Cells, csv_chunks
from outbound_campaigns.audience.reading.cells import guarded
from outbound_campaigns.database.models import RefusedRow
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.row_refusals import row_sentence

HEADER = ("row", "column", "value", "code", *(f"message_{language}" for language in LANGUAGES))


def errors_csv(database: Database, import_id: int) -> Iterator[bytes]:
    """Return a file of every refused row of an import, duplicates included, in the order of the upload."""
    query = sa.select(RefusedRow.row, RefusedRow.column, RefusedRow.value, RefusedRow.code)
    return csv_chunks(
        database, HEADER, query.where(RefusedRow.import_id == import_id), RefusedRow.row, _cells
    )


def _cells(refused: Sequence[Any]) -> Cells:
    row, column, value, code = refused
    sentence = row_sentence(code, row, column, value)
    said = (sentence.text(language) for language in LANGUAGES)
    return [str(row), *map(guarded, (column or "", value or "", code, *said))]
