"""Column types and a constraint that tables share."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, CheckConstraint, Integer
from sqlalchemy.types import JSON

BigId = BigInteger().with_variant(Integer, "sqlite")
# Plain JSON keeps the order of keys, which is the order of the file's columns; jsonb does not.
Json = JSON(none_as_null=True)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Return a constraint that lets a column hold only these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
