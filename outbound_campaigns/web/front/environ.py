"""Translates a request's head from ASGI to WSGI (PEP 3333)."""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import unquote_to_bytes

from outbound_campaigns.web.front.exchange import Scope

Environ = dict[str, Any]

_OWN_NAMES = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_SEPARATORS = {"HTTP_COOKIE": "; "}


def environ_of(scope: Scope) -> Environ:
    """Return the environ of a request, without its body."""
    host, port = scope["server"] or ("localhost", 80)
    client = scope["client"] or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for given, value in scope["headers"]:
        # A name with an underscore would become the same as one with a hyphen, which a proxy may have set.
        if b"_" in given:
            continue
        name = _OWN_NAMES.get(given) or "HTTP_" + given.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        environ[name] = environ[name] + _SEPARATORS.get(name, ",") + text if name in environ else text
    return environ
