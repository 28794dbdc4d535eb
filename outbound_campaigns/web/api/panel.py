"""Serves the panel's static files: public, as an iframe's request carries no token; they hold no data."""

from __future__ import annotations

from flask import Blueprint, Response, send_from_directory

from outbound_campaigns.runtime.package_files import shipped_folder
from outbound_campaigns.web.api.blueprint import BASE

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

panel = Blueprint("panel", __name__, url_prefix=f"{BASE}/ui")


@panel.get("/")
@panel.get("/<path:name>")
def panel_file(bot_id: str, name: str = "index.html") -> Response:  # noqa: ARG001 - the same for all bots
    """Return a file of the panel."""
    response = send_from_directory(shipped_folder("static"), name)
    response.headers["Content-Security-Policy"] = POLICY
    return response
