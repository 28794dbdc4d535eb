"""The web application: Flask's roof over the doors. It never sends."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from flask import Flask, Response, send_from_directory

from outbound_campaigns.db import Database, db, engine_options, prepare
from outbound_campaigns.settings import Settings

BASE = "/api/v1/bots/<string:bot_id>/mod/outbound-campaigns"


def create_app(settings: Settings | None = None) -> Flask:
    """The application over the settings' database; without settings, those of the environment."""
    settings = settings or Settings.from_environ(os.environ)
    app = Flask(__name__, static_folder=None)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_url)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        app.extensions["outbound_database"] = Database(db.engine)
    app.add_url_rule(f"{BASE}/ui/<path:name>", "panel", panel)
    return app


def panel(bot_id: str, name: str) -> Response:  # noqa: ARG001 - the panel's files are the same for all bots
    """A file of the panel; public, since an iframe's document request carries no token."""
    response = send_from_directory(static_folder(), name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def static_folder() -> Path:
    """static/ of the installed package; of the checkout when installed in place."""
    installed = Path(str(files("outbound_campaigns"))) / "static"
    return installed if installed.is_dir() else installed.parents[1] / "static"
