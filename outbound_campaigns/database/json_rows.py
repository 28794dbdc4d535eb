"""Passes many rows to one statement, as one JSON text that the database takes apart.

That is one parameter for any number of rows: neither SQLAlchemy nor the driver handles their values one by
one, and the statement stays the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from json import JSONEncoder

import sqlalchemy as sa
from sqlalchemy.orm import Session

encode = JSONEncoder(ensure_ascii=False, check_circular=False).encode
"""returns the JSON text of rows, each a list of its values in the order of the columns"""

_ROWS_ON_SQLITE = "(SELECT {}, key FROM json_each(:rows))"
_ROWS_ON_POSTGRESQL = (
    "(SELECT {}, key FROM json_array_elements(CAST(:rows AS json)) WITH ORDINALITY AS item(value, key))"
)
_IDS_ON_SQLITE = "IN (SELECT value FROM json_each(:ids))"
# An array is looked up in an index, however many ids the planner expects.
_IDS_ON_POSTGRESQL = (
    "= ANY (ARRAY(SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:ids AS json))))"
)
# With nothing but the join to the rows, the planner might read a whole table.
_FOUND_ON_POSTGRESQL = (
    "= ANY (ARRAY(SELECT CAST(value->>0 AS bigint) FROM json_array_elements(CAST(:rows AS json))))"
)

_WITHOUT_ZONE = len("2026-11-25 12:00:00.000000")

_CAST = "CAST(value->>{n} AS {kind})"
# Whatever the session's time zone is; `as_text` gives the time in UTC and does not say so.
_CASTS = {"timestamptz": "CAST(value->>{n} AS timestamp) AT TIME ZONE 'UTC'"}

Statement = Mapping[str, sa.TextClause]
"""the same statement for each dialect, by the dialect's name"""


def as_text(moment: datetime | None) -> str | None:
    """Return a moment as text that both databases take in a row; SQLite stores this very text."""
    return None if moment is None else moment.astimezone(UTC).isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


def statement(text: str, found_by: str = "", returning: str = "", **columns: str) -> Statement:
    """Return `text` for each dialect, with `columns` as the rows' names and PostgreSQL's types.

    In the text, `{rows}` stands for the rows of `:rows`, with their place as `key`; `{among_ids}` tests that
    a number is one of `:ids`, a JSON array; `{for_update}` locks what is read. Where the text ends with the
    condition that joins the rows to a table, `found_by` names the column of that table that equals the first
    of `columns`. `returning` are columns of that table that the statement gives for each row it changed.
    """
    end = f" RETURNING {returning}" if returning else ""
    on_sqlite = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(columns))
    on_postgresql = ", ".join(
        f"{_CASTS.get(kind, _CAST).format(n=n, kind=kind)} AS {name}"
        for n, (name, kind) in enumerate(columns.items())
    )
    parts = {
        "sqlite": (text + end, _ROWS_ON_SQLITE.format(on_sqlite), _IDS_ON_SQLITE, ""),
        "postgresql": (
            (f"{text} AND {found_by} {_FOUND_ON_POSTGRESQL}" if found_by else text) + end,
            _ROWS_ON_POSTGRESQL.format(on_postgresql),
            _IDS_ON_POSTGRESQL,
            "FOR UPDATE",
        ),
    }
    return {
        dialect: sa.text(whole.format(rows=rows, among_ids=among_ids, for_update=for_update))
        for dialect, (whole, rows, among_ids, for_update) in parts.items()
    }


def run(session: Session, wanted: Statement, **values: object) -> sa.Result[tuple[object, ...]]:
    """Execute the statement for the session's database with these parameters. Returns the result."""
    dialect = session.get_bind().dialect.name
    if dialect == "sqlite":
        values = {name: as_text(it) if isinstance(it, datetime) else it for name, it in values.items()}
    return session.execute(wanted[dialect], values)
