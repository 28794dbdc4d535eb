"""The demo's web application: the service, and a page that logs in and shows the panel as the studio does.

It exists only in the demo, since anybody who opens that page may do everything.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from flask import Blueprint, Flask, Response, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from outbound_campaigns.web.api.panel import POLICY
from outbound_campaigns.web.app import create_app

PAGE = "/demo"
TOKEN = "DEMO_TOKEN"  # noqa: S105 - the variable's name
PANEL = "DEMO_PANEL"
LOCAL = ("127.0.0.1", "localhost")

_HTML = """<!doctype html>
<html lang="es">
  <head>
    <meta charset="utf-8">
    <title>Campañas Salientes · demo</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/demo/page.css">
    <script type="module" src="/demo/login.js"></script>
  </head>
  <body><iframe title="Campañas Salientes"></iframe></body>
</html>
"""
_CSS = "html,body{height:100%;margin:0}iframe{border:0;width:100%;height:100%}"
_JS = """const { token, panel } = await (await fetch("/demo/session")).json();
localStorage.setItem("bp/token", JSON.stringify({ token, expiresAt: 0, issuedAt: 0 }));
document.querySelector("iframe").src = panel + location.search;
"""


def create_demo_app(environ: Mapping[str, str] = os.environ) -> Flask:
    """Return the application with the demo's page; `environ` holds its token and the panel's address."""
    app = create_app(environ=environ)
    page = Blueprint("demo", __name__, url_prefix=PAGE)

    @page.get("")
    def show() -> Response:
        return _file(_HTML, "text/html; charset=utf-8")

    @page.get("/page.css")
    def style() -> Response:
        return _file(_CSS, "text/css")

    @page.get("/login.js")
    def script() -> Response:
        return _file(_JS, "text/javascript")

    @page.get("/session")
    def session() -> Response:
        # Another site whose name leads to our address must not get it.
        if request.host.rsplit(":", 1)[0] not in LOCAL:
            abort(404)
        answer = jsonify({"token": environ[TOKEN], "panel": environ[PANEL]})
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @app.get("/")
    def home() -> AnyResponse:
        return redirect(f"{request.script_root}{PAGE}")

    app.register_blueprint(page)
    return app


def _file(content: str, kind: str) -> Response:
    policy = f"{POLICY}; frame-src 'self'"
    return Response(content, content_type=kind, headers={"Content-Security-Policy": policy})
