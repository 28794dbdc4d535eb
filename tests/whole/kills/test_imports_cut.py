"""An import that is cut short is failed, its rows are taken out again, and the campaign is as before."""

import time
from collections.abc import Callable

from outbound_campaigns.audience import importing
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Import
from tests.support.installation import BOT, Installation, stop

ROWS = 120_000


def start_import(installed: Installation) -> int:
    """The id of an import of many rows that waits for an engine."""
    csv = installed.folder / "many.csv"
    with csv.open("w") as file:
        file.write("phone_number,var1\n")
        file.writelines(f"442{number:07d},Nombre {number}\n" for number in range(ROWS))
    with csv.open("rb") as upload:
        spooled = importing.spool(upload, installed.folder / "uploads", 100_000_000)
    with installed.database.write() as session:
        now = installed.database.now(session)
        campaign = campaign_rows.create(session, NewCampaign(BOT, "test", "promo"), now)
        upload_of = importing.Upload("many.csv", spooled.path, spooled.size)
        added = importing.add_import(session, campaign.id, upload_of, Act("ana", now))
        session.flush()
        return added.id


def read(installed: Installation, import_id: int) -> Import:
    with installed.database.read() as session:
        return session.get_one(Import, import_id)


def wait(installed: Installation, import_id: int, until: Callable[[Import], bool]) -> Import:
    end = time.monotonic() + 60
    while not until(row := read(installed, import_id)):
        assert time.monotonic() < end, (row.status, row.rows)
        time.sleep(0.02)
    return row


def assert_undone(installed: Installation, import_id: int) -> None:
    row = wait(installed, import_id, lambda row: row.status == "failed" and not row.undoing)
    assert row.error == {"code": "import_interrupted"}
    assert (row.rows, row.imported) == (0, 0)
    assert installed.read(row.campaign_id).counts["total"] == 0
    assert list((installed.folder / "uploads").iterdir()) == []


def test_an_engine_killed_in_mid_import_leaves_no_rows(installed: Installation) -> None:
    import_id = start_import(installed)
    victim = installed.start_engine("", 2.0)
    wait(installed, import_id, lambda row: row.rows > 5000)
    victim.kill()
    victim.wait()
    assert read(installed, import_id).status == "running"
    installed.start_engine("", 2.0)
    assert_undone(installed, import_id)


def test_an_engine_told_to_end_in_mid_import_ends_in_time(installed: Installation) -> None:
    import_id = start_import(installed)
    engine = installed.start_engine("", 2.0)
    wait(installed, import_id, lambda row: row.rows > 5000)
    assert stop(engine) < 20
    installed.start_engine("", 2.0)
    assert_undone(installed, import_id)
