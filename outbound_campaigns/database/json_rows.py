"""Many rows in one statement: they travel as one JSON text, which the database takes apart.

One parameter, however many rows: neither SQLAlchemy nor the driver handles their values one by one, and
the statement stays the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from json import JSONEncoder

import sqlalchemy as sa
from sqlalchemy.orm import Session

encode = JSONEncoder(ensure_ascii=False, check_circular=False).encode
"""rows, each a list of its values in the order of the columns, as the text that travels"""

_ROWS_ON_SQLITE = "(SELECT {}, key FROM json_each(:rows))"
_ROWS_ON_POSTGRESQL = (
    "(SELECT {}, key FROM json_array_elements(CAST(:rows AS json)) WITH ORDINALITY AS item(value, key))"
)
_IDS_ON_SQLITE = "IN (SELECT value FROM json_each(:ids))"
# An array is looked up in an index, however many the planner takes it for.
_IDS_ON_POSTGRESQL = (
    "= ANY (ARRAY(SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:ids AS json))))"
)
# Joined to rows alone, the planner might read a whole table to find them.
_FOUND_ON_POSTGRESQL = (
    "= ANY (ARRAY(SELECT CAST(value->>0 AS bigint) FROM json_array_elements(CAST(:rows AS json))))"
)

_WITHOUT_ZONE = len("2026-11-25 12:00:00.000000")

Statement = Mapping[str, sa.TextClause]
"""by the name of the dialect"""


def as_text(moment: datetime | None) -> str | None:
    """A moment as both databases take it in a row: SQLite keeps this very text."""
    return None if moment is None else moment.astimezone(UTC).isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


def statement(text: str, found_by: str = "", **columns: str) -> Statement:
    """`text` for each dialect, with `columns` as the rows' names and PostgreSQL's types.

    In it `{rows}` are the rows of `:rows`, with their place as `key`; `{among_ids}` says that a number is one
    of `:ids`, a JSON array; `{for_update}` locks what is read. Where the text ends with the condition that
    joins the rows to a table, `found_by` is that table's column that the first of `columns` names.
    """
    on_sqlite = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(columns))
    on_postgresql = ", ".join(
        f"CAST(value->>{n} AS {kind}) AS {name}" for n, (name, kind) in enumerate(columns.items())
    )
    parts = {
        "sqlite": (text, _ROWS_ON_SQLITE.format(on_sqlite), _IDS_ON_SQLITE, ""),
        "postgresql": (
            f"{text} AND {found_by} {_FOUND_ON_POSTGRESQL}" if found_by else text,
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
    """The statement of the session's database, executed with these parameters."""
    return session.execute(wanted[session.get_bind().dialect.name], values)
