"""A small server that takes webhooks and keeps them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self

WAITS = 20.0


class Webhook(NamedTuple):
    """One that came."""

    authorization: str
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """Its JSON."""
        value: dict[str, Any] = json.loads(self.raw)
        return value


class WebhookReceiver:
    """Answers with each of `statuses` in turn, then with 200."""

    def __init__(self) -> None:
        self.came: list[Webhook] = []
        self.statuses: list[int] = []
        self._changed = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(receiver._take(Webhook(self.headers.get("Authorization", ""), raw)))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/status"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait_for(self, count: int) -> list[Webhook]:
        """What came, once it is that many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.came) >= count, WAITS)
            return list(self.came)

    def _take(self, webhook: Webhook) -> int:
        with self._changed:
            self.came.append(webhook)
            self._changed.notify_all()
            return self.statuses.pop(0) if self.statuses else 200
