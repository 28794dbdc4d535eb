"""Hosts a bot's files: keeps an upload on disk and in the database, finds it again, and takes it away.

The file is on disk before its row is committed, and goes after it: what a crash leaves is a file without a
row, which `sweeping` removes.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Media
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.media import (
    MediaInUse,
    MediaNotFound,
    MediaNotTaken,
    MediaTooLarge,
    NoRoomForMedia,
)
from outbound_campaigns.media import using
from outbound_campaigns.media.kinds import BY_ENDING, MOST_MB, MediaKind, recognize

_NAME = re.compile(rf"([0-9a-f]{{32}})\.({'|'.join(BY_ENDING)})")
_MEGABYTE = 1_000_000
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was spooled to disk, and what is said of it."""

    path: Path
    size: int
    bot_id: str
    file_name: str
    who: str


def folder_of(upload_dir: Path) -> Path:
    """Return the folder of all hosted files, on the disk that all machines share."""
    return upload_dir / "media"


def host(database: Database, upload_dir: Path, uploaded: Uploaded, most_mb: int) -> Media:
    """Keep a file; one that the bot has already is kept as it is. Returns its row.

    `most_mb` is what the files of a bot may take together. The spooled file is gone afterwards. Raises
    MediaNotTaken, MediaTooLarge or NoRoomForMedia; commits.
    """
    try:
        kind = _kind_of(uploaded)
        digest = _digest(uploaded.path)
        name = f"{secrets.token_hex(16)}.{kind.ending}"
        folder = folder_of(upload_dir)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / name
        uploaded.path.replace(path)
        try:
            with database.write() as session:
                media = _row(session, uploaded, kind, digest, name, most_mb, database.now(session))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        # The same content again: it also brings back a file that a restored disk lacks.
        path.replace(folder / media.name)
        return media
    finally:
        uploaded.path.unlink(missing_ok=True)


def _kind_of(uploaded: Uploaded) -> MediaKind:
    kind = recognize(uploaded.path)
    if kind is None:
        raise MediaNotTaken
    most = MOST_MB[kind.type]
    if uploaded.size > most * _MEGABYTE:
        raise MediaTooLarge(most=most, type=kind.type)
    return kind


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _row(
    session: Session,
    uploaded: Uploaded,
    kind: MediaKind,
    digest: str,
    name: str,
    most_mb: int,
    now: datetime,
) -> Media:
    of_bot = Media.bot_id == uploaded.bot_id
    known = session.execute(sa.select(Media).where(of_bot, Media.digest == digest)).scalar()
    if known is not None:
        known.created_at = now  # its time begins anew
        session.flush()
        return known
    used = session.execute(sa.select(sa.func.coalesce(sa.func.sum(Media.size), 0)).where(of_bot)).scalar_one()
    if used + uploaded.size > most_mb * _MEGABYTE:
        raise NoRoomForMedia(most=most_mb)
    media = Media(
        bot_id=uploaded.bot_id,
        name=name,
        file_name=uploaded.file_name,
        content_type=kind.content_type,
        size=uploaded.size,
        digest=digest,
        created_at=now,
        created_by=uploaded.who,
    )
    session.add(media)
    session.flush()
    return media


def path_of(upload_dir: Path, name: str) -> tuple[Path, MediaKind]:
    """Return where the file of a name is, which may be gone, and its kind. Raises MediaNotFound."""
    match = _NAME.fullmatch(name)
    if not match:
        raise MediaNotFound
    return folder_of(upload_dir) / name, BY_ENDING[match[2]]


def all_of(session: Session, bot_id: str, before: int | None, limit: int) -> Sequence[Media]:
    """Return a bot's files, newest first."""
    query = sa.select(Media).where(Media.bot_id == bot_id)
    if before is not None:
        query = query.where(Media.id < before)
    return session.execute(query.order_by(Media.id.desc()).limit(limit)).scalars().all()


def remove(database: Database, upload_dir: Path, bot_id: str, media_id: int) -> None:
    """Take a file away. Raises MediaNotFound, or MediaInUse while a campaign may still send it; commits."""
    with database.write() as session:
        media = session.get(Media, media_id)
        if media is None or media.bot_id != bot_id:
            raise MediaNotFound
        campaign = using.first_campaign(session, media)
        if campaign is not None:
            raise MediaInUse(name=campaign.name)
        session.delete(media)
    path, _ = path_of(upload_dir, media.name)
    path.unlink(missing_ok=True)
