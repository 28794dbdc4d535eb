"""Refusals for what is missing or wrong in a bot's configuration, or in its WhatsApp account."""

from bot_config.refusal import Refusal
from bot_config.words import Words


class ConfigurationMissing(Refusal):
    """Takes `problems_es` and `problems_en`: all problems in each language, one sentence after the other."""

    code = "configuration_missing"
    words = Words("Falta configuración: {problems_es}", "Configuration is missing: {problems_en}")


class SecretMissing(Refusal):
    """Takes `bot`, whose webhooks can't be checked now; Vonage will post them again."""

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
        "{template_id} is the number of a template. To look up its name, wabaId is missing in "
        "config/outbound-campaigns.json; add it, or write the template's name.",
    )


class TemplateNotApproved(Refusal):
    code = "template_not_approved"
    words = Words(
        "La plantilla {template_id} no está aprobada (estado: {status}).",
        "The template {template_id} is not approved (its status is {status}).",
    )


class TemplatesUnavailable(Refusal):
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
        "La prueba inicial se juzga por acuses de entrega, y el bot no los recibe. Ponga EXTERNAL_URL al "
        "servicio y signatureSecret en el canal vonage del bot, o quite canary_size.",
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
