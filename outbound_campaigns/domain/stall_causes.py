"""Reasons why nothing is sent, from the whole database or for one campaign, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from bot_config.words import Words


class StallKind(StrEnum):
    WAITS = "waits"
    """it goes on by itself, as intended"""
    STUCK = "stuck"
    """something is wrong, here or at Vonage"""


class StallCause(NamedTuple):
    kind: StallKind
    words: Words


HELD = "restored_copy"

OBSTACLES: Mapping[str, Words] = {
    "tables_missing": Words(
        "Faltan las tablas: no se envía nada. Ejecute: outbound-campaigns db upgrade",
        "The tables are missing: nothing is sent. Run: outbound-campaigns db upgrade",
    ),
    "tables_old": Words(
        "Las tablas son de una versión anterior: no se envía nada. Ejecute: outbound-campaigns db upgrade",
        "The tables are from an older version: nothing is sent. Run: outbound-campaigns db upgrade",
    ),
    "tables_new": Words(
        "Las tablas son de una versión más nueva que este programa, que ya no envía nada. "
        "Reinicie el servicio con el programa nuevo.",
        "The tables are from a newer version than this program, which no longer sends anything. "
        "Restart the service with the new program.",
    ),
    "not_marked": Words(
        "La base de datos no tiene su marca: no se envía nada. Ejecute: outbound-campaigns db upgrade",
        "The database has no mark: nothing is sent. Run: outbound-campaigns db upgrade",
    ),
    HELD: Words(
        "Retenido: esta base de datos es una copia restaurada ({sign}). No se envía nada, porque las "
        "personas que recibieron mensajes después de la copia figuran otra vez como pendientes. "
        "Ejecute: outbound-campaigns db accept",
        "Held: this database is a restored copy ({sign}). Nothing is sent, since people who were messaged "
        "after the copy was taken are pending again. Run: outbound-campaigns db accept",
    ),
}
"""what keeps a database from sending anything"""

SIGNS: Mapping[str, Words] = {
    "backup": Words("la hizo «db backup»", "made by db backup"),
    "another_file": Words("no es el archivo que se marcó", "it is not the file that was marked"),
    "file_beside_missing": Words(
        "falta el archivo «-mark» a su lado, o no se puede leer",
        "the -mark file beside it is missing or can't be read",
    ),
    "older_than_file_beside": Words(
        "es más antigua que el archivo «-mark» a su lado", "it is older than the -mark file beside it"
    ),
    "another_server": Words("está en otro servidor PostgreSQL", "it is on a different PostgreSQL server"),
    "another_timeline": Words(
        "cambió la línea de tiempo de PostgreSQL: se restauró, o se promovió una réplica",
        "PostgreSQL's timeline has changed: it was restored, or a standby was promoted",
    ),
    "another_database": Words(
        "es otra base de datos del mismo servidor", "it is another database on the same server"
    ),
    "written_anew": Words("sus filas se cargaron de un volcado", "its rows were loaded from a dump"),
}
"""the sign by which a copy was recognised"""

CAUSES: Mapping[str, StallCause] = {
    code: StallCause(StallKind.STUCK, words) for code, words in OBSTACLES.items()
} | {
    "engine_missing": StallCause(
        StallKind.STUCK,
        Words(
            "No hay ningún motor en marcha: no se envía ni se importa nada. "
            "Inicie el servicio: outbound-campaigns serve (en un clúster: outbound-campaigns worker)",
            "No engine is running: nothing is sent or imported. "
            "Start the service: outbound-campaigns serve (in a cluster: outbound-campaigns worker)",
        ),
    ),
    "breaker_open": StallCause(
        StallKind.STUCK,
        Words(
            "Vonage no responde como debe; se prueba cada tanto y el envío sigue solo en cuanto responda.",
            "Vonage is not answering properly; it is tried from time to time, and sending goes on by "
            "itself once it answers.",
        ),
    ),
    "spend_limit": StallCause(
        StallKind.WAITS,
        Words(
            "Se alcanzó el límite de gasto; se omite a los que faltan.",
            "The spend limit has been reached; everyone left is being skipped.",
        ),
    ),
    "canary_waits": StallCause(
        StallKind.WAITS,
        Words(
            "La prueba inicial ya se envió completa; se esperan los acuses de {unanswered} mensajes.",
            "The canary has been sent; the receipts of {unanswered} messages are awaited.",
        ),
    ),
    "import_under_way": StallCause(
        StallKind.WAITS,
        Words(
            "Se está importando o retirando el archivo «{file_name}»; la campaña espera a que termine.",
            "The file {file_name} is being imported or removed; the campaign waits until that is done.",
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
            "The batch is full; the next one goes out when it is due.",
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
            "the next one goes out when it is due.",
        ),
    ),
    "answers_awaited": StallCause(
        StallKind.STUCK,
        Words(
            "Se esperan las respuestas de {sending} mensajes, o no se pueden guardar. Si dura más de un "
            "minuto, mire el registro del motor y el disco de la base de datos.",
            "The answers to {sending} messages are awaited, or can't be saved. If it lasts over a "
            "minute, look at the engine's log and the database's disk.",
        ),
    ),
    "account_busy": StallCause(
        StallKind.WAITS,
        Words(
            "Otras {campaigns} campañas en marcha comparten el ritmo de la misma cuenta.",
            "{campaigns} other running campaigns share the pace of the same account.",
        ),
    ),
    "unexplained": StallCause(
        StallKind.STUCK,
        Words(
            "Nada la retiene, y sin embargo no avanza. Revise el registro del motor; puede pausarla y "
            "reanudarla sin riesgo.",
            "Nothing is holding it back, yet it is not moving. Check the engine's log; it is safe to "
            "pause and resume it.",
        ),
    ),
}
"""why a running campaign sends nothing, and whether it goes on by itself"""
