"""What the actions on a campaign are called when they are shown."""

from collections.abc import Mapping

from outbound_campaigns.domain.words import Words

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
    "remove_import": Words("retirar un archivo", "take a file out"),
}
