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

    def __init__(self, event: str, status: str) -> None:
        super().__init__(event=ACTIONS[event], status=CAMPAIGN_STATUSES[status])


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


class NoSuchFailure(Refusal):
    """Takes `named`: the codes and classes that were asked for."""

    code = "no_such_failure"
    words = Words("Ningún destinatario falló por {named}.", "No recipient failed with {named}.")


class NothingToRetry(Refusal):
    """Takes `failed`: how many recipients failed."""

    code = "nothing_to_retry"
    words = Words(
        "A ninguno de los {failed} destinatarios fallidos conviene enviarle otra vez: por su causa, tampoco "
        "lo recibirían. Si la causa ya no existe, elija su código.",
        "It makes no sense to send again to any of the {failed} recipients that failed: for what caused it, "
        "they would not get it. If the cause is gone, name its code.",
    )


class NothingToRetryYet(Refusal):
    """Takes `failed`, how many of them could get it later, and `since`: from when on the first."""

    code = "nothing_to_retry_yet"
    words = Words(
        "A ninguno de los {failed} destinatarios fallidos conviene enviarle otra vez ahora. A {waiting} se "
        "les podrá enviar más adelante; al primero, desde {since}.",
        "It makes no sense to send again now to any of the {failed} recipients that failed. {waiting} may be "
        "sent to later, the first from {since} on.",
    )


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
        "There are no messages in doubt that Vonage can't find. Reconcile the campaign first.",
    )


class ImportUnderWay(Refusal):
    code = "import_under_way"
    words = Words(
        "Todavía se está importando, o retirando, el archivo «{file_name}». Espere a que termine.",
        "The file {file_name} is still being imported, or removed. Wait until that is done.",
    )


class JudgingUnderWay(Refusal):
    code = "judging_under_way"
    words = Words(
        "Cambió la plantilla o lo que la llena, y se está revisando a los destinatarios: {done} de {total}. "
        "Espere a que termine.",
        "The template, or what fills it, has changed, and the recipients are being checked: {done} of "
        "{total}. Wait until that is done.",
    )


class EveryoneFlawed(Refusal):
    code = "everyone_flawed"
    words = Words(
        "A ninguno de los {count} destinatarios se le puede enviar: las celdas que usa el mensaje no sirven. "
        "Vea los motivos entre los omitidos y corrija el archivo, o con qué se llena la plantilla.",
        "None of the {count} recipients can be sent to: the cells that the message uses can't be sent. Look "
        "at the reasons of those skipped, and correct the file or what fills the template.",
    )


class ChangedMeanwhile(Refusal):
    code = "changed_meanwhile"
    words = Words(
        "Alguien acaba de cambiar la plantilla o el remitente de la campaña. Revísela y repita la acción.",
        "Somebody has just changed the campaign's template or sender. Check it and repeat the action.",
    )


class FieldsLocked(Refusal):
    """Fields that can't be changed now, or any more; takes for each field one of these reasons."""

    code = "fields_locked"
    words = Words("No se puede cambiar {fields}. {reasons}", "{fields} can't be changed. {reasons}")

    ENDED = Words(
        "La campaña ya terminó: solo se puede cambiar su nombre. Duplíquela para enviar con otros valores.",
        "The campaign is over: only its name can still be changed. Duplicate it to send with other values.",
    )
    STARTED = Words(
        "La campaña ya se inició: solo se pueden cambiar su nombre, su ritmo y sus límites. Para lo demás, "
        "duplíquela.",
        "The campaign has been started: only its name, pace and limits can still be changed. Duplicate it "
        "for the rest.",
    )
    SCHEDULED = Words(
        "La campaña está programada: quite primero la programación.",
        "The campaign is scheduled: unschedule it first.",
    )
    IMPORTING = Words(
        "Se está importando un archivo con esas columnas: espere a que termine.",
        "A file is being imported with these columns: wait until that is done.",
    )

    def __init__(self, reasons: Mapping[str, Words]) -> None:
        super().__init__(fields=", ".join(reasons), reasons=tuple(dict.fromkeys(reasons.values())))


class UnpricedMessages(Refusal):
    """Takes `count`: how many messages were sent without a price."""

    code = "unpriced_messages"
    words = Words(
        "Ya no se puede poner un límite de gasto a esta campaña: se enviaron {count} mensajes sin precio, y "
        "no se sabe cuánto costaron. Para limitar lo que falta, cancélela y envíe a los pendientes en otra.",
        "This campaign can't get a spend limit any more: {count} messages were sent without a price, and "
        "what they cost is not known. To limit the rest, cancel it and send to those pending in another one.",
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
        "That person has opted out; not even a test is sent to them. Use another number.",
    )


class EngineMissing(Refusal):
    code = "engine_missing"
    words = Words(
        "El motor de envío no está en marcha. Pida a quien administra el servicio que lo inicie.",
        "The sending engine is not running. Ask whoever runs the service to start it.",
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
        "The campaign's last reconciliation has not finished yet. Wait until it has.",
    )
