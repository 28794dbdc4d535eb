"""The mark by which a database is recognised as the one that campaigns are sent from, not a copy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant

ONLY = 1
"""the id of the table's one row"""


class Instance(Base):
    """The mark; a fact that this kind of database does not have, or does not give, is none.

    A migration that rewrites this table has to set the mark again.
    """

    __tablename__ = "outbound_instance"
    __table_args__ = (CheckConstraint(f"id = {ONLY}", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    marked_at: Mapped[datetime] = mapped_column(Instant)
    inode: Mapped[int | None] = mapped_column(BigInteger)
    """of SQLite's file; none in a backup"""
    generation: Mapped[int] = mapped_column(BigInteger, default=0)
    """raised by the engine while it leads; never behind the number in the file beside SQLite's
    (SqliteFile)"""
    server: Mapped[int | None] = mapped_column(BigInteger)
    """PostgreSQL's system identifier"""
    timeline: Mapped[int | None] = mapped_column(BigInteger)
    """of PostgreSQL's log: another one after a promotion, or a restore to a point in time"""
    oid: Mapped[int | None] = mapped_column(BigInteger)
    """of the database within the server"""
    written_by: Mapped[int | None] = mapped_column(BigInteger)
    """the transaction that wrote this row; when a dump is loaded, another one writes it"""
