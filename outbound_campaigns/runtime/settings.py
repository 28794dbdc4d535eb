"""The service's settings: one frozen object, read once from the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot_config.variables import DEFAULT_NAMES, NAMES
from bot_config.words import Words
from outbound_campaigns.domain.refusals.request import InvalidValue
from outbound_campaigns.runtime.logs import FORMS


@dataclass(frozen=True, slots=True)
class Settings:
    """The service's settings. Times are in seconds; SETTINGS lists the variable of each field."""

    botpress_data_dir: Path = Path("data")
    botpress_url: str | None = None
    botpress_database_url: str | None = None
    app_secret: str | None = field(default=None, repr=False)
    external_url: str | None = None
    database_url: str = "sqlite:///instance/outbound_campaigns.sqlite"
    engine: str = "embedded"
    vonage_url: str = "https://api.nexmo.com"
    host: str = "127.0.0.1"
    port: int = 8787
    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    max_in_flight: int = 256
    start_grace: float = 900.0
    upload_dir: Path = Path("instance/uploads")
    max_upload_mb: int = 200
    media_mb: int = 1000
    """what a bot's hosted files may take together"""
    web_processes: int = 1
    web_threads: int = 12
    client_timeout: int = 30
    trusted_proxies: str = "127.0.0.1,::1"
    metrics_token: str | None = field(default=None, repr=False)
    bot_variables: str = ",".join(DEFAULT_NAMES)
    log_form: str = "json"

    @property
    def root_path(self) -> str:
        """Return the path of Botpress's public URL; "" at the root of its host."""
        return urlsplit(self.external_url or "").path.rstrip("/")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], directory: Path | None = None) -> Settings:
        """Read settings from `environ`; relative paths begin at `directory` (default: the working directory).

        Raises InvalidValue with the variable, its value and what is expected.
        """
        base = directory or Path.cwd()
        # An environment file from Windows leaves a carriage return at the end of each value.
        texts = {setting: environ.get(setting.variable, "").strip() for setting in SETTINGS}
        given = {setting.field: setting.read(text, base) for setting, text in texts.items() if text}
        defaults = {
            setting.field: setting.read(str(setting.default), base)
            for setting in SETTINGS
            if setting.default is not None
        }
        settings = cls(**cast(Any, defaults | given))
        if settings.engine == "cluster" and make_url(settings.database_url).get_backend_name() == "sqlite":
            raise InvalidValue(
                name="OUTBOUND_DATABASE_URL",
                value=settings.database_url,
                expected=_CLUSTER_NEEDS,
            )
        return settings


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable of the environment: the field it fills and how its text is read."""

    variable: str
    field: str
    parse: Callable[[str, Path], object]
    expected: Words
    default: object
    secret: bool

    def read(self, text: str, directory: Path) -> object:
        """Return the parsed text. Raises InvalidValue, which hides secrets and texts that hold an @."""
        try:
            return self.parse(text, directory)
        except (ValueError, ArgumentError):
            value = "***" if self.secret or "@" in text else text
            raise InvalidValue(name=self.variable, value=value, expected=self.expected) from None


def _text(text: str, _directory: Path) -> str:
    return text


def _secret(text: str, _directory: Path) -> str:
    """Return the text; raises ValueError if it can't be encoded, since a key is made of bytes."""
    text.encode()
    return text


def _token(text: str, _directory: Path) -> str:
    """Return an RFC 6750 token that is too long to be guessed; raises ValueError for any other text."""
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]{16,}=*", text):
        raise ValueError(text)
    return text


def _path(text: str, directory: Path) -> Path:
    return (directory / text).resolve()


def _number(low: float, high: float, kind: type = float) -> Callable[[str, Path], object]:
    def parse(text: str, _directory: Path) -> object:
        value = kind(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parse


def _one_of(*choices: str) -> Callable[[str, Path], str]:
    def parse(text: str, _directory: Path) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return parse


def _addresses(text: str, _directory: Path) -> str:
    """Return addresses and networks with commas between them, as gunicorn takes them."""
    parts = [part.strip() for part in text.split(",")]
    for part in parts:
        ip_network(part)
    return ",".join(parts)


def _names(text: str, _directory: Path) -> str:
    """Return names of variables with commas between them; a * ends the beginning of names."""
    names = [part.strip() for part in text.split(",")]
    if not all(NAMES.fullmatch(name) for name in names):
        raise ValueError(text)
    return ",".join(names)


def _http_url(text: str, _directory: Path) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(text)
    return text.rstrip("/")


def _database_url(text: str, directory: Path) -> str:
    """Return an SQLAlchemy URL: SQLite gets an absolute path, PostgreSQL the driver psycopg."""
    url = make_url(text)
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise ValueError(text)
        url = url.set(database=str(directory / (url.database or "")))
    elif url.get_backend_name() in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    else:
        raise ValueError(text)
    return url.render_as_string(hide_password=False)


def _own_database_url(text: str, directory: Path) -> str:
    """Do the same as `_database_url`, but refuse the file in which Botpress itself stores its data."""
    url = _database_url(text, directory)
    if Path(make_url(url).database or "").name == "core.sqlite":
        raise ValueError(text)
    return url


_DATABASE = Words(
    "sqlite:///ruta/del/archivo o postgresql://usuario:contraseña@servidor/nombre",
    "sqlite:///path/to/file or postgresql://user:password@host/name",
)
_OWN_DATABASE = Words(
    f"{_DATABASE.es}, y no el core.sqlite de Botpress", f"{_DATABASE.en}, not Botpress's core.sqlite"
)
_SECONDS = Words("un número de segundos, de 0.1 a 3600", "seconds, from 0.1 to 3600")
_HTTP_URL = Words("http://… o https://…", "http://… or https://…")
_FOLDER = Words("una carpeta", "a folder")
_CLUSTER_NEEDS = Words(
    "postgresql://usuario:contraseña@servidor/nombre, porque OUTBOUND_ENGINE=cluster",
    "postgresql://user:password@host/name, since OUTBOUND_ENGINE=cluster",
)


def _whole(low: int, high: int) -> Words:
    return Words(f"un número entero, de {low} a {high}", f"a whole number, from {low} to {high}")


_fields = {field.name: field for field in fields(Settings)}

SETTINGS: tuple[Setting, ...] = tuple(
    Setting(variable, name, parse, expected, _fields[name].default, secret=not _fields[name].repr)
    for variable, name, parse, expected in (
        ("BOTPRESS_DATA_DIR", "botpress_data_dir", _path, _FOLDER),
        ("BOTPRESS_URL", "botpress_url", _http_url, _HTTP_URL),
        ("BOTPRESS_DATABASE_URL", "botpress_database_url", _database_url, _DATABASE),
        ("BP_CONFIG_APPSECRET", "app_secret", _secret, Words("un texto en UTF-8", "UTF-8 text")),
        ("EXTERNAL_URL", "external_url", _http_url, _HTTP_URL),
        (
            "OUTBOUND_DATABASE_URL",
            "database_url",
            _own_database_url,
            _OWN_DATABASE,
        ),
        (
            "OUTBOUND_ENGINE",
            "engine",
            _one_of("embedded", "cluster", "none"),
            Words("embedded, cluster o none", "embedded, cluster or none"),
        ),
        ("OUTBOUND_VONAGE_URL", "vonage_url", _http_url, _HTTP_URL),
        ("OUTBOUND_HOST", "host", _text, Words("una dirección", "an address")),
        (
            "OUTBOUND_PORT",
            "port",
            _number(1, 65535, int),
            Words("un puerto, de 1 a 65535", "a port, from 1 to 65535"),
        ),
        ("OUTBOUND_CONNECT_TIMEOUT", "connect_timeout", _number(0.1, 3600), _SECONDS),
        ("OUTBOUND_READ_TIMEOUT", "read_timeout", _number(0.1, 3600), _SECONDS),
        ("OUTBOUND_MAX_IN_FLIGHT", "max_in_flight", _number(1, 10_000, int), _whole(1, 10_000)),
        ("OUTBOUND_UPLOAD_DIR", "upload_dir", _path, _FOLDER),
        (
            "OUTBOUND_MAX_UPLOAD_MB",
            "max_upload_mb",
            _number(1, 100_000, int),
            Words("megabytes, de 1 a 100000", "megabytes, from 1 to 100000"),
        ),
        (
            "OUTBOUND_MEDIA_MB",
            "media_mb",
            _number(1, 1_000_000, int),
            Words("megabytes, de 1 a 1000000", "megabytes, from 1 to 1000000"),
        ),
        ("OUTBOUND_WEB_PROCESSES", "web_processes", _number(1, 64, int), _whole(1, 64)),
        ("OUTBOUND_WEB_THREADS", "web_threads", _number(1, 256, int), _whole(1, 256)),
        (
            "OUTBOUND_CLIENT_TIMEOUT",
            "client_timeout",
            _number(1, 3600, int),
            Words("un número de segundos, de 1 a 3600", "seconds, from 1 to 3600"),
        ),
        (
            "OUTBOUND_TRUSTED_PROXIES",
            "trusted_proxies",
            _addresses,
            Words("direcciones o redes, separadas por comas", "addresses or networks, with commas"),
        ),
        (
            "OUTBOUND_METRICS_TOKEN",
            "metrics_token",
            _token,
            Words(
                "al menos 16 letras, cifras y - . _ ~ + / =", "at least 16 letters, digits and - . _ ~ + / ="
            ),
        ),
        (
            "OUTBOUND_BOT_VARIABLES",
            "bot_variables",
            _names,
            Words(
                "nombres, separados por comas; * termina un prefijo", "names, with commas; * ends a prefix"
            ),
        ),
        (
            "OUTBOUND_LOG",
            "log_form",
            _one_of(*FORMS),
            Words("json, text o terminal", "json, text or terminal"),
        ),
        (
            "OUTBOUND_START_GRACE",
            "start_grace",
            _number(0, 86_400),
            Words("un número de segundos, de 0 a 86400", "seconds, from 0 to 86400"),
        ),
    )
)
