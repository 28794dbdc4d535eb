"""Templates of every kind as a list has them, what fills each, and the components that it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Listed = dict[str, Any]
IMAGE = "https://cdn.example.com/botas.jpg"


def text(value: str, name: str | None = None) -> dict[str, str]:
    return {"type": "text", **({"parameter_name": name} if name else {}), "text": value}


def body_of(*texts: str) -> dict[str, Any]:
    return {"type": "body", "parameters": [text(one) for one in texts]}


def button(index: int, sub_type: str, parameter: dict[str, Any]) -> dict[str, Any]:
    return {"type": "button", "sub_type": sub_type, "index": str(index), "parameters": [parameter]}


def listed(name: str, *components: Listed, form: str = "POSITIONAL", category: str = "MARKETING") -> Listed:
    return {
        "id": str(abs(hash(name)) % 10**15),
        "name": name,
        "language": "es_MX",
        "status": "APPROVED",
        "category": category,
        "parameter_format": form,
        "components": list(components),
    }


def body(value: str, **more: Any) -> Listed:
    return {"type": "BODY", "text": value, **more}


def buttons(*given: Listed) -> Listed:
    return {"type": "BUTTONS", "buttons": list(given)}


def card(price: str) -> Listed:
    parts = [
        {"type": "HEADER", "format": "IMAGE"},
        body("Desde {{1}} el par."),
        buttons(
            {"type": "QUICK_REPLY", "text": "Me gusta"},
            {"type": "URL", "text": "Ver", "url": "https://tienda.example.com/z/{{1}}", "example": [price]},
        ),
    ]
    return {"components": parts}


@dataclass(frozen=True)
class Kind:
    """`values` fill all that has to be filled; the recipient's cells are CELLS."""

    name: str
    listed: Listed
    values: dict[str, Any]
    components: list[Listed] = field(default_factory=list)
    has_form: bool = True


CELLS = {"nombre": "Ana", "pedido": "P-77"}
_HELLO = {"body.1": {"column": "nombre"}}
_ANA = body_of("Ana")
_CODE_URL = "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"

KINDS = [
    Kind("body_static", listed("aviso_cierre", body("Mañana cerramos por inventario.")), {}),
    Kind(
        "body_numbered",
        listed("aviso_pedido", body("Hola {{1}}, su pedido {{2}} está listo.")),
        {"body.1": {"column": "nombre"}, "body.2": {"column": "pedido"}},
        [body_of("Ana", "P-77")],
    ),
    Kind(
        "body_named",
        listed("aviso_nombrado", body("Hola {{nombre}}, su pedido {{folio}} está listo."), form="NAMED"),
        {"body.nombre": {"column": "nombre"}, "body.folio": {"column": "pedido"}},
        [{"type": "body", "parameters": [text("Ana", "nombre"), text("P-77", "folio")]}],
    ),
    Kind(
        "header_text",
        listed(
            "novedades",
            {"type": "HEADER", "format": "TEXT", "text": "Novedades en {{1}}"},
            body("Qué tal, {{1}}."),
        ),
        {"header.1": {"text": "Plaza Ámbar"}, **_HELLO},
        [{"type": "header", "parameters": [text("Plaza Ámbar")]}, _ANA],
    ),
    Kind(
        "header_image",
        listed("promo_botas", {"type": "HEADER", "format": "IMAGE"}, body("Hola {{1}}, llegaron las botas.")),
        {"header.image": IMAGE, **_HELLO},
        [{"type": "header", "parameters": [{"type": "image", "image": {"link": IMAGE}}]}, _ANA],
    ),
    Kind(
        "header_video",
        listed("recorrido", {"type": "HEADER", "format": "VIDEO"}, body("Hola {{1}}, vea la tienda.")),
        {"header.video": "https://cdn.example.com/tienda.mp4", **_HELLO},
        [
            {
                "type": "header",
                "parameters": [{"type": "video", "video": {"link": "https://cdn.example.com/tienda.mp4"}}],
            },
            _ANA,
        ],
    ),
    Kind(
        "header_document",
        listed("estado_cuenta", {"type": "HEADER", "format": "DOCUMENT"}, body("Hola {{1}}, va su estado.")),
        {
            "header.document": "https://cdn.example.com/{{pedido}}.pdf",
            "header.filename": "estado-{{pedido}}.pdf",
            **_HELLO,
        },
        [
            {
                "type": "header",
                "parameters": [
                    {
                        "type": "document",
                        "document": {
                            "link": "https://cdn.example.com/P-77.pdf",
                            "filename": "estado-P-77.pdf",
                        },
                    }
                ],
            },
            _ANA,
        ],
    ),
    Kind(
        "header_location",
        listed("punto_entrega", {"type": "HEADER", "format": "LOCATION"}, body("Hola {{1}}, le esperamos.")),
        {
            "header.latitude": "20.5931",
            "header.longitude": "-100.3920",
            "header.name": "Bodega Norte",
            "header.address": "Calle Uno 1, Querétaro",
            **_HELLO,
        },
        [
            {
                "type": "header",
                "parameters": [
                    {
                        "type": "location",
                        "location": {
                            "latitude": "20.5931",
                            "longitude": "-100.3920",
                            "name": "Bodega Norte",
                            "address": "Calle Uno 1, Querétaro",
                        },
                    }
                ],
            },
            _ANA,
        ],
    ),
    Kind(
        "url_button",
        listed(
            "rastreo",
            body("Hola {{1}}, su pedido va en camino."),
            buttons({"type": "URL", "text": "Rastrear", "url": "https://tienda.example.com/r/{{1}}"}),
        ),
        {**_HELLO, "button.0.url": "{{pedido}}?d=wa"},
        [_ANA, button(0, "url", text("P-77?d=wa"))],
    ),
    Kind(
        "url_button_in_named",
        listed(
            "rastreo_nombrado",
            body("Hola {{nombre}}, su pedido va en camino."),
            buttons({"type": "URL", "text": "Rastrear", "url": "https://tienda.example.com/r/{{1}}"}),
            form="NAMED",
        ),
        {"body.nombre": {"column": "nombre"}, "button.0.url": {"column": "pedido"}},
        [{"type": "body", "parameters": [text("Ana", "nombre")]}, button(0, "url", text("P-77"))],
    ),
    Kind(
        "quick_reply",
        listed(
            "confirmar",
            body("Hola {{1}}, ¿asistirá?"),
            buttons({"type": "QUICK_REPLY", "text": "Sí"}, {"type": "QUICK_REPLY", "text": "No"}),
        ),
        {**_HELLO, "button.1.payload": "no:{{pedido}}"},
        [_ANA, button(1, "quick_reply", {"type": "payload", "payload": "no:P-77"})],
    ),
    Kind(
        "phone_button",
        listed(
            "llamenos",
            body("Hola {{1}}, llámenos."),
            buttons({"type": "PHONE_NUMBER", "text": "Llamar", "phone_number": "+525500000000"}),
        ),
        _HELLO,
        [_ANA],
    ),
    Kind(
        "copy_code",
        listed(
            "cupon",
            body("Hola {{1}}, tenga un cupón."),
            buttons(
                {"type": "QUICK_REPLY", "text": "No, gracias"},
                {"type": "COPY_CODE", "text": "Copiar código", "example": ["BOTAS15"]},
            ),
        ),
        {**_HELLO, "button.1.coupon_code": "BOTAS20"},
        [_ANA, button(1, "copy_code", {"type": "coupon_code", "coupon_code": "BOTAS20"})],
    ),
    Kind(
        "authentication",
        listed(
            "clave",
            body("Su clave es *{{1}}*.", add_security_recommendation=True),
            buttons({"type": "URL", "text": "Copiar", "url": _CODE_URL}),
            category="AUTHENTICATION",
        ),
        {"code": {"column": "pedido"}},
        [body_of("P-77"), button(0, "url", text("P-77"))],
        has_form=False,
    ),
    Kind(
        "flow",
        listed(
            "alta",
            body("Hola {{1}}, complete su alta."),
            buttons({"type": "FLOW", "text": "Empezar", "flow_id": 9000000001, "flow_action": "NAVIGATE"}),
        ),
        {**_HELLO, "button.0.flow_token": "alta-{{pedido}}"},
        [_ANA, button(0, "flow", {"type": "action", "action": {"flow_token": "alta-P-77"}})],
        has_form=False,
    ),
    Kind(
        "catalogue",
        listed(
            "catalogo",
            body("Hola {{1}}, vea lo nuevo."),
            buttons({"type": "CATALOG", "text": "View catalog"}),
        ),
        {**_HELLO, "button.0.product": "sku-7"},
        [
            _ANA,
            button(0, "CATALOG", {"type": "action", "action": {"thumbnail_product_retailer_id": "sku-7"}}),
        ],
        has_form=False,
    ),
    Kind(
        "carousel",
        listed(
            "zapatos", body("Hola {{1}}, elija."), {"type": "CAROUSEL", "cards": [card("900"), card("750")]}
        ),
        {
            **_HELLO,
            "card.0.header.image": IMAGE,
            "card.0.body.1": "900 pesos",
            "card.0.button.1.url": "a-{{pedido}}",
            "card.1.header.image": IMAGE,
            "card.1.body.1": "750 pesos",
            "card.1.button.0.payload": "gusta:b",
            "card.1.button.1.url": "b",
        },
        [
            _ANA,
            {
                "type": "carousel",
                "cards": [
                    {
                        "card_index": 0,
                        "components": [
                            {"type": "header", "parameters": [{"type": "image", "image": {"link": IMAGE}}]},
                            body_of("900 pesos"),
                            button(1, "url", text("a-P-77")),
                        ],
                    },
                    {
                        "card_index": 1,
                        "components": [
                            {"type": "header", "parameters": [{"type": "image", "image": {"link": IMAGE}}]},
                            body_of("750 pesos"),
                            button(0, "quick_reply", {"type": "payload", "payload": "gusta:b"}),
                            button(1, "url", text("b")),
                        ],
                    },
                ],
            },
        ],
    ),
    Kind(
        "limited_time_offer",
        listed(
            "remate",
            {"type": "HEADER", "format": "IMAGE"},
            body("Hola {{1}}, solo hoy."),
            {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Remate", "has_expiration": True}},
            buttons(
                {"type": "COPY_CODE", "text": "Copiar código"},
                {"type": "URL", "text": "Tienda", "url": "https://tienda.example.com/?c={{1}}"},
            ),
        ),
        {
            "header.image": IMAGE,
            **_HELLO,
            "offer.expires_at": "2035-01-01T00:00",
            "button.0.coupon_code": "REMATE",
            "button.1.url": "REMATE",
        },
        [
            {"type": "header", "parameters": [{"type": "image", "image": {"link": IMAGE}}]},
            _ANA,
            {
                "type": "limited_time_offer",
                "parameters": [
                    {
                        "type": "limited_time_offer",
                        # Midnight in Mexico City.
                        "limited_time_offer": {"expiration_time_ms": 2051244000000},
                    }
                ],
            },
            button(0, "copy_code", {"type": "coupon_code", "coupon_code": "REMATE"}),
            button(1, "url", text("REMATE")),
        ],
    ),
    Kind(
        "call_permission",
        listed("permiso", body("Hola {{1}}, ¿le llamamos?"), {"type": "CALL_PERMISSION_REQUEST"}),
        _HELLO,
        [_ANA],
    ),
]
BY_NAME = {kind.name: kind for kind in KINDS}

MULTI_PRODUCT = listed(
    "carrito", body("Siguen en su carrito."), buttons({"type": "MPM", "text": "View items"})
)
