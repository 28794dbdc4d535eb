"""Why Botpress does not take what people write to a bot, and what to do, by what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from bot_config.words import Sentence, Words

CODE = "botpress_takes_no_replies"

_REMOUNT = (
    "Deshabilite el bot en Botpress y habilítelo otra vez, para que lea su canal de nuevo.",
    "Disable the bot in Botpress and enable it again, so that it reads its channel anew.",
)
_UNSIGNED = Words(
    "Botpress no acepta la firma de Vonage (HTTP {status} en {url}): el canal que tiene cargado lleva otro "
    f"apiKey o signatureSecret. {_REMOUNT[0]}",
    "Botpress does not accept Vonage's signature (HTTP {status} at {url}): the channel that it has loaded "
    f"has another apiKey or signatureSecret. {_REMOUNT[1]}",
)
_BY_STATUS: Mapping[int | None, Words] = {
    None: Words(
        "Botpress no contesta en {url}. Revise que esté en marcha, y BOTPRESS_URL.",
        "Botpress does not answer at {url}. Check that it runs, and BOTPRESS_URL.",
    ),
    401: _UNSIGNED,
    403: _UNSIGNED,
    404: Words(
        "Botpress no tiene cargado el canal de Vonage de este bot, o lo tiene en otra versión (HTTP 404 en "
        f"{{url}}). {_REMOUNT[0]}",
        "Botpress has not loaded this bot's Vonage channel, or has it in another version (HTTP 404 at "
        f"{{url}}). {_REMOUNT[1]}",
    ),
}
_BELOW_A_PATH = Words(
    "Botpress está bajo una ruta y no encuentra ahí sus propios canales (HTTP 404 en {url}): Botpress 12 no "
    "pasa los mensajes de WhatsApp si EXTERNAL_URL tiene ruta. Publíquelo en un dominio propio, sin ruta.",
    "Botpress is below a path and does not find its own channels there (HTTP 404 at {url}): Botpress 12 "
    "passes on no WhatsApp messages while its EXTERNAL_URL has a path. Publish it on a host of its own.",
)
_OTHER = Words(
    "Botpress contesta HTTP {status} en {url}. Su registro dice por qué.",
    "Botpress answers HTTP {status} at {url}. Its log says why.",
)


def why_not_taken(status: int | None, url: str) -> Sentence:
    """Return what keeps Botpress from taking messages at a URL, by its answer; None for no answer."""
    words = _BY_STATUS.get(status, _OTHER)
    if status == 404 and not urlsplit(url).path.startswith("/api/"):
        words = _BELOW_A_PATH
    return Sentence(words, {"status": status, "url": url})
