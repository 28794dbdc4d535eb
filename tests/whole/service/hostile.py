"""Requests as nobody should send them: `python -m tests.whole.service.hostile [requests] [seed]`.

Each is a whole request in bytes, put together from a good one by a seeded chance: bot ids, ids, cursors,
headers, bodies, file names, nested JSON, wrong encodings.
"""

from __future__ import annotations

import json
import random
import re
import socket
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_from_bytes

import requests as http

from tests.support.running import MODULE, Running, running
from tests.support.site import ADMIN, BOT, OTHER_BOT

REQUESTS = 10_000
MARK = "solo-del-otro-bot"

TEXTS = (
    b"", b" ", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"..", b"../../../../etc/passwd", b"%00", b"%2e%2e%2f",
    b"' OR '1'='1", b'"; DROP TABLE outbound_campaigns;--', b"<script>alert(1)</script>", b"{{7*7}}",
    b"%(x)s %s %n {0.__class__}", b"\r\nX-Evil: 1", "ñandú".encode(), "🧨".encode(), "\u202e".encode(),
    b"-1", b"0", b"1e309", b"NaN", b"9223372036854775808", b"9" * 400, b"A" * 3000, b"true", b"null", b"[]",
    b"+5214422591631", b"=cmd|' /C calc'!A0", b"a\tb", b"constructor", b"__proto__", b"\\\\host\\share",
)  # fmt: skip
JSONS = (
    "{", "[]", "null", "0", '"x"', '{"a":' * 3000 + "1" + "}" * 3000, "[" * 5000, '{"name": "\\ud800"}',
    '{"name": "\\u0000", "template_id": "x"}', '{"batch_size": 1e999}', '{"batch_size": NaN}',
    '{"name": {"$gt": ""}}', '{"name": ["x"]}', '{"template_components": [{"type": "body", "x": {}}]}',
    '{"name": "x", "name": "y", "template_id": "z"}', '{"variables": {"": ""}}', '{"__class__": 1}',
    '{"scheduled_at": "9999-12-31T23:59:59-23:59"}', '{"timezone": "../../etc/passwd"}', "\ufeff{}",
    '{"scheduled_at": "2026-02-30"}', '{"spend_limit": -0.0}', '{"id": 1, "bot_id": "other-bot"}',
    '{"batch_size": ' + "9" * 5000 + "}", '{"name": "' + "x" * 50_000 + '"}',
)  # fmt: skip
FILES = (
    b"", b"phone_number", b"phone_number\n", b"\x00" * 100, b"%PDF-1.4", b"PK\x03\x04", b"\xff\xfea\x00",
    b'phone_number,"\n', b"phone_number\n" + b"," * 5000, b"phone_number\n=1+1\n", b"\xef\xbb\xbf" * 10,
    b"phone_number;var1\n4422591631;" + b"x" * 200_000, b"sep=\nphone_number\n", "phone_number\n٤".encode(),
)  # fmt: skip
PATHS = (
    "/status", "/campaigns", "/campaigns?limit={t}", "/campaigns?cursor={t}", "/campaigns?q={t}",
    "/campaigns?status={t}", "/campaigns/{t}", "/campaigns/1", "/campaigns/1/recipients?q={t}",
    "/campaigns/1/recipients?cursor={t}&limit={t}", "/campaigns/1/recipients/{t}", "/campaigns/{t}/report",
    "/campaigns/1/export?status={t}", "/campaigns/1/imports/{t}/errors.csv", "/campaigns/1/imports/1",
    "/campaigns/1/events?cursor={t}", "/ui/{t}", "/{t}", "/campaigns/1/{t}", "/openapi.json?{t}={t}",
    "/campaigns/1/duplicate?recipients={t}&name={t}", "/campaigns/1/schedule", "/campaigns/1/start",
    "/campaigns/1/pause", "/campaigns/1/resume", "/campaigns/1/upload-csv", "/campaigns/2/upload-csv",
)  # fmt: skip
OFTEN, SELDOM = ("GET", "POST"), ("PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "BREW")
HEADERS = (
    "Authorization", "X-BP-Workspace", "CSRF-Token", "Cookie", "Accept-Language", "Accept", "If-None-Match",
    "X-Request-Id", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Content-Type", "Range",
    "Content-Encoding", "Expect", "Forwarded", "X-HTTP-Method-Override", "Origin", "Content-Disposition",
)  # fmt: skip
KINDS = (
    "application/json", "application/json; charset=utf-16", "text/csv", "multipart/form-data; boundary=b",
    "multipart/form-data", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream",
)  # fmt: skip

INSIDE = re.compile(
    rf"Traceback|site-packages|outbound_campaigns/|sqlalchemy|psycopg|sqlite3|{re.escape(str(Path.cwd()))}|{MARK}",
    re.IGNORECASE,
)


@dataclass
class Attack:
    """`answers` counts statuses; `wrong` says of each bad answer what was sent."""

    service: Running
    chance: random.Random
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def run(self, requests: int) -> None:
        for _ in range(requests):
            sent = self.request()
            said = exchange(self.service.port, sent)
            status = int(said[9:12]) if said.startswith(b"HTTP/1.") else 0
            self.answers[status] += 1
            if status >= 500 or INSIDE.search(said.decode(errors="replace")):
                self.wrong.append(f"{sent[:300]!r} -> {said[:300]!r}")

    def request(self) -> bytes:
        method = self.chance.choice(OFTEN if self.chance.random() < 0.7 else SELDOM)
        path = self.chance.choice(PATHS)
        bot = self.text() if self.chance.random() < 0.1 else self.chance.choice([BOT] * 9 + [OTHER_BOT])
        place = "/api/v1/bots/" + bot + MODULE + re.sub(r"\{t\}", lambda _: self.text(), path)
        headers = self.headers()
        body = self.body(path) if method in ("POST", "PUT", "PATCH") else b""
        if body or self.chance.random() < 0.2:
            headers.append(f"Content-Length: {len(body)}".encode())
        line = f"{method} {place} HTTP/1.1".encode("latin-1", "replace")
        return b"\r\n".join([line, b"Host: x", b"Connection: close", *headers, b"", b""]) + body

    def text(self) -> str:
        text = self.chance.choice(TEXTS)
        return (
            quote_from_bytes(text)
            if self.chance.random() < 0.9
            else re.sub(rb"[\s\x00]", b"", text).decode("latin-1")
        )

    def headers(self) -> list[bytes]:
        # Of a user of this bot alone, so that nothing of the other may ever be seen.
        token = self.service.botpress.bearer("dev@example.com")
        headers = {"Authorization": token.encode(), "Content-Type": self.chance.choice(KINDS).encode()}
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            text = re.sub(rb"[\r\n]", b"", self.chance.choice(TEXTS))
            headers[self.chance.choice(HEADERS)] = text
        return [name.encode() + b": " + value for name, value in headers.items()]

    def body(self, path: str) -> bytes:
        if "upload" in path and self.chance.random() < 0.8:
            content = self.chance.choice(FILES)
            if self.chance.random() < 0.5:
                return content
            name = re.sub(rb'["\r\n]', b"", self.chance.choice(TEXTS))
            head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n'
            return head + content + self.chance.choice((b"\r\n--b--\r\n", b"", b"\r\n--b\r\n"))
        if self.chance.random() < 0.3:
            return json.dumps(
                {"name": "x", "template_id": self.chance.choice(TEXTS).decode("latin-1")}
            ).encode()
        text = self.chance.choice(JSONS)
        return text.encode(self.chance.choice(("utf-8", "utf-8", "utf-16", "latin-1")), "replace")


def exchange(port: int, sent: bytes) -> bytes:
    """What comes back; nothing when the connection is dropped."""
    said = b""
    try:
        with socket.create_connection(("127.0.0.1", port), 20) as client:
            client.sendall(sent)
            while block := client.recv(65_536):
                said += block
    except ConnectionError:
        pass
    return said


def attack(service: Running, requests: int, seed: int) -> Attack:
    """Raises AssertionError when anything is left where it should not be."""
    service.draft(3)
    service.draft()
    other = service.url.replace(BOT, OTHER_BOT)
    body = {"name": MARK, "template_id": MARK}
    headers = {"Authorization": service.botpress.bearer(ADMIN)}
    assert http.post(f"{other}/campaigns", json=body, headers=headers, timeout=10).status_code == 201
    before = files_of(service)
    done = Attack(service, random.Random(seed))
    done.run(requests)
    assert files_of(service) == before
    shown = http.get(f"{other}/campaigns", headers=headers, timeout=10).json()["campaigns"]
    assert [campaign["name"] for campaign in shown] == [MARK]
    return done


def files_of(service: Running) -> set[str]:
    """All files of the installation but uploads on their way, logs and the database's own."""
    own = re.compile(r"uploads/[0-9a-f]{32}\.csv|.*\.log|campaigns\.sqlite.*")
    folder = service.installed.folder
    names = (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return {name for name in names if not own.fullmatch(name)}


def main(requests: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder, f"sqlite:///{folder}/campaigns.sqlite") as service:
            done = attack(service, requests, seed)
    print(*done.wrong[:20], sep="\n")
    answers = dict(sorted(done.answers.items()))
    print(f"{sum(answers.values())} requests: {answers}, {len(done.wrong)} wrong")
    return 1 if done.wrong else 0


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    raise SystemExit(main(*(numbers + [REQUESTS, 1][len(numbers) :])))
