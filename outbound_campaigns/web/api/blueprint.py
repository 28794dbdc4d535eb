"""The blueprint that all routes below a bot share: guarded, with one shape for errors."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import Any

from apispec import APISpec
from flask import Flask, Response, g, request
from flask_smorest import Api, Blueprint

from outbound_campaigns.domain.addresses import module_path
from outbound_campaigns.domain.refusals.request import BotDisabled
from outbound_campaigns.web.access.tokens import Credentials
from outbound_campaigns.web.api.bodies import read_json_body
from outbound_campaigns.web.api.service import service

BASE = module_path("<string:bot_id>")
"""in Flask's notation"""

ID = "int(min=1, max=9223372036854775807)"
"""ids of rows; the database can't hold a larger number"""

COOKIE = "jwtToken"

_DESCRIBE = "outbound_describe_routes"
_describing = Lock()


class RouteBlueprint(Blueprint):  # type: ignore[misc]
    """Describes its routes when `describe_routes` is called: that takes longer than all else of a start."""

    def register_views_in_doc(self, api: Api, app: Flask, spec: APISpec, **options: Any) -> None:
        app.extensions[_DESCRIBE] = partial(super().register_views_in_doc, api, app, spec, **options)


def describe_routes(app: Flask) -> None:
    """Add all routes to the application's OpenAPI document, once."""
    with _describing:
        describe = app.extensions.pop(_DESCRIBE, None)
        if describe:
            describe()


blueprint = RouteBlueprint("outbound_campaigns", __name__, url_prefix=BASE)


@blueprint.url_value_preprocessor
def take_bot_id(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values:
        g.bot_id = values.pop("bot_id")


@blueprint.before_request
def guard() -> None:
    """Refuse everybody whom Botpress itself would refuse, before the body is read."""
    found = service().senders.bot(g.bot_id)
    if found.disabled:
        raise BotDisabled(bot=found.id)
    g.bot = found
    g.permission = service().access.require(found, presented(), request.method)
    read_json_body()


def presented() -> Credentials:
    """Return the credentials that the current request brought."""
    return Credentials(
        authorization=request.headers.get("Authorization"),
        jwt_cookie=request.cookies.get(COOKIE),
        csrf=request.headers.get("CSRF-Token"),
        workspace=request.headers.get("X-BP-Workspace"),
    )


@blueprint.after_request
def keep_data_private(response: Response) -> Response:
    """Have data stored nowhere on its way, and polls that bring nothing new answered with 304."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.update(["Accept-Language", "Authorization", "Cookie"])
    if request.method in ("GET", "HEAD") and response.status_code == 200 and response.is_json:
        response.add_etag()
        response.make_conditional(request)
    return response
