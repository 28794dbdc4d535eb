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
from outbound_campaigns.cli.texts import PORT_TAKEN
from outbound_campaigns.database.failures import reason_of
from outbound_campaigns.database.migrations.tables import Tables
from outbound_campaigns.database.transactions import open_database
from outbound_campaigns.domain.addresses import module_path
from outbound_campaigns.engine.permit import obstacle
from outbound_campaigns.runtime.settings import Settings

PORT_FORBIDDEN = Words(
    "Este usuario no puede abrir el puerto {port}. Elija en OUTBOUND_PORT uno desde 1024.",
    "This user may not open port {port}. Choose one from 1024 on in OUTBOUND_PORT.",
)
ADDRESS_UNUSABLE = Words(
    "Esta máquina no tiene la dirección {host}. Ponga en OUTBOUND_HOST una suya, como 127.0.0.1.",
    "This machine does not have the address {host}. Put one of its own in OUTBOUND_HOST, such as 127.0.0.1.",
)
FOLDER_MISSING = Words(
    "No existe la carpeta {folder}. Ponga en BOTPRESS_DATA_DIR la carpeta «data» de Botpress.",
    "There is no folder {folder}. Put Botpress's folder data in BOTPRESS_DATA_DIR.",
)
NO_DATABASE = Words(
    "La base de datos {database} no se puede usar ({reason}). Revise OUTBOUND_DATABASE_URL: debe nombrar un "
    "archivo de SQLite en una carpeta que exista y en la que este usuario pueda escribir.",
    "The database {database} can't be used ({reason}). Check OUTBOUND_DATABASE_URL: it must name a file of "
    "SQLite's in a folder that exists and that this user may write to.",
)
DATABASE_REFUSES = Words(
    "La base de datos {database} no admite a este servicio ({reason}). Revise el usuario, la contraseña y el "
    "nombre en OUTBOUND_DATABASE_URL.",
    "The database {database} does not let this service in ({reason}). Check user, password and name in "
    "OUTBOUND_DATABASE_URL.",
)
DATABASE_AWAITED = Words(
    "La base de datos {database} todavía no responde ({reason}). Se sigue intentando; si no se está "
    "iniciando, revise OUTBOUND_DATABASE_URL.",
    "The database {database} does not answer yet ({reason}). It is tried again and again; if it is not "
    "starting, check OUTBOUND_DATABASE_URL.",
)
STARTS = Words(
    """Campañas Salientes {version}
  Escucha en       http://{host}:{port}
  Panel            {panel}
  Base de datos    {database}
  Botpress         {folder}
  Motor            {engine}""",
    """Outbound campaigns {version}
  Listens on       http://{host}:{port}
  Panel            {panel}
  Database         {database}
  Botpress         {folder}
  Engine           {engine}""",
)

_BY_ERROR = {errno.EADDRINUSE: PORT_TAKEN, errno.EACCES: PORT_FORBIDDEN}

# What a server says that is there, but will never let us in: not that it starts, stops or is full.
_REFUSES = re.compile(
    r"FATAL(?!.*(starting up|shutting down|recovery|too many|remaining connection))", re.DOTALL
)


def check_and_tell(settings: Settings) -> None:
    """Check what must be right at the start, and say what runs. Raises click.ClickException."""
    must_be_free(settings.host, settings.port)
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


def must_be_free(host: str, port: int) -> None:
    """Raise click.ClickException for an address that this process can't listen on."""
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
        click.echo(found.text(terminal_language()))


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _refused(words: Words, **values: object) -> click.ClickException:
    return click.ClickException(words.text(terminal_language(), **values))
