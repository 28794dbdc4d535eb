"""The web application, which joins all routes. It never sends messages."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from outbound_campaigns.database.base import Base
from outbound_campaigns.database.transactions import Database, engine_options, prepare
from outbound_campaigns.engine.waking import wake_of
from outbound_campaigns.runtime.clock import SystemClock
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.sending.preparation import Preparation, bots_of
from outbound_campaigns.vonage.senders import BotSenders
from outbound_campaigns.vonage.template_cache import TemplateLists
from outbound_campaigns.web.access.access import Access
from outbound_campaigns.web.api import (
    campaign_actions,
    campaigns,
    imports,
    media,
    openapi,
    opt_outs,
    recipients,
    reconciliations,
    reports,
    status,
    templates,
    test_sends,
)
from outbound_campaigns.web.api.blueprint import blueprint
from outbound_campaigns.web.api.bodies import LARGEST
from outbound_campaigns.web.api.errors import BotpressApi, answer_refusals
from outbound_campaigns.web.api.fast_receipts import ShortWay
from outbound_campaigns.web.api.health import health
from outbound_campaigns.web.api.media import hosted
from outbound_campaigns.web.api.panel import panel
from outbound_campaigns.web.api.request_log import trace_requests
from outbound_campaigns.web.api.service import EXTENSION, Service, service_of
from outbound_campaigns.web.api.webhooks import DOOR, new_door, webhooks
from outbound_campaigns.web.root_path import RootPath

DOORS = (
    campaigns,
    campaign_actions,
    imports,
    recipients,
    reconciliations,
    reports,
    opt_outs,
    status,
    templates,
    media,
    test_sends,
    openapi,
)
"""imported because each adds its routes to the blueprint"""

# Here and not beside the tables: the engine does not need Flask, and its memory counts.
db = SQLAlchemy(metadata=Base.metadata)


def create_app(settings: Settings | None = None, environ: Mapping[str, str] = os.environ) -> Flask:
    """Return the application for the settings' database; without settings, for the environment's."""
    settings = settings or Settings.from_environ(environ)
    app = Flask("outbound_campaigns", static_folder=None)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=LARGEST,
        API_TITLE="Campañas Salientes",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    db.init_app(app)
    app.extensions[EXTENSION] = _service(app, settings, environ)
    trace_requests(app)
    answer_refusals(app)
    BotpressApi(app, spec_kwargs=SPEC).register_blueprint(blueprint)
    app.register_blueprint(panel)
    app.register_blueprint(hosted)
    app.register_blueprint(webhooks)
    app.register_blueprint(health)
    made = service_of(app)
    door = app.extensions[DOOR] = new_door(made.database, made.senders.bot)
    app.wsgi_app = RootPath(ShortWay(app.wsgi_app, door), settings.root_path)  # type: ignore[method-assign]
    return app


def _service(app: Flask, settings: Settings, environ: Mapping[str, str]) -> Service:
    with app.app_context():
        prepare(db.engine)
        database = Database(db.engine, wake=wake_of(settings))
    bots = bots_of(settings, environ)
    senders = BotSenders(bots, settings.external_url)
    preparation = Preparation(senders, settings.vonage_url, database)
    elapsed = SystemClock().elapsed
    access = Access(bots, settings, time.time, elapsed)
    templates = TemplateLists(senders, settings.vonage_url, elapsed)
    return Service(settings, database, senders, access, preparation, templates)


SPEC = {
    "components": {
        "securitySchemes": {"botpress": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
    },
    "security": [{"botpress": []}],
}
