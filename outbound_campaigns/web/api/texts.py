"""The API's sentences beside the words of refusals, in Spanish and English."""

from __future__ import annotations

from collections.abc import Mapping

from bot_config.words import Words

HTTP_WORDS: Mapping[int, Words] = {
    400: Words(
        "La solicitud no se entiende; revise su contenido.", "The request can't be read; check its body."
    ),
    404: Words("No hay nada en esta dirección.", "There is nothing at this address."),
    405: Words(
        "Esta dirección no admite ese método; los que admite están en el encabezado Allow.",
        "This address does not accept that method; those it accepts are in the Allow header.",
    ),
    408: Words("El contenido no llegó a tiempo.", "The body did not arrive in time."),
    413: Words("El contenido es demasiado grande.", "The body is too large."),
    415: Words(
        "El tipo de contenido no sirve aquí; envíe application/json (o, para un archivo, "
        "multipart/form-data o text/csv).",
        "That type of content can't be used here; send application/json (or, for a file, "
        "multipart/form-data or text/csv).",
    ),
    422: Words(
        "Hay campos con valores que no sirven; los motivos están en details.",
        "Some fields have values that can't be used; the reasons are in details.",
    ),
    500: Words(
        "Error interno. Avise a quien administra el servicio e indíquele este número: {id}.",
        "Internal error. Tell whoever runs the service, and give them this number: {id}.",
    ),
    503: Words(
        "El servicio no puede responder ahora; intente de nuevo.", "The service can't answer now; try again."
    ),
}

UNAVAILABLE_WORDS = Words(
    "La base de datos no responde en este momento; intente de nuevo en unos segundos.",
    "The database does not answer right now; try again in a few seconds.",
)

OUTDATED_WORDS = Words(
    "Las tablas de la base de datos faltan o son de otra versión. Quien administra el servicio debe "
    "ejecutar: outbound-campaigns db upgrade",
    "The database's tables are missing or from another version. Whoever runs the service has to run: "
    "outbound-campaigns db upgrade",
)

NO_RECEIPTS = Words(
    "Falta EXTERNAL_URL: sin la dirección pública de Botpress, Vonage no puede entregar acuses.",
    "EXTERNAL_URL is missing: without Botpress's public address Vonage can't deliver receipts.",
)
NO_SECRET = Words(
    "Falta signatureSecret en el canal vonage: los acuses no se podrían comprobar.",
    "signatureSecret is missing in the vonage channel: receipts could not be verified.",
)
PACE_SHARED = Words(
    "Otro bot envía por la misma cuenta de Vonage con un messagesPerSecond menor: ese vale para los dos. "
    "Ponga el mismo valor en config/outbound-campaigns.json de ambos.",
    "Another bot sends through the same Vonage account with a lower messagesPerSecond, which applies to "
    "both. Set the same value in config/outbound-campaigns.json of both.",
)
NO_FORWARDING = Words(
    "Falta BOTPRESS_URL: lo que escriben las personas no se entrega a Botpress. "
    "Póngala, o deje el webhook inbound de Vonage apuntando a Botpress.",
    "BOTPRESS_URL is missing: what people write is not passed on to Botpress. "
    "Set it, or leave Vonage's inbound webhook pointed at Botpress.",
)

NOT_SIGNED = Words(
    "La solicitud no lleva la firma de Vonage para este bot; se rechazó.",
    "The request does not carry Vonage's signature for this bot; it was rejected.",
)

REQUIRED = Words("Falta este dato.", "This is required.")
UNKNOWN = Words("No existe un dato con este nombre.", "There is no field with this name.")
NULL = Words("No puede ser null.", "It can't be null.")
NO_OBJECT = Words("Se espera un objeto JSON.", "A JSON object is expected.")
NO_TEXT = Words("Se espera un texto entre comillas.", "A text in quotes is expected.")
NO_NUMBER = Words("Se espera un número.", "A number is expected.")
NOT_WHOLE = Words("Se espera un número entero.", "A whole number is expected.")
NOT_PRINTABLE = Words(
    "Contiene caracteres de control, o solo espacios.", "It contains control characters, or only spaces."
)
TOO_DEEP = Words("Tiene demasiados niveles.", "It is nested too deeply.")
NOT_STORABLE = Words(
    "Contiene un número o un carácter que JSON no admite.",
    "It contains a number or a character that JSON does not allow.",
)

OUT_OF_RANGE = Words("Se espera un valor de {low} a {high}.", "A value from {low} to {high} is expected.")
WRONG_LENGTH = Words(
    "Se esperan de {low} a {high} caracteres.", "From {low} to {high} characters are expected."
)
NOT_A_CHOICE = Words("Se espera uno de estos: {choices}.", "One of these is expected: {choices}.")
UNKNOWN_ZONE_LIKE = Words(
    "No existe esa zona horaria. ¿Quiso decir {zones}?", "There is no such time zone. Did you mean {zones}?"
)
UNKNOWN_ZONE = Words(
    "No existe esa zona horaria. Se espera un nombre como America/Mexico_City.",
    "There is no such time zone. A name like America/Mexico_City is expected.",
)
WRONG_FORM = Words("Se espera algo como {example}.", "Something like {example} is expected.")
