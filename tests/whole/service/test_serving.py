"""The service behind proxies, below a root path, in several processes, under another server's command."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.support.running import Running, running
from tests.support.tables import sqlite_in


def test_several_web_processes_answer_below_the_root_path_of_botpress(
    tmp_path: Path, new_postgres_database: Callable[[], str]
) -> None:
    settings = {"OUTBOUND_WEB_PROCESSES": "3", "EXTERNAL_URL": "https://bots.example.com/bp"}
    with running(tmp_path, new_postgres_database(), settings, root="/bp") as service:
        answers = [service.ask("POST", "/campaigns", json=NEW) for _ in range(9)]
        assert {answer.status_code for answer in answers} == {201}
        assert all(answer.headers["Location"].startswith("/bp/api/v1/bots/") for answer in answers)
        children = psutil.Process(service.processes[0].pid).children(recursive=True)
        assert sum("gunicorn" in " ".join(child.cmdline()) for child in children) == 4
        assert len(service.ask("GET", "/campaigns").json()["campaigns"]) == 9


def test_a_proxy_that_is_not_trusted_cannot_move_the_service(tmp_path: Path) -> None:
    settings = {"OUTBOUND_TRUSTED_PROXIES": "10.0.0.1"}
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil", "X-Forwarded-Host": "evil.example"}
    with running(tmp_path, sqlite_in(tmp_path), settings) as service:
        made = service.ask("POST", "/campaigns", json=NEW, headers=forged)
        assert made.headers["Location"].startswith("/api/v1/bots/")
        assert "evil" not in made.text + str(made.headers)


def test_gunicorn_serves_the_application_by_itself(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:outbound_campaigns.web.gunicorn_config",
        "wsgi:app",
    ]
    with running(tmp_path, sqlite_in(tmp_path)) as service:
        service.stop()
        service.start(command)
        status = service.ask("GET", "/status").json()
        assert (status["status"], status["engine"]["running"]) == ("degraded", False)


NEW = {"name": "x", "template_id": "y"}
NO_HTTP = ["GET /x y HTTP/1.1\r\n\r\n", "\x00\x01\x02\r\n\r\n", "GET / HTTP/9\r\n\r\n"]


@pytest.mark.parametrize("head", NO_HTTP)
def test_what_is_no_http_is_refused_without_words_of_the_inside(sqlite_service: Running, head: str) -> None:
    with socket.create_connection(("127.0.0.1", sqlite_service.port), 10) as client:
        client.sendall(head.encode())
        said = client.recv(10_000).decode(errors="replace")
    assert "Traceback" not in said
    assert str(Path(__file__).parents[3]) not in said
    assert sqlite_service.ask("GET", "/status").status_code == 200
