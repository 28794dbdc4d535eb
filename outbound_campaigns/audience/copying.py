"""Copies a campaign's failed recipients into another campaign: exported as a CSV file, then imported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from outbound_campaigns.audience import exporting, importing
from outbound_campaigns.audience.importing import Spooled, Upload
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.state import NothingFailed
from outbound_campaigns.runtime.settings import Settings

_NO_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True)
class Copied:
    """The failed recipients of a campaign, spooled as a file."""

    file_name: str
    spooled: Spooled

    def add_to(self, session: Session, campaign_id: int, act: Act) -> None:
        """Queue the file as an import of another campaign."""
        upload = Upload(self.file_name, self.spooled.path, self.spooled.size)
        importing.add_import(session, campaign_id, upload, act)


def copy_failed(settings: Settings, database: Database, campaign_id: int) -> Copied:
    """Spool the failed recipients of a campaign, to be imported into another.

    Raises CampaignNotFound, NothingFailed, or FileNotStored when the disk is full.
    """
    with database.read() as session:
        if campaign_rows.get(session, campaign_id).failed_count == 0:
            raise NothingFailed
    stream = _Chunks(exporting.failed_csv(database, campaign_id, "es"))
    return Copied(
        f"campaign-{campaign_id}-failed.csv", importing.spool(stream, settings.upload_dir, _NO_LIMIT)
    )


class _Chunks(importing.Stream):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, _size: int, /) -> bytes:
        return next(self._chunks, b"")
