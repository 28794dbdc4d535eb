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


class NothingNotFound(Refusal):
    code = "nothing_not_found"
    words = Words(
        "No hay mensajes en duda que Vonage no encuentre. Primero concilie la campaña.",
        "There are no messages in doubt that Vonage does not know. Reconcile the campaign first.",
    )


class NothingToReconcile(Refusal):
    code = "nothing_to_reconcile"
    words = Words(
        "Ningún destinatario de la campaña está en duda; no hay nada que preguntar a Vonage.",
        "No recipient of the campaign is in doubt; there is nothing to ask Vonage about.",
    )


class ReconciliationUnderWay(Refusal):
    code = "reconciliation_under_way"
    words = Words(
        "La conciliación anterior de esta campaña aún no termina. Espere a que termine.",
        "The campaign's last reconciliation has not ended yet. Wait until it has.",
    )


class ReconciliationNotFound(Refusal):
    code = "reconciliation_not_found"
    words = Words(
        "La campaña no tiene ninguna conciliación {number}.", "The campaign has no reconciliation {number}."
    )


class ReportsRefused(Refusal):
    """Takes `status`: Vonage's answer to a question about its records."""

    code = "reports_refused"
    words = Words(
        "Vonage no deja consultar sus registros (HTTP {status}). Revise apiKey y apiSecret, y pregunte a "
        "Vonage si su cuenta tiene la API de Reports.",
        "Vonage does not let its records be read (HTTP {status}). Check apiKey and apiSecret, and ask Vonage "
        "whether your account has the Reports API.",
    )


class ReportsUnavailable(Refusal):
    """Takes `reason`; asked for later, the records may be had."""

    code = "reports_unavailable"
    words = Words(
        "Vonage no contestó las preguntas sobre sus registros ({reason}). Concilie otra vez más tarde.",
        "Vonage did not answer the questions about its records ({reason}). Reconcile again later.",
    )


class SecretForReportsMissing(Refusal):
    code = "api_secret_missing"
    words = Words(
        "Para consultar los registros de Vonage falta apiSecret en el canal vonage del bot {bot}.",
        "To read Vonage's records, apiSecret is missing in the vonage channel of the bot {bot}.",
    )


class AccountChanged(Refusal):
    """Takes `account`: the apiKey through which the campaign was sent."""

    code = "account_changed"
    words = Words(
        "La campaña se envió con la cuenta {account} de Vonage y el bot usa ahora otra, cuyos registros no "
        "saben de ella. Resuelva a mano los mensajes en duda.",
        "The campaign was sent through Vonage's account {account}, and the bot now has another, whose "
        "records do not know of it. Settle the messages in doubt by hand.",
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
        "La cuenta de WhatsApp no tiene la plantilla {template_id}. Revise su nombre o número, y su idioma.",
        "The WhatsApp account has no template {template_id}. Check its name or number, and its language.",
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


class TooManyTests(Refusal):
    """Takes `most`: how many test messages a campaign may send in a day."""

    code = "too_many_tests"
    words = Words(
        "La campaña ya envió {most} pruebas en las últimas 24 horas. Espere, o inicie la campaña.",
        "The campaign has sent {most} tests within 24 hours. Wait, or start the campaign.",
    )


class OptedOut(Refusal):
    code = "opted_out"
    words = Words(
        "Esa persona está en la lista de bajas; no se le envía ni una prueba. Use otro número.",
        "That person has opted out; not even a test is sent there. Use another number.",
    )


class NumberNotRead(Refusal):
    """A phone number that can't be used; takes the sentence that says why: `why_es`, `why_en`."""

    code = "number_not_read"
    words = Words("{why_es}", "{why_en}")


class MessageFlawed(Refusal):
    """A message that would be refused; takes what is wrong with it: `why_es`, `why_en`."""

    code = "message_flawed"
    words = Words("{why_es}", "{why_en}")


class EngineMissing(Refusal):
    code = "engine_missing"
    words = Words(
        "El motor de envío no está en marcha. Pida a quien administra el servicio que lo inicie.",
        "The sending engine is not running. Ask whoever runs the service to start it.",
    )


class WabaMissing(Refusal):
    code = "waba_missing"
    words = Words(
        "Para mostrar las plantillas falta wabaId en config/outbound-campaigns.json del bot.",
        "To show the templates, wabaId is missing in the bot's config/outbound-campaigns.json.",
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


class CanaryNeedsReceipts(Refusal):
    code = "canary_needs_receipts"
    words = Words(
        "La prueba inicial se juzga por acuses de entrega, y el bot no los recibe. Ponga EXTERNAL_URL al "
        "servicio y signatureSecret en el canal vonage del bot, o quite canary_size.",
        "The canary is judged by delivery receipts, and the bot gets none. Set the service's EXTERNAL_URL "
        "and a signatureSecret in the bot's vonage channel, or take canary_size away.",
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
