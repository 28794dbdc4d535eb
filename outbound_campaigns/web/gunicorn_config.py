"""Settings for gunicorn: `gunicorn -c python:outbound_campaigns.web.gunicorn_config wsgi:app`."""

from __future__ import annotations

import logging
import os
import socket
import struct
from importlib.util import find_spec
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from outbound_campaigns.runtime.logs import formatter, log_to_stderr
from outbound_campaigns.runtime.parent_death import end_with_parent
from outbound_campaigns.runtime.settings import Settings

_settings = Settings.from_environ(os.environ)
_STANDSTILL = struct.pack("ll", _settings.client_timeout, 0)

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_processes
threads = _settings.web_threads
worker_class = (
    "outbound_campaigns.web.front.worker.FrontWorker"
    # It has no wheel for every system.
    if find_spec("uvloop")
    else "outbound_campaigns.web.gunicorn_config.PatientWorker"
)
logger_class = "outbound_campaigns.web.gunicorn_config.DiscreetLogger"
forwarded_allow_ips = _settings.trusted_proxies
forwarder_headers = ""
graceful_timeout = 15
timeout = 60
keepalive = 15
max_requests = 0
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 16_380
loglevel = "warning"
control_socket_disable = True


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Serves where uvloop does not run; a few clients that stand still can't hold all of its threads."""

    def handle(self, conn: Any) -> Any:
        # Set in the kernel, since gunicorn resets Python's own timeout of the socket before each request.
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, option, _STANDSTILL)
        return super().handle(conn)


class DiscreetLogger(Logger):  # type: ignore[misc]
    """Logs gunicorn's own lines in our form, without what a client wrote or the messages of errors."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter(_settings.log_form))
            handler.addFilter(_without_request)


def _without_request(record: logging.LogRecord) -> bool:
    """Hide what gunicorn quotes of a request it can't serve: its address or headers may hold a number."""
    if record.exc_info or str(record.msg).startswith("Invalid request"):
        record.msg, record.args = "a request could not be served", ()
    return True


def on_starting(_server: object) -> None:
    end_with_parent()


def post_fork(_server: object, _worker: object) -> None:
    log_to_stderr(_settings.log_form)
