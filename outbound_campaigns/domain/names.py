"""The names under which actions, statuses and classes of codes are shown."""

from __future__ import annotations

from collections.abc import Mapping

from bot_config.words import Words
from outbound_campaigns.domain.codes.tables import CodeClass

ACTIONS: Mapping[str, Words] = {
    "schedule": Words("programar", "schedule"),
    "unschedule": Words("quitar la programación", "unschedule"),
    "start": Words("iniciar", "start"),
    "pause": Words("pausar", "pause"),
    "resume": Words("reanudar", "resume"),
    "reopen": Words("reintentar fallidos", "retry-failed"),
    "cancel": Words("cancelar", "cancel"),
    "complete": Words("completar", "complete"),
    "fail": Words("dar por fallida", "fail"),
    "delete": Words("eliminar", "delete"),
    "import": Words("subir un archivo", "upload a file"),
    "resolve": Words("enviar lo que está en duda", "send what is in doubt"),
    "remove_import": Words("retirar un archivo", "remove a file"),
}

CAMPAIGN_STATUSES: Mapping[str, Words] = {
    "draft": Words("en borrador", "draft"),
    "scheduled": Words("programada", "scheduled"),
    "running": Words("en marcha", "running"),
    "paused": Words("en pausa", "paused"),
    "completed": Words("completada", "completed"),
    "failed": Words("fallida", "failed"),
    "cancelled": Words("cancelada", "cancelled"),
}

RECIPIENT_COUNTS: Mapping[str, Words] = {
    "pending": Words("pendientes", "pending"),
    "sending": Words("enviándose", "sending"),
    "sent": Words("enviados", "sent"),
    "delivered": Words("entregados", "delivered"),
    "read": Words("leídos", "read"),
    "failed": Words("fallidos", "failed"),
    "in_doubt": Words("en duda", "in doubt"),
    "skipped": Words("omitidos", "skipped"),
    "cancelled": Words("cancelados", "cancelled"),
    "total": Words("total", "total"),
}

TITLES: Mapping[CodeClass, Words] = {
    CodeClass.RETRY: Words("Se envía otra vez solo", "Sent again by itself"),
    CodeClass.TEMPORARY: Words("Falla pasajera", "Temporary failure"),
    CodeClass.RETRY_LATER: Words("Hoy no se puede", "Not possible today"),
    CodeClass.RECIPIENT: Words("No se puede enviar a este número", "This number can't be reached"),
    CodeClass.OPT_OUT: Words("La persona no quiere mensajes", "The person wants no messages"),
    CodeClass.CAMPAIGN: Words("Algo de la campaña está mal", "Something about the campaign is wrong"),
    CodeClass.ACCOUNT: Words("Algo de la cuenta está mal", "Something about the account is wrong"),
    CodeClass.IN_DOUBT: Words("No se sabe si salió", "It may or may not have gone out"),
    CodeClass.UNKNOWN: Words("Código desconocido", "Unknown code"),
}
"""a short heading for each class of codes, shown above a code's reason"""
