"""Uploads over a real connection: large, slow, cut short, and none of them kept in memory."""

import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from outbound_campaigns.audience.importing.spool import sweep
from tests.support.running import Running, memory_of, people, running
from tests.support.tables import sqlite_in

MEGABYTE = 1_000_000


def uploads(service: Running) -> list[Path]:
    """The files in the folder, and those there that only an open descriptor names."""
    folder = Path(service.environ["OUTBOUND_UPLOAD_DIR"])
    family = psutil.Process(service.processes[0].pid).children(recursive=True)
    opened = [link for process in family for link in Path(f"/proc/{process.pid}/fd").glob("*")]
    return [*folder.glob("*"), *(link for link in opened if target(link).startswith(str(folder)))]


def target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def connect(service: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.port), 20)


def head_of(service: Running, campaign_id: int, *lines: str) -> bytes:
    path = urlsplit(f"{service.url}/campaigns/{campaign_id}/upload-csv").path
    fixed = (
        "Host: localhost",
        f"Authorization: {service.headers['Authorization']}",
        "Content-Type: text/csv",
    )
    return "\r\n".join([f"POST {path} HTTP/1.1", *fixed, *lines, "", ""]).encode()


def eventually_empty(service: Running) -> bool:
    end = time.monotonic() + 10
    while uploads(service) and time.monotonic() < end:
        time.sleep(0.05)
    return not uploads(service)


@pytest.mark.parametrize("lines", [("Content-Length: 50000000",), ("Transfer-Encoding: chunked",)])
def test_a_client_that_hangs_up_leaves_nothing_behind(sqlite_service: Running, lines: tuple[str]) -> None:
    campaign_id = sqlite_service.draft()
    with connect(sqlite_service) as client:
        client.sendall(head_of(sqlite_service, campaign_id, *lines))
        block = people(100_000)
        client.sendall((f"{len(block):x}\r\n".encode() if "chunked" in lines[0] else b"") + block)
        end = time.monotonic() + 10
        while not uploads(sqlite_service):
            assert time.monotonic() < end
            time.sleep(0.01)
    assert eventually_empty(sqlite_service)
    assert sqlite_service.ask("GET", f"/campaigns/{campaign_id}/imports").json()["imports"] == []


def test_a_chunked_upload_is_taken_whole(sqlite_service: Running) -> None:
    campaign_id = sqlite_service.draft()
    content = people(5_000)
    place = f"/campaigns/{campaign_id}/upload-csv"
    blocks = (content[start : start + 7_000] for start in range(0, len(content), 7_000))
    answer = sqlite_service.ask("POST", place, data=blocks, headers={"Content-Type": "text/csv"})
    assert answer.json()["size"] == len(content)


def test_a_large_upload_and_a_large_export_need_no_memory(sqlite_service: Running) -> None:
    campaign_id = sqlite_service.draft(100_000)
    export = f"/campaigns/{campaign_id}/export"
    service = sqlite_service.processes[0]
    sqlite_service.ask("GET", f"{export}?status=failed")
    before = memory_of(service)
    assert sqlite_service.ask("GET", export).content.count(b"\r\n") == 100_001
    assert memory_of(service) - before < 20 * MEGABYTE
    # Most of it one person again and again: it is the web process that is looked at.
    content = b"phone_number,var1\n" + b"4422591631,Juan\n" * 3_000_000
    place = f"/campaigns/{sqlite_service.draft()}/upload-csv"
    answer = sqlite_service.ask("POST", place, data=content, headers={"Content-Type": "text/csv"})
    assert answer.status_code in (200, 202)
    assert memory_of(service) - before < 40 * MEGABYTE
    imported = answer.json()["id"]
    sqlite_service.ask("POST", f"{place.removesuffix('/upload-csv')}/cancel")
    while (
        sqlite_service.ask("GET", place.replace("upload-csv", f"imports/{imported}")).json()["status"]
        == "running"
    ):
        time.sleep(0.2)


def test_what_a_killed_web_process_left_is_swept_away(sqlite_service: Running) -> None:
    folder = Path(sqlite_service.environ["OUTBOUND_UPLOAD_DIR"])
    folder.mkdir(exist_ok=True)  # nobody else may have uploaded anything
    stray = folder / "0123456789abcdef0123456789abcdef.csv"
    stray.write_bytes(b"phone_number")
    assert sweep(sqlite_service.installed.database, folder, 3600) == 0
    assert sweep(sqlite_service.installed.database, folder, -1) == 1
    assert not stray.exists()


def test_a_client_that_stands_still_is_given_up_and_leaves_nothing(tmp_path: Path) -> None:
    with running(tmp_path, sqlite_in(tmp_path), {"OUTBOUND_CLIENT_TIMEOUT": "1"}) as service:
        campaign_id = service.draft()
        for lines, sent in ((("Content-Length: 500000",), people(100)), ((), b"")):
            with connect(service) as client:
                head = head_of(service, campaign_id, *lines)
                client.sendall(head + sent if lines else head[:-2])
                client.settimeout(15)
                said = client.recv(1000)
            assert said == b"" or b" 408 " in said.splitlines()[0]
        assert eventually_empty(service)
        assert service.ask("GET", f"/campaigns/{campaign_id}/imports").json()["imports"] == []


def test_slow_clients_do_not_keep_others_waiting(sqlite_service: Running) -> None:
    slow = [connect(sqlite_service) for _ in range(10)]
    try:
        for client in slow:
            client.sendall(b"GET /api/v1/bots/demo-bot/mod/outbound-campaigns/status HTTP/1.1\r\nHost:")
        assert sqlite_service.ask("GET", "/status").status_code == 200
    finally:
        for client in slow:
            client.close()
    assert sqlite_service.ask("GET", "/status").status_code == 200


def test_a_file_that_is_refused_as_a_whole_is_422_with_its_import(sqlite_service: Running) -> None:
    campaign_id = sqlite_service.draft()
    place = f"/campaigns/{campaign_id}/upload-csv"
    answer = sqlite_service.ask("POST", place, files={"file": ("a.csv", b"name,var1\nAna,x\n")})
    for _ in range(20):
        if answer.status_code != 202:
            break
        # On a busy machine the import may take longer than the answer waits: the next one may not.
        answer = sqlite_service.ask("POST", place, files={"file": ("a.csv", b"name,var1\nAna,x\n")})
    said = answer.json()
    assert (answer.status_code, said["code"]) == (422, "file_not_read")
    assert "phone_number" in said["message"]
    kept = sqlite_service.ask(
        "GET", f"/campaigns/{campaign_id}/imports/{said['details']['import_id']}"
    ).json()
    assert (kept["status"], kept["error"]["message"]) == ("failed", said["message"])
