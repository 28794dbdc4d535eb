"""The settings of PostgreSQL under which a commit may be lost, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping

from bot_config.words import Sentence, Words

UNSAFE = "database_unsafe"
"""the code of these problems"""

_POWER = Words(
    "PostgreSQL tiene {name} = off: si se va la luz o se cae la máquina, la base de datos puede perder o "
    "dañar lo que ya guardó, y alguien recibiría el mensaje dos veces. Ponga {name} = on en "
    "postgresql.conf.",
    "PostgreSQL has {name} = off: after a power failure or a crash of the machine, the database may lose or "
    "damage what it had stored, and somebody would get the message twice. Set {name} = on in "
    "postgresql.conf.",
)

UNSAFE_WHEN_OFF: Mapping[str, Words] = {
    "fsync": _POWER,
    "full_page_writes": _POWER,
    "synchronous_commit": Words(
        "PostgreSQL tiene synchronous_commit = off. Este servicio lo activa en sus propias transacciones, "
        "así que no se pierde nada de lo que envía; aun así, póngalo en on (postgresql.conf, ALTER ROLE o "
        "ALTER DATABASE).",
        "PostgreSQL has synchronous_commit = off. This service turns it on in its own transactions, so "
        "nothing of what it sends is lost; set it to on all the same (postgresql.conf, ALTER ROLE or ALTER "
        "DATABASE).",
    ),
}
"""PostgreSQL, "Write Ahead Log": each of them gives up durability for speed"""


def unsafe(name: str) -> Sentence:
    """Return the sentence about one of these settings."""
    return Sentence(UNSAFE_WHEN_OFF[name], {"name": name})
