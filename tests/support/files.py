"""Campaigns and files for them; what an import left in the database."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.audience.importing import Timer, Upload, add_import, claim_import, run_import
from outbound_campaigns.campaigns import campaign_rows, recounting
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Campaign, Import, Recipient, RefusedRow
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.flaws import FLAW_CODES
from outbound_campaigns.domain.phone_numbers import NumberRules

HEADER = "phone_number,var1\n"
NO_TIME = Timer(sleep=lambda _: None)


def rows(first: int, count: int) -> str:
    return "".join(f"442{n:07d},name {n}\n" for n in range(first, first + count))


@dataclass
class Files:
    """One campaign, and files uploaded to it."""

    database: Database
    folder: Path
    new: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.database.write() as session:
            now = self.database.now(session)
            self.campaign_id = campaign_rows.create(
                session, NewCampaign("bot", "c", "promo", **self.new), now
            ).id

    def upload(self, content: str | bytes, **more: Any) -> int:
        path = self.folder / f"{secrets.token_hex(4)}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with self.database.write() as session:
            act = Act("ana@example.com", self.database.now(session))
            upload = Upload("lista.csv", path, path.stat().st_size, **more)
            return add_import(session, self.campaign_id, upload, act).id

    def run(self, rules: NumberRules | None = None, timer: Timer = NO_TIME) -> int:
        """Import what waits; the id of that import."""
        import_id = claim_import(self.database, "worker-1")
        assert import_id is not None
        run_import(self.database, import_id, "worker-1", lambda _: rules or NumberRules(), timer)
        return import_id

    def take(self, content: str | bytes, **arguments: Any) -> Import:
        """Upload and import a file."""
        self.upload(content)
        return self.import_row(self.run(**arguments))

    def set_status(self, status: str) -> None:
        with self.database.write() as session:
            campaign_rows.update(session, self.campaign_id, status=status)

    def import_row(self, import_id: int) -> Import:
        with self.database.read() as session:
            return session.get_one(Import, import_id)

    def counts(self) -> dict[str, int]:
        """What the campaign's figures say, after holding all of them against the rows."""
        with self.database.read() as session:
            assert recounting.recount(session) == []
            of_import = sa.select(Import.id, Import.imported, Import.flawed)
            for id_, imported, flawed in session.execute(of_import.where(Import.status == "completed")):
                rows = sa.select(Recipient).where(Recipient.import_id == id_)
                found = session.execute(rows).scalars().all()
                assert (imported, flawed) == (len(found), sum(r.error_code in FLAW_CODES for r in found))
            found_counts = campaign_rows.get(session, self.campaign_id).counts
        return {status: count for status, count in found_counts.items() if count}

    def recipients(self) -> list[Recipient]:
        with self.database.read() as session:
            return list(session.execute(sa.select(Recipient).order_by(Recipient.id)).scalars())

    def refused(self, import_id: int) -> list[tuple[int, str | None, str | None, str]]:
        with self.database.read() as session:
            of_import = sa.select(RefusedRow).where(RefusedRow.import_id == import_id)
            found = session.execute(of_import.order_by(RefusedRow.row)).scalars().all()
            return [(row.row, row.column, row.value, row.code) for row in found]

    def pending(self) -> int:
        """What the campaign says is pending, after holding it against the rows themselves."""
        with self.database.read() as session:
            said = campaign_rows.get(session, self.campaign_id).pending_count
            counted = sa.select(sa.func.count()).where(Recipient.status == "pending")
            assert session.execute(counted).scalar_one() == said
            return said

    def campaign(self) -> Campaign:
        with self.database.read() as session:
            return campaign_rows.get(session, self.campaign_id)


def figures(row: Import) -> tuple[int, int, int, int]:
    """(rows, imported, duplicates, invalid), which always add up."""
    assert row.rows == row.imported + row.duplicates + row.invalid
    return row.rows, row.imported, row.duplicates, row.invalid


@pytest.fixture
def files(database: Database, tmp_path: Path) -> Files:
    """A campaign without recipients, on each database, and files to fill it with."""
    return Files(database, tmp_path)
