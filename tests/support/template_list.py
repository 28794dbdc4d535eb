"""Templates as Vonage lists them."""

from __future__ import annotations

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
