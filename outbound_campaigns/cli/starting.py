"""Before the service starts: refuses what can't work, saying what to do, and tells what runs."""

from __future__ import annotations

import errno
import re
import socket
from importlib.metadata import version

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot_config.words import Words
from outbound_campaigns.cli.language import say, terminal_language
from outbound_campaigns.cli.texts import (
    ADDRESS_UNUSABLE,
    DATABASE_AWAITED,
    DATABASE_REFUSES,
    FOLDER_MISSING,
    NO_DATABASE,
    OBSTACLE,
    PORT_FORBIDDEN,
    PORT_TAKEN,
    STARTS,
)
from outbound_campaigns.database.failures import reason_of
from outbound_campaigns.database.migrations.tables import Tables
from outbound_campaigns.database.transactions import open_database
from outbound_campaigns.domain.addresses import module_path
from outbound_campaigns.engine.permit import obstacle
from outbound_campaigns.runtime.settings import Settings

_BY_ERROR = {errno.EADDRINUSE: PORT_TAKEN, errno.EACCES: PORT_FORBIDDEN}

# What a server says that is there, but will never let us in: not that it starts, stops or is full.
_REFUSES = re.compile(
    r"FATAL(?!.*(starting up|shutting down|recovery|too many|remaining connection))", re.DOTALL
)


def check_and_tell(settings: Settings) -> None:
    """Check what must be right at the start, and say what runs. Raises click.ClickException."""
    _must_be_free(settings.host, settings.port)
    if not settings.botpress_data_dir.is_dir() and settings.botpress_database_url is None:
        raise _refused(FOLDER_MISSING, folder=settings.botpress_data_dir)
    _must_be_usable(settings)
    base = (settings.external_url or f"http://{settings.host}:{settings.port}").rstrip("/")
    say(
        STARTS,
        version=version("outbound-campaigns"),
        host=settings.host,
        port=settings.port,
        panel=f"{base}{module_path('<bot>')}/ui/",
        database=_shown(settings.database_url),
        folder=settings.botpress_data_dir,
        engine=settings.engine,
    )


def _must_be_free(host: str, port: int) -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        words = _BY_ERROR.get(error.errno or 0, ADDRESS_UNUSABLE)
        raise _refused(words, host=host, port=port) from None


def _must_be_usable(settings: Settings) -> None:
    """Raise where the database never will be; say so where it may only be starting."""
    shown = _shown(settings.database_url)
    try:
        with open_database(settings.database_url) as database:
            found = obstacle(database)
    except (DBAPIError, OSError) as error:
        reason = reason_of(error)
        if not isinstance(error, DBAPIError) or settings.database_url.startswith("sqlite"):
            raise _refused(NO_DATABASE, database=shown, reason=reason) from None
        if _REFUSES.search(str(error.orig)):
            raise _refused(DATABASE_REFUSES, database=shown, reason=reason) from None
        say(DATABASE_AWAITED, database=shown, reason=reason)
        return
    if found is not None and found.code == Tables.NEWER:
        raise click.ClickException(found.text(terminal_language()))
    if found is not None:
        say(OBSTACLE, obstacle=found)


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _refused(words: Words, **values: object) -> click.ClickException:
    return click.ClickException(words.text(terminal_language(), **values))
