"""Templates as Vonage lists them."""

from __future__ import annotations

from typing import Any

import requests

WABA = "77"

LISTED = {
    "id": "1045638762820500",
    "name": "promo",
    "language": "es_MX",
    "status": "APPROVED",
    "category": "MARKETING",
    "components": [
        {"type": "HEADER", "format": "TEXT", "text": "Hola {{1}}"},
        {"type": "BODY", "text": "{{1}}, tienes {{ 2 }} de descuento. ¡Gracias, {{1}}!"},
        {"type": "FOOTER", "text": "Responde BAJA para no recibir más"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Me interesa"}]},
    ],
}


def replace_templates(simulator: str, *templates: dict[str, Any]) -> None:
    body = {"waba_id": WABA, "templates": templates}
    requests.post(f"{simulator}/_simulator/templates", json=body, timeout=10).raise_for_status()


def template(name: str, status: str = "APPROVED", language: str = "es_MX") -> dict[str, Any]:
    return {"id": name, "name": name, "language": language, "status": status}
