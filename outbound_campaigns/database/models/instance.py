"""By what a database knows that it is the one that campaigns are sent from, and no copy of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant

ONLY = 1
"""the id of the table's one row"""


class Instance(Base):
    """The mark; what a kind of database does not have, or does not tell, is none.

    A migration that writes this table anew has to set the mark again.
    """

    __tablename__ = "outbound_instance"
    __table_args__ = (CheckConstraint(f"id = {ONLY}", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    marked_at: Mapped[datetime] = mapped_column(Instant)
    inode: Mapped[int | None] = mapped_column(BigInteger)
    """of SQLite's file; none in a backup"""
    generation: Mapped[int] = mapped_column(BigInteger, default=0)
    """raised by the engine while it leads; never behind the file beside SQLite's (SqliteFile)"""
    server: Mapped[int | None] = mapped_column(BigInteger)
    """PostgreSQL's system identifier"""
    timeline: Mapped[int | None] = mapped_column(BigInteger)
    """of PostgreSQL's log: another one after a promotion, or a restore to a point in time"""
    oid: Mapped[int | None] = mapped_column(BigInteger)
    """of the database within the server"""
    written_by: Mapped[int | None] = mapped_column(BigInteger)
    """the transaction that wrote this row: a dump that is read back in is written by another"""
