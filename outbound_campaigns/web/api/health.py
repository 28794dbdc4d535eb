"""Routes for monitoring, at the root: whether the service is alive, whether it is ready, and its figures."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from outbound_campaigns.database.transactions import UNAVAILABLE, is_unavailable
from outbound_campaigns.engine.permit import obstacle
from outbound_campaigns.reports.prometheus import DatabaseCollector
from outbound_campaigns.web.api.presenters import access_of
from outbound_campaigns.web.api.service import database, language, service
from outbound_campaigns.web.api.texts import UNAVAILABLE_WORDS

health = Blueprint("health", __name__)


@health.get("/livez")
def alive() -> Response:
    """Answer that the process is alive; nothing else is checked."""
    return jsonify({"status": "alive"})


@health.get("/readyz")
def ready() -> Response:
    """Answer 503 if the database is unavailable or has tables of another version; a held copy is ready."""
    try:
        found = obstacle(database())
    except UNAVAILABLE as error:
        if not is_unavailable(error):
            raise
        return _readiness("unavailable", UNAVAILABLE_WORDS.text(language()))
    if found is None:
        return _readiness("ready", None)
    return _readiness("held" if found.is_copy else "unavailable", found.text(language()))


def _readiness(status: str, message: str | None) -> Response:
    response = jsonify({"status": status, "message": message})
    response.status_code = 503 if status == "unavailable" else 200
    return response


@health.get("/metrics")
def metrics() -> Response:
    """Answer Prometheus's figures to holders of the token; 404 if the settings have none."""
    token = service().settings.metrics_token
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry(auto_describe=False)
    registry.register(DatabaseCollector(database(), access_of, token))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=content_type)


@health.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
