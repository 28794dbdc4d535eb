"""What `db backup` and `db accept` say."""

from outbound_campaigns.domain.words import Words

BACKED_UP = Words(
    "Se escribió {file} ({size} bytes). Contiene números de teléfono y textos: guárdelo en lugar seguro. "
    "Restaurada, la copia no envía nada hasta «outbound-campaigns db accept».",
    "Wrote {file} ({size} bytes). It holds phone numbers and texts: keep it safe. Once restored, the copy "
    "sends nothing before outbound-campaigns db accept.",
)
BACKUP_EXISTS = Words(
    "{file} ya existe; elija otro nombre.",
    "{file} exists; choose another name.",
)
BACKUP_FAILED = Words(
    "No se pudo escribir {file}: {error}. No quedó ninguna copia.",
    "{file} could not be written: {error}. No copy was left.",
)
USE_PG_DUMP = Words(
    "La base de datos es de PostgreSQL: cópiela con su propio programa, que puede correr junto al servicio:\n"
    "{command}",
    "The database is PostgreSQL's: copy it with its own program, which may run beside the "
    "service:\n{command}",
)
NOTHING_TO_ACCEPT = Words(
    "Nada que aceptar: esta base de datos no es una copia, hasta donde se puede ver. "
    "Si lo es (una instantánea del disco o de la máquina), detenga el servicio y use --anyway.",
    "Nothing to accept: this database is no copy, as far as can be seen. If it is one all the same (a "
    "snapshot of the disk or the machine), stop the service and use --anyway.",
)
ENGINE_RUNS = Words(
    "Un motor envía desde esta base de datos. Detenga el servicio antes.",
    "An engine sends from this database. Stop the service first.",
)
WOULD_SEND = Words(
    "Campaña {id} de {bot}, «{name}» ({status}): {pending} pendientes y {sending} enviándose de {total}; "
    "último mensaje: {newest}.",
    "Campaign {id} of {bot}, {name} ({status}): {pending} pending and {sending} being sent of {total}; "
    "last message: {newest}.",
)
NEVER_LEFT = Words("ninguno", "none")
NOTHING_AT_WORK = Words(
    "Ninguna campaña está en marcha ni programada en la copia.",
    "No campaign is running or scheduled in the copy.",
)
SENT_SINCE = Words(
    "Quien recibió un mensaje después de la copia figura otra vez como pendiente; si se reanuda, lo recibe "
    "otra vez. Vale también para campañas en pausa y borradores. Tampoco constan las bajas (opt-out) "
    "posteriores. Averigüe antes en los registros de Vonage a quién se envió desde la hora indicada "
    "(docs/operations.md, «After a restore»).",
    "Who was messaged after the copy was taken is pending again, and is messaged again if the campaign is "
    "resumed. So it is with paused campaigns and drafts. Opt-outs since then are not known either. Find "
    "out first in Vonage's records who was sent to since the time above (docs/operations.md, After a "
    "restore).",
)
ACCEPT_NOW = Words(
    "¿Pausar estas campañas y aceptar la copia?",
    "Pause these campaigns and accept the copy?",
)
ACCEPTED = Words(
    "Aceptada: {paused} campañas en pausa, {in_doubt} destinatarios en duda. El servicio puede enviar otra "
    "vez; reanude cada campaña cuando sepa a quién falta.",
    "Accepted: {paused} campaigns paused, {in_doubt} recipients in doubt. The service can send again; resume "
    "each campaign once you know who is left.",
)
