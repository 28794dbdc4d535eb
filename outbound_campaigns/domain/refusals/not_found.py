"""Refusals for what does not exist, or belongs to another bot."""

from bot_config.refusal import Refusal
from bot_config.words import Words


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


class ReconciliationNotFound(Refusal):
    code = "reconciliation_not_found"
    words = Words(
        "La campaña no tiene ninguna conciliación {number}.", "The campaign has no reconciliation {number}."
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
