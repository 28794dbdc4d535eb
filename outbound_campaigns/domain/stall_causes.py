"""Reasons why a running campaign sends nothing: what to do, and whether it goes on by itself."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from bot_config.words import Words
from outbound_campaigns.domain.obstacles import OBSTACLES


class StallKind(StrEnum):
    WAITS = "waits"
    """it goes on by itself, as intended"""
    STUCK = "stuck"
    """something is wrong, here or at Vonage"""


class StallCause(NamedTuple):
    kind: StallKind
    words: Words


CAUSES: Mapping[str, StallCause] = {
    code: StallCause(StallKind.STUCK, words) for code, words in OBSTACLES.items()
} | {
    "engine_missing": StallCause(
        StallKind.STUCK,
        Words(
            "No hay ningún motor en marcha: nada se envía ni se importa. "
            "Inicie el servicio: outbound-campaigns serve (en un clúster: outbound-campaigns worker)",
            "No engine is running: nothing is sent or imported. "
            "Start the service: outbound-campaigns serve (in a cluster: outbound-campaigns worker)",
        ),
    ),
    "breaker_open": StallCause(
        StallKind.STUCK,
        Words(
            "Vonage no responde como debe; se le pregunta a ratos y el envío sigue solo en cuanto responda.",
            "Vonage does not answer properly; it is asked now and then, and sending goes on by itself once "
            "it answers.",
        ),
    ),
    "spend_limit": StallCause(
        StallKind.WAITS,
        Words(
            "Se alcanzó el límite de gasto; se omite a los que faltan.",
            "The spend limit is reached; all who are left are being skipped.",
        ),
    ),
    "canary_waits": StallCause(
        StallKind.WAITS,
        Words(
            "La prueba inicial salió completa; se esperan los acuses de {unanswered} mensajes.",
            "The canary has left; receipts of {unanswered} messages are awaited.",
        ),
    ),
    "import_under_way": StallCause(
        StallKind.WAITS,
        Words(
            "Se está importando o retirando el archivo «{file_name}»; la campaña espera a que termine.",
            "The file {file_name} is being imported or taken out; the campaign waits for its end.",
        ),
    ),
    "template_awaited": StallCause(
        StallKind.WAITS,
        Words(
            "Es la hora programada; se busca la plantilla en Vonage y la campaña empieza en cuanto se "
            "encuentre.",
            "The scheduled time has come; the template is looked up at Vonage, and the campaign starts "
            "once it is found.",
        ),
    ),
    "next_batch": StallCause(
        StallKind.WAITS,
        Words(
            "El lote está completo; el siguiente sale a su hora.",
            "The batch is full; the next one leaves at its time.",
        ),
    ),
    "retries": StallCause(
        StallKind.WAITS,
        Words(
            "Los {pending} pendientes esperan su reintento.",
            "All {pending} pending recipients wait for their retry.",
        ),
    ),
    "pace": StallCause(
        StallKind.WAITS,
        Words(
            "El ritmo es de {per_second:.2g} mensajes por segundo (messagesPerSecond, o Vonage pide "
            "menos); el siguiente sale a su hora.",
            "The pace is {per_second:.2g} messages a second (messagesPerSecond, or Vonage asks for less); "
            "the next one leaves at its time.",
        ),
    ),
    "answers_awaited": StallCause(
        StallKind.STUCK,
        Words(
            "Se esperan las respuestas de {sending} mensajes, o no se pueden anotar. Si dura más de un "
            "minuto, mire el registro del motor y el disco de la base de datos.",
            "The answers to {sending} messages are awaited, or can't be written down. If it lasts over a "
            "minute, look at the engine's log and the database's disk.",
        ),
    ),
    "account_busy": StallCause(
        StallKind.WAITS,
        Words(
            "Otras {campaigns} campañas en marcha usan el ritmo de la misma cuenta.",
            "{campaigns} other running campaigns use the pace of the same account.",
        ),
    ),
    "unexplained": StallCause(
        StallKind.STUCK,
        Words(
            "Nada la retiene, y sin embargo no avanza. Revise el registro del motor; puede pausarla y "
            "reanudarla sin riesgo.",
            "Nothing is holding it back, yet it does not advance. Check the engine's log; it is safe to "
            "pause and resume it.",
        ),
    ),
}
