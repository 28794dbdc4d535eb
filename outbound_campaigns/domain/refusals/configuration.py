"""Refusals for what is missing or wrong in a bot's configuration, its WhatsApp account, or at Vonage."""

from bot_config.refusal import Refusal, RefusalKind
from bot_config.words import Sentence, Words


class ConfigurationMissing(Refusal):
    """Takes `problems_es` and `problems_en`: all problems in each language, one sentence after the other.

    They are stored with the campaign as they are, since the problems may be gone when they are read.
    """

    code = "configuration_missing"
    words = Words("Falta configuración: {problems_es}", "Configuration is missing: {problems_en}")

    @property
    def problems(self) -> Sentence:
        """Return the problems alone."""
        return Sentence(Words("{problems_es}", "{problems_en}"), self.values)


class BotUnusable(ConfigurationMissing):
    """A bot that Botpress does not have, or whose files can't be understood: nothing can be added to it."""

    words = Words("{problems_es}", "{problems_en}")


class SecretMissing(Refusal):
    """Takes `bot`, whose webhooks can't be checked now; Vonage will post them again."""

    kind = RefusalKind.UNAVAILABLE
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
    """The campaign has never started, so its template has to be looked up first."""

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
        "{template_id} is the number of a template. wabaId, needed to look up its name, is missing in "
        "config/outbound-campaigns.json; add it, or write the template's name.",
    )


class TemplateNotApproved(Refusal):
    code = "template_not_approved"
    words = Words(
        "La plantilla {template_id} no está aprobada (estado: {status}).",
        "The template {template_id} is not approved (its status is {status}).",
    )


class TemplatesUnavailable(Refusal):
    kind = RefusalKind.UNAVAILABLE
    code = "templates_unavailable"
    words = Words(
        "No se pudo consultar la lista de plantillas de Vonage ({reason}). Intente de nuevo.",
        "Vonage's list of templates could not be read ({reason}). Try again.",
    )


class WabaMissing(Refusal):
    code = "waba_missing"
    words = Words(
        "No se pueden mostrar las plantillas: ponga wabaId en config/outbound-campaigns.json del bot.",
        "The templates can't be shown: set wabaId in the bot's config/outbound-campaigns.json.",
    )


class CanaryNeedsReceipts(Refusal):
    code = "canary_needs_receipts"
    words = Words(
        "La prueba inicial se juzga por acuses de entrega, y el bot no los recibe. Defina EXTERNAL_URL en "
        "el servicio y signatureSecret en el canal vonage del bot, o quite canary_size.",
        "The canary is judged by delivery receipts, and the bot gets none. Set the service's EXTERNAL_URL "
        "and a signatureSecret in the bot's vonage channel, or remove canary_size.",
    )


class PricesMissing(Refusal):
    code = "prices_missing"
    words = Words(
        "El límite de gasto necesita el precio de {category} para {countries}. Agréguelo a «prices» en "
        "config/outbound-campaigns.json, o quite spend_limit.",
        "The spend limit needs the price of {category} for {countries}. Add it to prices in "
        "config/outbound-campaigns.json, or remove spend_limit.",
    )


class ReportsRefused(Refusal):
    """Takes `status`: Vonage's answer to a question about its records."""

    code = "reports_refused"
    words = Words(
        "Vonage no deja consultar sus registros (HTTP {status}). Revise apiKey y apiSecret, y pregunte a "
        "Vonage si su cuenta tiene la API Reports.",
        "Vonage does not allow its records to be read (HTTP {status}). Check apiKey and apiSecret, and ask "
        "Vonage whether your account has the Reports API.",
    )


class ReportsUnavailable(Refusal):
    """Takes `reason`; the same question may be answered later."""

    code = "reports_unavailable"
    words = Words(
        "Vonage no contestó las preguntas sobre sus registros ({reason}). Concilie otra vez más tarde.",
        "Vonage did not answer the questions about its records ({reason}). Reconcile again later.",
    )


class SecretForReportsMissing(Refusal):
    code = "api_secret_missing"
    words = Words(
        "No se pueden consultar los registros de Vonage: ponga apiSecret en el canal vonage del bot {bot}.",
        "Vonage's records can't be read: set apiSecret in the vonage channel of the bot {bot}.",
    )


class AccountChanged(Refusal):
    """Takes `account`: the end of the apiKey through which the campaign was sent."""

    code = "account_changed"
    words = Words(
        "La campaña se envió con la cuenta {account} de Vonage y el bot usa ahora otra, en cuyos registros "
        "no aparece. Resuelva a mano los mensajes en duda.",
        "The campaign was sent through the Vonage account {account}, and the bot now uses another, whose "
        "records do not include it. Settle the messages in doubt by hand.",
    )
