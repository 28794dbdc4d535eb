"""Serves Botpress below a path of its host (EXTERNAL_URL=https://host/bp): its module URLs move along."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def below(root: str, path: str) -> str:
    """Return a request's path without the root path, where it has it."""
    return path.removeprefix(root) if path.startswith(root + "/") else path


class RootPath:
    """Accepts requests with the root path, as Botpress does, and without it, from a proxy that strips it."""

    def __init__(self, app: Wsgi, root_path: str) -> None:
        self._app = app
        self._root = root_path

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["PATH_INFO"] = below(self._root, environ.get("PATH_INFO", ""))
        # In both cases, since the addresses in answers are for clients, who are in front of the proxy.
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self._root
        return self._app(environ, start_response)
