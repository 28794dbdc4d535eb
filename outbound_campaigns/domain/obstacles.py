"""Obstacles that keep a database from sending anything, with what to do about each."""

from __future__ import annotations

from collections.abc import Mapping

from bot_config.words import Words

HELD = "restored_copy"

OBSTACLES: Mapping[str, Words] = {
    "tables_missing": Words(
        "Faltan las tablas: nada se envía. Ejecute: outbound-campaigns db upgrade",
        "The tables are missing: nothing is sent. Run: outbound-campaigns db upgrade",
    ),
    "tables_old": Words(
        "Las tablas son de una versión anterior: nada se envía. Ejecute: outbound-campaigns db upgrade",
        "The tables are of an older version: nothing is sent. Run: outbound-campaigns db upgrade",
    ),
    "tables_new": Words(
        "Las tablas son de una versión más nueva que este programa, que ya no envía nada. "
        "Reinicie el servicio con el programa nuevo.",
        "The tables are of a newer version than this program, which sends nothing any more. "
        "Restart the service with the new program.",
    ),
    "not_marked": Words(
        "La base de datos no tiene su marca: nada se envía. Ejecute: outbound-campaigns db upgrade",
        "The database has no mark: nothing is sent. Run: outbound-campaigns db upgrade",
    ),
    HELD: Words(
        "Retenido: esta base de datos es una copia restaurada ({sign}). Nada se envía, porque las personas "
        "que recibieron mensajes después de la copia figuran otra vez como pendientes. "
        "Ejecute: outbound-campaigns db accept",
        "Held: this database is a restored copy ({sign}). Nothing is sent, since people who were messaged "
        "after the copy was taken are pending again. Run: outbound-campaigns db accept",
    ),
}

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
