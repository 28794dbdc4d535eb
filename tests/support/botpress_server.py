"""A stand-in for Botpress 12.31 that knows users, roles and tokens, over real HTTP.

What it answers was seen on a running Botpress; what it does not know is Express's 404.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import jwt

from tests.support.botpress_users import SECRET, BadToken, UnknownRole, Users
from tests.support.messaging import judged

State = Literal["ready", "booting", "hanging", "reset", "html"]


@dataclass(frozen=True)
class Reply:
    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """An error of Botpress's: status, code, type and message."""

    def __init__(self, status: int, code: str, kind: str, message: str) -> None:
        super().__init__(message)
        content = {"statusCode": status, "errorCode": code, "type": kind, "message": message, "details": ""}
        self.reply = _json({**content, "docs": "https://botpress.com/docs"}, status)


class Botpress(Users):
    """One server; `with` starts it on a port of its own, which it keeps when stopped and started again."""

    def __init__(
        self, secret: str = SECRET, uses_cookies: bool = False, now: Callable[[], float] = time.time
    ) -> None:
        super().__init__(secret, uses_cookies, now)
        self.asked: Counter[str] = Counter()
        """how often each path was asked, in any state"""
        self.messages: list[bytes] = []
        """what its messaging took of Vonage's inbound messages"""
        self._state: State = "ready"
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _Connection)
        self._server.botpress = self
        self._thread: threading.Thread | None = None
        self.port: int = self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def profiles_asked(self) -> int:
        return sum(count for path, count in self.asked.items() if path.endswith("/user/profile"))

    def set_state(self, state: State) -> None:
        """Booting is 503, hanging is silence until the state changes, reset hangs up, html is a page."""
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def start(self) -> None:
        if self._server.socket.fileno() == -1:
            self._server = _Server(("127.0.0.1", self.port), _Connection)
            self._server.botpress = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        """Connections are refused from here on; a state that was set is forgotten."""
        if self._thread:
            self.set_state("ready")
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.stop()
        self._server.server_close()

    def reply(self, method: str, path: str, headers: Message, body: bytes) -> Reply | None:
        """The answer to a request; None hangs up without one."""
        self.asked[path] += 1
        with self._changed:
            self._changed.wait_for(lambda: self._state != "hanging")
            state = self._state
        if state == "reset":
            return None
        if state == "booting":
            return _page(503, "<html><body>Botpress is loading. Please try again in a minute.</body></html>")
        if state == "html":
            return _page(200, "<html><body>Welcome</body></html>")
        try:
            return self._route(method, path, headers, body)
        except Refused as refused:
            return refused.reply

    def _route(self, method: str, path: str, headers: Message, body: bytes) -> Reply:
        place = re.sub(r"^/api/(v[12]/admin|v1)/", "", path)
        match method, place:
            case "GET", "ping":
                return _success("Pong", {"serverId": "stand-in"})
            case "GET", "user/profile":
                return self._profile(headers)
            case "POST", "auth/login/basic/default":
                return self._log_in(body)
            case "GET", "auth/logout":
                self.log_out(self._checked(headers)["email"])
                return _success("Logout successful", {})
            case "POST", _ if place.startswith("messaging/webhooks/"):
                status = judged(headers.get("Authorization"), body)
                if status == 200:
                    self.messages.append(body)
                return Reply(status, "", {"Content-Type": "text/plain; charset=utf-8"})
        return _page(404, f"<!DOCTYPE html>\n<pre>Cannot {method} {path}</pre>")

    def _profile(self, headers: Message) -> Reply:
        claims = self._checked(headers)
        workspace = headers.get("X-BP-Workspace")
        if not workspace:
            message = "Invalid operation: Workspace is missing. Set header X-BP-Workspace"
            raise Refused(400, "BP_0006", "InvalidOperationError", message)
        user = self.find(claims["email"])
        if user is None:
            raise _not_found(f"User {claims['email']} not found")
        try:
            permissions = self.permissions(user, workspace, claims.get("isSuperAdmin") is True)
        except UnknownRole as error:
            raise _not_found(f'Role "{error}" does not exist in workspace') from None
        profile = {
            "email": claims["email"],
            "strategyType": "basic",
            "strategy": claims["strategy"],
            "isSuperAdmin": claims.get("isSuperAdmin") is True,
            "fullName": "",
            "permissions": permissions,
        }
        return _success("Retrieved profile successfully", profile)

    def _log_in(self, body: bytes) -> Reply:
        given = json.loads(body)
        user = self.find(str(given.get("email")))
        if user is None or given.get("password") != user.password:
            raise Refused(400, "BP_0009", "InvalidCredentialsError", "Invalid credentials")
        token = self.token(user.email)
        if not self.uses_cookies:
            return _success("Login successful", {"jwt": token, "exp": 3_600_000})
        csrf = jwt.decode(token, options={"verify_signature": False})["csrfToken"]
        cookie = {"Set-Cookie": f"jwtToken={token}; Max-Age=3600; Path=/; HttpOnly"}
        return _success("Login successful", {"csrf": csrf, "exp": 3_600_000}, cookie)

    def _checked(self, headers: Message) -> dict[str, Any]:
        try:
            return self.claims(self._token(headers), headers.get("CSRF-Token"))
        except BadToken:
            raise _unauthorized("Invalid authentication token") from None

    def _token(self, headers: Message) -> str:
        if self.uses_cookies:
            cookie = SimpleCookie(headers.get("Cookie", "")).get("jwtToken")
            if cookie is None:
                raise _unauthorized("jwtToken cookie is missing")
            return cookie.value
        authorization: str = headers.get("Authorization", "")
        if not authorization:
            raise _unauthorized("Authorization header is missing")
        scheme, token, *_ = [*authorization.split(" "), ""]
        if scheme.lower() != "bearer":
            raise _unauthorized(f'Unknown scheme "{scheme}"')
        if not token:
            raise _unauthorized("Authentication token is missing")
        return token


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    botpress: Botpress

    def handle_error(self, request: object, client_address: object) -> None:
        """Who has hung up gets no answer; anything else is an error of the test's."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Connection(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        reply = self.server.botpress.reply(self.command, path, self.headers, body)
        if reply is None:
            self._hang_up()
            return
        content = reply.body.encode()
        self.send_response(reply.status)
        headers = {"X-Powered-By": "Botpress", "Content-Length": str(len(content)), **reply.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def _hang_up(self) -> None:
        # Closed with unsent data dropped: the other side gets a reset, not an end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


def _unauthorized(message: str) -> Refused:
    return Refused(401, "BP_0041", "UnauthorizedError", f"Unauthorized: {message}")


def _not_found(message: str) -> Refused:
    return Refused(404, "BP_0044", "NotFoundError", f"Not Found: {message}")


def _success(message: str, payload: object, headers: Mapping[str, str] | None = None) -> Reply:
    return _json({"status": "success", "message": message, "payload": payload}, 200, headers)


def _json(content: object, status: int, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(
        status, json.dumps(content), {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    )


def _page(status: int, text: str) -> Reply:
    return Reply(status, text, {"Content-Type": "text/html; charset=utf-8"})
