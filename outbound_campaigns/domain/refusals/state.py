"""Refusals for what the state of a campaign, or of one of its recipients, does not allow."""

from collections.abc import Mapping

from bot_config.refusal import Refusal
from bot_config.words import Words
from outbound_campaigns.domain.names import ACTIONS, CAMPAIGN_STATUSES


class IllegalMove(Refusal):
    """The campaign's status does not allow what was asked; takes `event`, one of ACTIONS, and `status`."""

    code = "illegal_move"
    words = Words(
        "La campaña está {status}; no admite la acción «{event}».",
        "The campaign is {status}; it can't do this now: {event}.",
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
    """Fields that can't be changed now, or any more; takes `reasons`: for each field, what to do."""

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


class TooManyTests(Refusal):
    """Takes `most`: how many test messages a campaign may send in a day."""

    code = "too_many_tests"
    words = Words(
        "La campaña ya envió {most} mensajes de prueba en las últimas 24 horas. Espere, o inicie la campaña.",
        "The campaign has already sent {most} test messages in the last 24 hours. Wait, or start it.",
    )


class OptedOut(Refusal):
    code = "opted_out"
    words = Words(
        "Esa persona está en la lista de bajas; no se le envía ni una prueba. Use otro número.",
        "That person has opted out; not even a test is sent there. Use another number.",
    )


class MessageFlawed(Refusal):
    """A message that would be refused; takes the sentence that says what is wrong: `why_es`, `why_en`."""

    code = "message_flawed"
    words = Words("{why_es}", "{why_en}")


class EngineMissing(Refusal):
    code = "engine_missing"
    words = Words(
        "El motor de envío no está en marcha. Pida a quien administra el servicio que lo inicie.",
        "The sending engine is not running. Ask whoever runs the service to start it.",
    )
