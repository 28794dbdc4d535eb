"""What the doctor says, in Spanish and English, by the name of its finding."""

from __future__ import annotations

from collections.abc import Mapping

from bot_config.words import Words
from outbound_campaigns.domain.durability import UNSAFE

NOTHING_WRONG = Words("Todo listo para enviar.", "Ready to send.")

WORDS: Mapping[str, Words] = {
    "database_down": Words(
        "La base de datos no responde ({kind}). Revise OUTBOUND_DATABASE_URL y que el servidor "
        "esté en marcha.",
        "The database does not answer ({kind}). Check OUTBOUND_DATABASE_URL and that its server runs.",
    ),
    "obstacle": Words("{obstacle}", "{obstacle}"),
    "inbound": Words("Las respuestas de las personas llegan aquí.", "People's replies come in here."),
    "inbound_missing": Words(
        "Todavía no llega ninguna respuesta de las personas. En Vonage, ponga como «Inbound URL» de la "
        "aplicación: {url}. Hasta entonces, quien responda BAJA no queda dado de baja.",
        "No reply of anybody has come in yet. At Vonage, set this as the application's inbound URL: {url}. "
        "Until then, somebody who answers BAJA is not opted out.",
    ),
    "database": Words("La base de datos responde y está al día.", "The database answers and is up to date."),
    "database_clock": Words(
        "El reloj de la base de datos difiere {skew:.0f} s del de esta máquina; sincronice ambos (NTP).",
        "The database's clock is {skew:.0f} s off this machine's; synchronise both (NTP).",
    ),
    UNSAFE: Words("{problem}", "{problem}"),
    "engine": Words("Hay un motor en marcha.", "An engine is running."),
    "engine_missing": Words(
        "No hay ningún motor en marcha; inicie el servicio: outbound-campaigns serve "
        "(en un clúster: outbound-campaigns worker)",
        "No engine is running; start the service: outbound-campaigns serve "
        "(in a cluster: outbound-campaigns worker)",
    ),
    "bot": Words("\nBot {bot}:", "\nBot {bot}:"),
    "no_bots": Words(
        "Botpress no tiene ningún bot (data/global/workspaces.json).",
        "Botpress has no bot (data/global/workspaces.json).",
    ),
    "other_channels": Words("No usa el canal de Vonage.", "It does not use the Vonage channel."),
    "messaging": Words("Botpress recibe lo que escriben las personas.", "Botpress takes what people write."),
    "messaging_refuses": Words("{problem}", "{problem}"),
    "lines": Words("  Agregue en {file}:\n{text}", "  Add to {file}:\n{text}"),
    "bot_private": Words(
        "El bot {bot} es privado: Botpress pide un token antes de toda ruta de un módulo, así que los "
        "webhooks de Vonage y los archivos del panel tienen que llegar por el proxy inverso "
        "(docs/nginx.conf), no por el módulo.",
        "The bot {bot} is private: Botpress asks for a token before any route of a module, so Vonage's "
        "webhooks and the panel's files must come through the reverse proxy (docs/nginx.conf) rather than "
        "through the module.",
    ),
    "bot_files": Words("{problem}", "{problem}"),
    "account": Words(
        "Cuenta de Vonage {account} ({way}), del bot {bot}.",
        "Vonage account {account} ({way}), of the bot {bot}.",
    ),
    "sender": Words(
        "Número remitente {number}, hasta {rate:g} mensajes por segundo.",
        "Sender number {number}, up to {rate:g} messages a second.",
    ),
    "signature_missing": Words(
        "Falta signatureSecret en el canal vonage: no se podrán comprobar los acuses de entrega.",
        "signatureSecret is missing in the vonage channel: receipts could not be verified.",
    ),
    "prices": Words(
        "Precios en {currency} para: {countries}.",
        "Prices in {currency} for: {countries}.",
    ),
    "prices_missing": Words(
        "Falta «prices» en config/outbound-campaigns.json: no hay costos, y una campaña con spend_limit no "
        "se inicia.",
        "prices is missing in config/outbound-campaigns.json: there are no costs, and a campaign with a "
        "spend_limit does not start.",
    ),
    "prices_some": Words(
        "prices no tiene el precio de {categories} para los demás países («*»): con destinatarios de un país "
        "sin precio, una campaña con spend_limit no se inicia.",
        "prices has no price of {categories} for all other countries (*): with recipients of a country "
        "without one, a campaign with a spend_limit does not start.",
    ),
    "vonage": Words(
        "Vonage responde y acepta las credenciales.", "Vonage answers and accepts the credentials."
    ),
    "vonage_unreachable": Words(
        "No se pudo conectar con Vonage en {url} ({kind}). Revise la red, el proxy y OUTBOUND_VONAGE_URL.",
        "Vonage could not be reached at {url} ({kind}). Check the network, the proxy and "
        "OUTBOUND_VONAGE_URL.",
    ),
    "vonage_401": Words(
        "Vonage rechaza las credenciales (401). Revise apiKey y apiSecret, o applicationId y privateKey.",
        "Vonage rejects the credentials (401). Check apiKey and apiSecret, or applicationId and privateKey.",
    ),
    "vonage_402": Words(
        "La cuenta de Vonage no tiene saldo (402); recárguela.",
        "The Vonage account is out of credit (402); top it up.",
    ),
    "vonage_other": Words(
        "Vonage respondió {status} a la prueba: no está disponible, o la dirección no es la de Vonage.",
        "Vonage answered {status} to the test: it is not available, or the address is not Vonage's.",
    ),
    "clock": Words("El reloj está en hora.", "The clock is right."),
    "clock_wrong": Words(
        "El reloj de esta máquina difiere {skew:.0f} s del de Vonage, que rechazará los tokens. Use NTP.",
        "This machine's clock is {skew:.0f} s off Vonage's, which will reject its tokens. Use NTP.",
    ),
}
