"""What can't work is refused at the start, in one sentence with what to do; what runs is told."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from outbound_campaigns.database.migrations.tables import VERSION_TABLE
from tests.support.ports import free_port, wait_for
from tests.support.terminal import Terminal
from tests.whole.service.signals import PANEL


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def refused(terminal: Terminal, spanish: str, english: str, **environ: str) -> None:
    """The real command ends with 1 and the sentence, in both languages."""
    given = {"OUTBOUND_PORT": str(free_port())} | environ
    for language, said in (("es_MX.UTF-8", spanish), ("en_US.UTF-8", english)):
        done = terminal.run_process("serve", LANG=language, **given)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_a_port_that_is_taken(terminal: Terminal, taken: int) -> None:
    spanish, english = f"El puerto {taken} está ocupado", f"Port {taken} is in use"
    refused(terminal, spanish, english, OUTBOUND_PORT=str(taken))


def test_an_address_of_another_machine(terminal: Terminal) -> None:
    refused(
        terminal,
        "no tiene la dirección 203.0.113.7",
        "does not have the address 203.0.113.7",
        OUTBOUND_HOST="203.0.113.7",
    )


def test_a_folder_of_botpress_that_is_not_there(terminal: Terminal) -> None:
    refused(
        terminal,
        "No existe la carpeta /nowhere/data. Ponga en BOTPRESS_DATA_DIR",
        "There is no folder /nowhere/data. Put Botpress's folder",
        BOTPRESS_DATA_DIR="/nowhere/data",
    )


@pytest.mark.parametrize("file", ["/proc/nowhere/db.sqlite", "text.sqlite"])
def test_a_file_that_is_no_database(terminal: Terminal, tmp_path: Path, file: str) -> None:
    (tmp_path / "text.sqlite").write_text("Querido diario: " * 1000)
    refused(
        terminal,
        f"{file} no se puede usar",
        f"{file} can't be used",
        OUTBOUND_DATABASE_URL=f"sqlite:///{tmp_path / file}",
    )


def test_tables_of_a_newer_version(terminal: Terminal) -> None:
    with terminal.installed.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    refused(terminal, "de una versión más nueva", "from a newer version")


@pytest.mark.postgresql
def test_a_server_that_does_not_let_us_in(terminal: Terminal, new_postgres_database: object) -> None:
    url = str(new_postgres_database()).replace("postgres@", "nobody@")  # type: ignore[operator]
    refused(terminal, "no admite a este servicio", "does not let this service in", OUTBOUND_DATABASE_URL=url)


@pytest.mark.parametrize(
    ("name", "value", "spanish"),
    [
        ("OUTBOUND_PORT", "abc", "OUTBOUND_PORT no sirve: abc. Se espera un puerto, de 1 a 65535."),
        ("OUTBOUND_ENGINE", "turbo", "Se espera embedded, cluster o none."),
        ("EXTERNAL_URL", "bp", "Se espera http://… o https://…."),
    ],
)
def test_a_setting_that_can_not_be_read(terminal: Terminal, name: str, value: str, spanish: str) -> None:
    done = terminal.run_process("serve", **{name: value})
    assert (done.returncode, spanish in done.stderr) == (1, True), done.stderr


def test_what_runs_is_told_without_a_password_and_a_database_that_starts_is_awaited(
    terminal: Terminal, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "out.log"
    environ = terminal.installed.environ | {
        "OUTBOUND_PORT": str(port),
        "OUTBOUND_DATABASE_URL": f"postgresql://ana:s3cret@127.0.0.1:{free_port()}/campaigns",
        "LANG": "es_MX.UTF-8",
        "OUTBOUND_LOG": "text",
    }
    with log.open("wb") as out:
        command = [sys.executable, "-m", "outbound_campaigns", "serve"]
        service = subprocess.Popen(command, env=environ, cwd=tmp_path, stdout=out, stderr=out)
    try:
        wait_for(f"http://127.0.0.1:{port}{PANEL}")
        end = time.monotonic() + 60
        while " failed, " not in log.read_text() and time.monotonic() < end:
            time.sleep(0.2)
        time.sleep(2.5)  # in which it is tried again, and nothing more is said of it
        said = log.read_text()
        assert "todavía no responde (OperationalError: " in said
        assert f"Escucha en       http://127.0.0.1:{port}" in said
        assert "postgresql+psycopg://ana:***@127.0.0.1" in said
        assert "s3cret" not in said
        # Each job tells of it once, though it is tried again and again.
        told = [
            line.partition(" failed, ")[0].split()[-1] for line in said.splitlines() if " failed, " in line
        ]
        assert len(told) == len(set(told)) > 0, said
    finally:
        service.terminate()
        assert service.wait(25) == 0
