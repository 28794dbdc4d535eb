"""Refusals: what the product will not do, in words for the operator who asked."""

from collections.abc import Mapping
from typing import ClassVar

from outbound_campaigns.codes.actions import ACTIONS
from outbound_campaigns.codes.statuses import CAMPAIGN_STATUSES
from outbound_campaigns.codes.words import Words


class Refusal(Exception):
    """Base of all refusals; `code` is stable, the words are chosen when shown."""

    code: ClassVar[str]
    words: ClassVar[Words]

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.text("en"))

    @property
    def botpress_message(self) -> str | None:
        """What Botpress itself says when it refuses the same; None where it knows nothing of it."""
        return None

    def text(self, language: str = "es") -> str:
        return self.words.text(language, **self.values)


class CampaignNotFound(Refusal):
    code = "campaign_not_found"
    words = Words("No hay ninguna campaña {campaign}.", "There is no campaign {campaign}.")


class RecipientNotFound(Refusal):
    code = "recipient_not_found"
    words = Words(
        "La campaña no tiene ningún destinatario {recipient}.", "The campaign has no recipient {recipient}."
    )


class ImportNotFound(Refusal):
    code = "import_not_found"
    words = Words("La campaña no tiene ninguna importación {number}.", "The campaign has no import {number}.")


class OptOutNotFound(Refusal):
    code = "opt_out_not_found"
    words = Words(
        "Esa persona no está en la lista de bajas del bot.",
        "That person is not on the bot's list of opt-outs.",
    )


class FileNotRead(Refusal):
    """A file that is refused as a whole; takes the sentence that says why: `why_es`, `why_en`."""

    code = "file_not_read"
    words = Words("{why_es}", "{why_en}")


class IllegalMove(Refusal):
    """The campaign's status does not allow what was asked; takes `event`, one of ACTIONS, and `status`."""

    code = "illegal_move"
    words = Words(
        "La campaña está {status}; no admite la acción «{event}».",
        "The campaign is {status}; it does not allow: {event}.",
    )

    def text(self, language: str = "es") -> str:
        status = CAMPAIGN_STATUSES[str(self.values["status"])].text(language)
        return self.words.text(
            language, status=status, event=ACTIONS[str(self.values["event"])].text(language)
        )


class NothingToSend(Refusal):
    code = "nothing_to_send"
    words = Words(
        "La campaña no tiene destinatarios. Suba un archivo CSV primero.",
        "The campaign has no recipients. Upload a CSV file first.",
    )


class NothingPending(Refusal):
    code = "nothing_pending"
    words = Words(
        "No queda ningún destinatario pendiente. Para enviar otra vez a los que fallaron, "
        "use «reintentar fallidos».",
        "No recipient is pending. Use retry-failed to send again to those that failed.",
    )


class NothingFailed(Refusal):
    code = "nothing_failed"
    words = Words("Ningún destinatario ha fallado.", "No recipient has failed.")


class NotInDoubt(Refusal):
    code = "not_in_doubt"
    words = Words(
        "Este destinatario no está en duda; no hay nada que resolver.",
        "This recipient is not in doubt; there is nothing to resolve.",
    )


class ImportUnderWay(Refusal):
    code = "import_under_way"
    words = Words(
        "Todavía se está importando, o retirando, el archivo «{file_name}». Espere a que termine.",
        "The file {file_name} is still being imported, or taken out again. Wait until that has ended.",
    )


class ChangedMeanwhile(Refusal):
    code = "changed_meanwhile"
    words = Words(
        "Alguien acaba de cambiar la plantilla o el remitente de la campaña. Revísela y repita la acción.",
        "Somebody changed the campaign's template or sender just now. Look at it and repeat the action.",
    )


class FieldsLocked(Refusal):
    """Values that can't be changed any more, or not now; `reasons` says for each field what to do."""

    code = "fields_locked"
    words = Words("No se puede cambiar {fields}. {advice_es}", "{fields} can't be changed. {advice_en}")

    def __init__(self, reasons: Mapping[str, Words]) -> None:
        self.reasons = dict(reasons)
        told = list(dict.fromkeys(reasons.values()))
        super().__init__(
            fields=", ".join(reasons),
            advice_es=" ".join(words.es for words in told),
            advice_en=" ".join(words.en for words in told),
        )


class SearchRefused(Refusal):
    """Takes `value`: a text by which no recipient can be looked for."""

    code = "search_refused"
    words = Words(
        "«{value}» no es un número de teléfono. Busque por el número entero o por sus últimas cifras, "
        "cuatro o más.",
        "{value} is no phone number. Search by the whole number or by its last digits, four or more.",
    )


class FileTooLarge(Refusal):
    """Takes `most`: the largest upload in MB."""

    code = "file_too_large"
    words = Words(
        "El archivo pasa de {most} MB. Divídalo en varios y súbalos uno tras otro.",
        "The file is larger than {most} MB. Split it and upload the parts one after the other.",
    )


class FileMissing(Refusal):
    """Takes `field`: the name under which a file was expected."""

    code = "file_missing"
    words = Words(
        "Falta el archivo: envíelo en el campo «{field}» de un formulario, o como text/csv.",
        "The file is missing: send it in the field {field} of a form, or as text/csv.",
    )


class FileNotStored(Refusal):
    """The disk took the upload only in part, or not at all; nothing of it is left."""

    code = "file_not_stored"
    words = Words(
        "El archivo no se pudo guardar en el servidor (¿disco lleno?). Avise a quien lo administra.",
        "The file could not be stored on the server (is its disk full?). Tell whoever runs it.",
    )


class BotDisabled(Refusal):
    code = "bot_disabled"
    words = Words(
        "El bot {bot} está deshabilitado en Botpress.",
        "The bot {bot} is disabled in Botpress.",
    )

    @property
    def botpress_message(self) -> str:
        return "Not Found: Bot is disabled"


class ConfigurationMissing(Refusal):
    """Takes `problems`: the list in words, one after the other, in each language."""

    code = "configuration_missing"
    words = Words("Falta configuración: {problems_es}", "Configuration is missing: {problems_en}")


class SecretMissing(Refusal):
    """Takes `bot`: what Vonage posts for it can't be checked now; it will post it again."""

    code = "signature_secret_missing"
    words = Words(
        "Falta signatureSecret en el canal vonage del bot {bot}; sin él no se comprueba lo que envía Vonage.",
        "signatureSecret is missing in the vonage channel of the bot {bot}; what Vonage sends can't be "
        "checked without it.",
    )


class TemplateNotFound(Refusal):
    code = "template_not_found"
    words = Words(
        "La cuenta de WhatsApp no tiene una plantilla con el identificador {template_id}.",
        "The WhatsApp account has no template with the id {template_id}.",
    )


class TemplateNotResolved(Refusal):
    """The campaign has never started: its template has to be looked up first."""

    code = "template_not_resolved"
    words = Words(
        "La campaña nunca llegó a iniciarse; falta buscar su plantilla {template_id}.",
        "The campaign has never started; its template {template_id} has to be looked up first.",
    )


class TemplateNeedsWaba(Refusal):
    code = "template_needs_waba"
    words = Words(
        "«{template_id}» es el número de una plantilla. Para buscar su nombre falta wabaId en "
        "config/outbound-campaigns.json; agréguelo, o escriba el nombre de la plantilla.",
        "{template_id} is the number of a template. To look up its name, wabaId is missing in "
        "config/outbound-campaigns.json; add it, or write the template's name.",
    )


class TemplatesUnavailable(Refusal):
    code = "templates_unavailable"
    words = Words(
        "No se pudo consultar la lista de plantillas de Vonage ({reason}). Intente de nuevo.",
        "Vonage's list of templates could not be read ({reason}). Try again.",
    )


class TemplateNotApproved(Refusal):
    code = "template_not_approved"
    words = Words(
        "La plantilla {template_id} no está aprobada (estado: {status}).",
        "The template {template_id} is not approved (its status is {status}).",
    )


class InvalidValue(Refusal):
    """A setting or field with a value that can't be used; takes `name`, `value`, `expected`."""

    code = "invalid_value"
    words = Words(
        "El valor de {name} no sirve: {value}. Se espera {expected}.",
        "The value of {name} can't be used: {value}. Expected: {expected}.",
    )


class SkippedTime(Refusal):
    """Takes `value`, `timezone` and what the clock shows `instead`."""

    code = "skipped_time"
    words = Words(
        "La hora {value} no existe en {timezone}: ese día el reloj se adelanta. Por ejemplo, use {instead}.",
        "There is no {value} in {timezone}: the clock goes forward that day. Use {instead}, for example.",
    )


class TimePassed(Refusal):
    """Takes `value`: the time, in UTC."""

    code = "time_passed"
    words = Words(
        "La hora {value} ya pasó. Elija otra, o inicie la campaña ahora.",
        "The time {value} has passed. Choose another, or start the campaign now.",
    )


class TimeMissing(Refusal):
    code = "time_missing"
    words = Words(
        "Falta la hora de inicio: envíe scheduled_at, por ejemplo 2026-12-24T09:30:00.",
        "The time of the start is missing: send scheduled_at, for example 2026-12-24T09:30:00.",
    )


class PricesMissing(Refusal):
    code = "prices_missing"
    words = Words(
        "Para el límite de gasto falta en «prices» de config/outbound-campaigns.json el precio de {category} "
        "para {countries}. Agréguelo, o quite spend_limit.",
        "For the spend limit, prices in config/outbound-campaigns.json lacks the price of {category} for "
        "{countries}. Add it, or take spend_limit away.",
    )
