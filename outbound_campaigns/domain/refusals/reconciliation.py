"""Refusals to reconcile: why Vonage's records can't be asked."""

from bot_config.refusal import Refusal
from bot_config.words import Words


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
    """Takes `account`: the apiKey through which the campaign was sent."""

    code = "account_changed"
    words = Words(
        "La campaña se envió con la cuenta {account} de Vonage y el bot usa ahora otra, cuyos registros no "
        "saben de ella. Resuelva a mano los mensajes en duda.",
        "The campaign was sent through Vonage's account {account}, and the bot now has another, whose "
        "records do not know of it. Settle the messages in doubt by hand.",
    )
