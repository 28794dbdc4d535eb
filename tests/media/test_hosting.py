"""Hosted files: kept once, within the bot's room, while a campaign may send them and thirty days more."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import NewCampaign
from outbound_campaigns.database.models import Media
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.media import (
    MediaInUse,
    MediaNotFound,
    MediaNotTaken,
    MediaTooLarge,
    NoRoomForMedia,
)
from outbound_campaigns.media import hosting
from outbound_campaigns.media.hosting import Uploaded
from outbound_campaigns.media.sweeping import sweep
from tests.support.media_files import PDF, png


def host(
    database: Database, folder: Path, content: bytes = png(), bot: str = "bot", most_mb: int = 10
) -> Media:
    path = folder / "upload.csv"
    path.write_bytes(content)
    uploaded = Uploaded(path, len(content), bot, "foto.png", "ana")
    try:
        return hosting.host(database, folder, uploaded, most_mb)
    finally:
        assert not path.exists()


def on_disk(folder: Path) -> set[str]:
    return {path.name for path in hosting.folder_of(folder).glob("*")}


def campaign(database: Database, **values: Any) -> int:
    with database.write() as session:
        new = NewCampaign("bot", "Botas", "promo", values={"header.image": values.pop("link")})
        made = campaign_rows.create(session, new, database.now(session))
        for name, value in values.items():
            setattr(made, name, value)
        return made.id


def age(database: Database, days: float) -> None:
    with database.write() as session:
        then = database.now(session) - timedelta(days=days)
        session.execute(sa.update(Media).values(created_at=then))


def test_a_file_is_kept_under_a_name_that_nobody_can_guess(database: Database, tmp_path: Path) -> None:
    media = host(database, tmp_path)
    assert len(media.name) == 32 + len(".png")
    path, kind = hosting.path_of(tmp_path, media.name)
    assert (path.read_bytes(), kind.content_type) == (png(), "image/png")


def test_the_same_file_is_kept_once_for_each_bot(database: Database, tmp_path: Path) -> None:
    first, again, elsewhere = (
        host(database, tmp_path),
        host(database, tmp_path),
        host(database, tmp_path, bot="other"),
    )
    assert first.name == again.name != elsewhere.name
    assert on_disk(tmp_path) == {first.name, elsewhere.name}


def test_a_file_that_a_restored_disk_lacks_is_brought_back(database: Database, tmp_path: Path) -> None:
    media = host(database, tmp_path)
    path, _ = hosting.path_of(tmp_path, media.name)
    path.unlink()
    assert host(database, tmp_path).name == media.name
    assert path.read_bytes() == png()


def test_what_is_refused_leaves_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(MediaNotTaken):
        host(database, tmp_path, b"<html>")
    with pytest.raises(MediaTooLarge):
        host(database, tmp_path, png() + b"\0" * 5_000_000)
    host(database, tmp_path, PDF + b"\0" * 700_000, most_mb=1)
    with pytest.raises(NoRoomForMedia):
        host(database, tmp_path, PDF + b"\1" * 700_000, most_mb=1)
    assert len(on_disk(tmp_path)) == 1


@pytest.mark.parametrize(
    "name", ["", "x.png", "../" + "a" * 32 + ".png", "a" * 32 + ".html", "A" * 32 + ".png", "a" * 32]
)
def test_no_other_name_leads_anywhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(MediaNotFound):
        hosting.path_of(tmp_path, name)


def test_a_file_that_a_campaign_may_send_is_not_deleted(database: Database, tmp_path: Path) -> None:
    media = host(database, tmp_path)
    used = campaign(database, link=f"https://bots.example.com/x/media/{media.name}")
    with pytest.raises(MediaInUse) as refused:
        hosting.remove(database, tmp_path, "bot", media.id)
    assert "Botas" in refused.value.text("es")
    with pytest.raises(MediaNotFound):
        hosting.remove(database, tmp_path, "other", media.id)
    with database.write() as session:
        campaign_rows.update(session, used, status="completed")
    hosting.remove(database, tmp_path, "bot", media.id)
    assert on_disk(tmp_path) == set()


@pytest.mark.parametrize(
    ("uploaded", "status", "ended", "stays"),
    [
        (29, None, None, True),
        (31, None, None, False),
        (400, "running", None, True),
        (400, "draft", None, True),
        (400, "completed", 29, True),
        (400, "completed", 31, False),
        (400, "cancelled", 31, False),
    ],
)
def test_a_file_stays_thirty_days_after_it_was_of_use(
    database: Database, tmp_path: Path, uploaded: int, status: str | None, ended: int | None, stays: bool
) -> None:
    media = host(database, tmp_path)
    if status is not None:
        with database.read() as session:
            now = database.now(session)
        finished = None if ended is None else now - timedelta(days=ended)
        campaign(database, link=f"https://x/media/{media.name}", status=status, finished_at=finished)
    age(database, uploaded)
    os.utime(hosting.path_of(tmp_path, media.name)[0], (0, 0))
    sweep(database, tmp_path)
    assert on_disk(tmp_path) == ({media.name} if stays else set())
    with database.read() as session:
        assert bool(session.execute(sa.select(Media.id)).all()) is stays


def test_a_file_that_a_crash_left_without_its_row_goes_after_an_hour(
    database: Database, tmp_path: Path
) -> None:
    host(database, tmp_path)
    kept = on_disk(tmp_path)
    for name, age_ in (("a" * 32 + ".png", 7200), ("b" * 32 + ".png", 0)):
        path = hosting.folder_of(tmp_path) / name
        path.write_bytes(png())
        os.utime(path, (path.stat().st_mtime - age_,) * 2)
    assert sweep(database, tmp_path) == 1
    assert on_disk(tmp_path) == {*kept, "b" * 32 + ".png"}
