"""Uploaded files and their refused rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from outbound_campaigns.database.base import Base, Instant
from outbound_campaigns.database.models.columns import BigId, Json


class Import(Base):
    """One uploaded file and how far it has come; rows = imported + duplicates + invalid."""

    __tablename__ = "outbound_imports"
    __table_args__ = (
        Index(
            "ix_outbound_imports_running",
            "campaign_id",
            sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
        Index(None, "campaign_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("outbound_campaigns.id"))
    file_name: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    """where the upload was spooled; removed when the import has ended"""
    status: Mapped[str] = mapped_column(Text, default="running")
    """running, completed or failed; removed while the engine deletes the rows of a file an operator took
    back"""
    worker: Mapped[str | None] = mapped_column(Text)
    """the worker that imports it; none while it waits for an engine"""
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """why it failed: {"code", …values}"""
    undoing: Mapped[bool] = mapped_column(Boolean, default=False)
    """set while the engine deletes its rows again"""
    encoding: Mapped[str | None] = mapped_column(Text)
    """what its owner says, or else what was found; none while it waits to be looked at"""
    delimiter: Mapped[str | None] = mapped_column(Text)
    phone_column: Mapped[str | None] = mapped_column(Text)
    """which column has the numbers: as its owner says, or else what was found"""
    columns: Mapped[list[str]] = mapped_column(Json, default=list)
    sheet: Mapped[str | None] = mapped_column(Text)
    """of a workbook: the one that its owner chose, or else that was read"""
    sheets: Mapped[list[str]] = mapped_column(Json, default=list)
    """a workbook's visible ones"""
    size: Mapped[int] = mapped_column(BigId)
    """bytes"""
    done: Mapped[int] = mapped_column(BigId, default=0)
    """bytes read so far"""
    rows: Mapped[int] = mapped_column(Integer, default=0)
    imported: Mapped[int] = mapped_column(Integer, default=0)
    flawed: Mapped[int] = mapped_column(Integer, default=0)
    """of those imported, how many are skipped for a flaw (domain/flaws.py)"""
    duplicates: Mapped[int] = mapped_column(Integer, default=0)
    invalid: Mapped[int] = mapped_column(Integer, default=0)
    restored: Mapped[int] = mapped_column(Integer, default=0)
    """rows in which what programs had added to a cell was taken away"""
    restored_sample: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """the first of those: [{"row", "column", "before", "after"}]"""
    text_sample: Mapped[list[str]] = mapped_column(Json, default=list)
    """the first cells with letters beyond ASCII, which show whether the encoding is right"""
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class RefusedRow(Base):
    """One row of a file that did not become a recipient, and why."""

    __tablename__ = "outbound_refused_rows"
    __table_args__ = ({"sqlite_with_rowid": False},)

    import_id: Mapped[int] = mapped_column(ForeignKey("outbound_imports.id"), primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True)
    column: Mapped[str | None] = mapped_column(Text)
    value: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
