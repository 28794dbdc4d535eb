"""The OpenAPI document for a program that works with one bot: its paths begin below the module."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from flask import Flask, Response, current_app, jsonify, request
from flask_smorest import current_api

from outbound_campaigns.domain.addresses import module_path
from outbound_campaigns.web.api.blueprint import blueprint, describe_routes

CREATES = {
    ("/campaigns", "post"): {"campaign_id": "$response.body#/id"},
    ("/campaigns/{campaign_id}/duplicate", "post"): {"campaign_id": "$response.body#/id"},
    ("/campaigns/{campaign_id}/upload-csv", "post"): {
        "campaign_id": "$request.path.campaign_id",
        "import_id": "$response.body#/id",
    },
    ("/campaigns/{campaign_id}/recipients", "get"): {
        "campaign_id": "$request.path.campaign_id",
        "recipient_id": "$response.body#/recipients/0/id",
    },
}
"""the parameters of other routes that an answer contains, and where"""

_ABOVE = module_path("{bot_id}")

Document = dict[str, Any]


@blueprint.route("/openapi.json")
@blueprint.response(200, {"type": "object"})
def openapi() -> Response:
    """This API as an OpenAPI document; its server is the module of the bot in the URL."""
    describe_routes(current_app)
    document = deepcopy(current_api.spec.to_dict())
    paths = {path.removeprefix(_ABOVE): item for path, item in document["paths"].items()}
    names = _operation_ids(current_app)
    for path, item in paths.items():
        item["parameters"] = [one for one in item.get("parameters", []) if one["name"] != "bot_id"]
        for method, operation in _operations(item):
            operation["operationId"] = names[path, method]
    _link(paths)
    document["paths"] = paths
    module = request.path.removesuffix("/").removesuffix("/openapi.json")
    document["servers"] = [{"url": request.script_root + module}]
    return jsonify(document)


def _operations(item: Document) -> list[tuple[str, Document]]:
    return [(name, value) for name, value in item.items() if name in ("get", "post", "put", "delete")]


def _operation_ids(app: Flask) -> dict[tuple[str, str], str]:
    """Return the views' names by (path, method); those of a class begin with the method."""
    found = {}
    for rule in app.url_map.iter_rules():
        _, _, name = rule.endpoint.rpartition(".")
        path = _braces(rule.rule).removeprefix(_ABOVE)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            found[path, method.lower()] = name if name.islower() else f"{method.lower()}{name}"
    return found


def _braces(rule: str) -> str:
    parts = []
    for part in rule.split("<"):
        place, closed, rest = part.partition(">")
        parts.append("{" + place.rpartition(":")[2] + "}" + rest if closed else part)
    return "".join(parts)


def _link(paths: Document) -> None:
    """Link each answer that contains an id to the operations that take it."""
    for (path, method), told in CREATES.items():
        takers = [
            (operation["operationId"], named)
            for item in paths.values()
            for _, operation in _operations(item)
            if (named := {one["name"] for one in item["parameters"]}) and named <= set(told)
        ]
        links = {
            name: {"operationId": name, "parameters": {one: told[one] for one in sorted(named)}}
            for name, named in takers
        }
        for status, answer in paths[path][method]["responses"].items():
            if status.startswith("2"):
                answer["links"] = links
