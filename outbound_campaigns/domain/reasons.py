"""Sentences for why a campaign is in its state: the codes of `status_reason` and of events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot_config.refusal import Refusal
from bot_config.words import Words
from outbound_campaigns.domain.codes.lookup import explain
from outbound_campaigns.domain.refusals.configuration import (
    AccountChanged,
    CanaryNeedsReceipts,
    ConfigurationMissing,
    PricesMissing,
    ReportsRefused,
    ReportsUnavailable,
    SecretForReportsMissing,
    TemplateNeedsWaba,
    TemplateNotApproved,
    TemplateNotFound,
    TemplatesUnavailable,
)
from outbound_campaigns.domain.refusals.request import InvalidValue
from outbound_campaigns.domain.refusals.state import EveryoneFlawed, ImportUnderWay, NothingToSend

_REFUSALS: tuple[type[Refusal], ...] = (
    AccountChanged,
    CanaryNeedsReceipts,
    ConfigurationMissing,
    EveryoneFlawed,
    ImportUnderWay,
    InvalidValue,
    NothingToSend,
    PricesMissing,
    ReportsRefused,
    ReportsUnavailable,
    SecretForReportsMissing,
    TemplateNeedsWaba,
    TemplateNotApproved,
    TemplateNotFound,
    TemplatesUnavailable,
)

REASONS: Mapping[str, Words] = {one.code: one.words for one in _REFUSALS} | {
    "start_missed": Words(
        "El sistema no estaba en marcha a la hora programada. Reanude la campaña si aún conviene enviarla.",
        "The system was not running at the scheduled time. Resume the campaign if it should still be sent.",
    ),
    "account_trouble": Words(
        "La cuenta de Vonage no puede enviar.",
        "The Vonage account can't send.",
    ),
    "campaign_trouble": Words(
        "Vonage rechazó varios mensajes seguidos por el mismo motivo.",
        "Vonage rejected several messages in a row for the same reason.",
    ),
    "receipt_account_trouble": Words(
        "Un acuse de entrega dice que la cuenta de Vonage no puede enviar.",
        "A delivery receipt says that the Vonage account can't send.",
    ),
    "receipt_campaign_trouble": Words(
        "Un acuse de entrega dice que los mensajes de la campaña no se pueden entregar como están.",
        "A delivery receipt says that the campaign's messages can't be delivered as they are.",
    ),
    "failure_share": Words(
        "De los últimos {finals} mensajes fallaron {failures}, más del {limit} % que la campaña admite. "
        "Averigüe por qué antes de reanudarla; al reanudarla, el conteo empieza de cero. La causa más "
        "frecuente ({alike} veces) es la siguiente.",
        "Of the last {finals} messages, {failures} failed: more than the {limit} % that the campaign allows. "
        "Find out why before you resume it; the count then starts over. The most common cause ({alike} "
        "times) follows.",
    ),
    "canary_failed": Words(
        "La prueba inicial no salió bien: {delivered} entregados, {failed} fallidos, {unanswered} sin acuse. "
        "No se envió a nadie más. Revise los motivos en el reporte; si aun así reanuda la campaña, se "
        "envía a todos los demás.",
        "The canary failed: {delivered} delivered, {failed} failed, {unanswered} without a receipt. "
        "Nobody else was sent a message. Look at the reasons in the report; if you resume the campaign "
        "anyway, it will be sent to all the others.",
    ),
    "canary_passed": Words(
        "La prueba inicial salió bien: {delivered} entregados, {failed} fallidos, {unanswered} sin acuse. "
        "La campaña sigue con los demás.",
        "The canary passed: {delivered} delivered, {failed} failed, {unanswered} without a receipt. "
        "The campaign goes on with the others.",
    ),
    "spend_limit": Words(
        "El límite de gasto, {limit} {currency}, no alcanza para otro mensaje: {spent} gastado y {possible} "
        "posible. Súbalo en spend_limit y reanude la campaña.",
        "The spend limit, {limit} {currency}, leaves no room for another message: {spent} spent and "
        "{possible} possible. Raise spend_limit and resume the campaign.",
    ),
    "template_changed": Words(
        "La plantilla cambió en WhatsApp. Decía «{before}» y ahora dice «{now}». Revísela, cambie si hace "
        "falta con qué se llena, y reanude la campaña: lo que falta saldrá con el texto nuevo.",
        "The template has changed at WhatsApp. It said {before}, and now says {now}. Look at it, change "
        "what fills it if need be, and resume the campaign: the rest goes out with the new text.",
    ),
    "category_changed": Words(
        "Meta cambió la categoría de la plantilla, de «{from}» a «{to}», y con ella el precio de cada "
        "mensaje. Revise cuánto costará lo que falta y reanude la campaña.",
        "Meta has changed the template's category from {from} to {to}, and with it the price of each "
        "message. Check what the rest will cost, and resume the campaign.",
    ),
    "price_changed": Words(
        "Meta cambió la categoría de la plantilla, de «{from}» a «{to}»: un mensaje a {country} cuesta ahora "
        "{now} {currency}; antes, {before}. El límite de gasto ya cuenta con el precio nuevo. Revise cuánto "
        "costará lo que falta y reanude la campaña.",
        "Meta has changed the template's category from {from} to {to}: a message to {country} now costs "
        "{now} {currency}, before it was {before}. The spend limit reckons with the new price. Check what "
        "the rest will cost, and resume the campaign.",
    ),
    "resolved_as_sent": Words(
        "Un operador dio por enviado un mensaje que estaba en duda.",
        "An operator marked a message in doubt as sent.",
    ),
    "resolved_as_not_sent": Words(
        "Un operador dio por no enviado un mensaje que estaba en duda; se envía ahora.",
        "An operator marked a message in doubt as not sent; it is being sent now.",
    ),
    "retry_failed": Words(
        "Se envía otra vez a {taken} de los fallidos; {left_out} quedan fuera, porque por su causa no lo "
        "recibirían o deben esperar.",
        "{taken} of the failed ones are sent to again; {left_out} are left out: for what caused it, they "
        "would not get it, or have to wait.",
    ),
    "resend_not_found": Words(
        "Un operador decidió reenviar los mensajes en duda que Vonage no encuentra.",
        "An operator decided to resend the messages in doubt that Vonage can't find.",
    ),
    "reconcile": Words(
        "Se consultó a Vonage sobre los mensajes de los que no se sabe qué pasó.",
        "Vonage was asked about the messages whose fate is not known.",
    ),
    "restored": Words(
        "La base de datos es una copia restaurada; el último mensaje que conoce de esta campaña es de "
        "{newest}. Quien recibió uno después figura otra vez como pendiente: averigüe en los registros de "
        "Vonage a quién se envió desde esa hora antes de reanudarla.",
        "The database is a restored copy; the last message of this campaign that it knows of is from "
        "{newest}. Anyone who got one after that is pending again: before you resume it, find out in "
        "Vonage's records who has been sent one since then.",
    ),
    "scheduled": Words("Inicio programado: {at}.", "Scheduled start: {at}."),
    "came_back": Words(
        "Vonage devolvió mensajes que se pueden enviar otra vez; la campaña sigue.",
        "Vonage returned messages that can be sent again; the campaign goes on.",
    ),
    "every_recipient_refused": Words(
        "Vonage rechazó a todos los destinatarios; no se envió nada. Revise los motivos en el reporte.",
        "Vonage rejected every recipient; nothing was sent. Look at the reasons in the report.",
    ),
    "duplicate": Words(
        "Es copia de la campaña {campaign}, «{name}».",
        "It is a copy of campaign {campaign}, {name}.",
    ),
    "change": Words(
        "Se cambió: {fields}.",
        "Changed: {fields}.",
    ),
    "import": Words(
        "Se subió el archivo «{file_name}».",
        "The file {file_name} was uploaded.",
    ),
    "remove_import": Words(
        "Se retiró el archivo «{file_name}» con sus destinatarios.",
        "The file {file_name} was removed with its recipients.",
    ),
    "row_handed_back": Words(
        "Faltaba enviarle a un destinatario; la campaña sigue.",
        "One recipient still had to be sent the message; the campaign goes on.",
    ),
}

NO_PRICES = Words(
    "Para ver el costo, ponga «prices» en config/outbound-campaigns.json del bot.",
    "To see the cost, set prices in the bot's config/outbound-campaigns.json.",
)
"""why a campaign has no cost"""

BY_OPERATOR = Words("A petición de un operador.", "At an operator's request.")
"""the reason of a move that has no code"""

_UNKNOWN = Words("Motivo: {code}.", "Reason: {code}.")
_SAID = Words("Vonage dijo: «{detail}».", "Vonage said: “{detail}”.")
_GAP = "—"


def reason_text(why: Mapping[str, Any] | None, language: str = "es") -> str:
    """Return the sentence for {"code", …values}; an `answer` adds its reason, Vonage's words and advice.

    Never raises: an unknown code is shown as it is, a missing value becomes a dash.
    """
    if not why or not why.get("code"):
        return BY_OPERATOR.text(language)
    words = REASONS.get(str(why["code"]), _UNKNOWN)
    return " ".join([_fill(words, why, language), *_answer(why, language)])


def _answer(why: Mapping[str, Any], language: str) -> list[str]:
    if not why.get("answer"):
        return []
    code = explain(str(why["answer"]))
    said = [_fill(_SAID, why, language)] if why.get("detail") else []
    return [code.reason.text(language), *said, code.advice.text(language)]


def _fill(words: Words, values: Mapping[str, Any], language: str) -> str:
    return words.text(language, **{place: values.get(place, _GAP) for place in words.places})
