"""The commands' sentences, in Spanish and English."""

from __future__ import annotations

from bot_config.words import Words

UPGRADED = Words("Las tablas están al día.", "The tables are up to date.")
NO_DIFFERENCE = Words("Los contadores coinciden con las filas.", "The counts agree with the rows.")
DIFFERENCE = Words(
    "Campaña {campaign}, {status}: contador {kept}, filas {counted}.",
    "Campaign {campaign}, {status}: count {kept}, rows {counted}.",
)
PACKED = Words(
    "Se escribió {file}. Súbalo en Botpress, en Admin > Modules, o cópielo a su carpeta modules, y reinicie "
    "Botpress (docs/botpress-module.md).",
    "Wrote {file}. Upload it in Botpress, in Admin > Modules, or copy it into its modules folder, and "
    "restart Botpress (docs/botpress-module.md).",
)

NOT_A_VALUE = Words(
    "«{value}» no tiene la forma RANURA=TEXTO, como body.1={{{{nombre}}}} o header.image=https://….",
    "{value} is not of the form SLOT=TEXT, such as body.1={{{{name}}}} or header.image=https://….",
)
CREATED = Words("Campaña {campaign} creada.", "Campaign {campaign} created.")
IMPORTED = Words(
    "Importados {imported:,}; duplicados {duplicates:,}; rechazados {invalid:,}.",
    "Imported {imported:,}; duplicates {duplicates:,}; rejected {invalid:,}.",
)
READ_AS = Words(
    "Leído como {encoding}: {sample}. Si los acentos están mal, indique otra con --encoding.",
    "Read as {encoding}: {sample}. If the accents are wrong, name another with --encoding.",
)
OUT_OF_REACH = Words(
    "Quedan fuera los números de Estados Unidos ({count:,}): ahí WhatsApp no entrega mensajes de marketing.",
    "Numbers of the United States are left out ({count:,}): WhatsApp delivers no marketing messages there.",
)
REFUSED_MORE = Words("  y {more:,} filas más", "  and {more:,} more rows")
FLAWED = Words(
    "  A {count:,} de los importados no se les envía, por las celdas que usa el mensaje:",
    "  {count:,} of those imported are not sent to, for the cells that the message uses:",
)
FLAW = Words("  {count:>9,}  {reason}", "  {count:>9,}  {reason}")
IMPORT_FAILED = Words(
    "El archivo no se importó y nada se envió. {reason}",
    "The file was not imported and nothing was sent. {reason}",
)
SENT_ELSEWHERE = Words(
    "La campaña {campaign} está en marcha; la envía el motor del servicio.",
    "Campaign {campaign} is running; the service's engine sends it.",
)
PROGRESS = Words(
    "{rate:,.0f} por segundo, en duda {in_doubt:,}", "{rate:,.0f} a second, in doubt {in_doubt:,}"
)
AWAITING_CANARY = Words("se esperan los acuses de la prueba inicial", "awaiting the canary's receipts")
ENDED = Words(
    "Campaña {status}; {rate:,.1f} mensajes por segundo.", "Campaign {status}; {rate:,.1f} messages a second."
)
INTERRUPTED = Words(
    "\nInterrumpido. La campaña {campaign} seguirá donde quedó en cuanto haya un motor: "
    "outbound-campaigns serve",
    "\nInterrupted. Campaign {campaign} goes on where it stopped as soon as an engine runs: "
    "outbound-campaigns serve",
)
SPENT = Words(
    "  Gastado {committed:,.2f} {currency}, y quizá {possible:,.2f} más.",
    "  Spent {committed:,.2f} {currency}, and perhaps {possible:,.2f} more.",
)

CAUSE = Words("{count:>7,}  {code}: {reason}", "{count:>7,}  {code}: {reason}")
RETRY_NOW = Words(
    "         A {count:,} conviene enviarles otra vez.", "         It makes sense to send again to {count:,}."
)
RETRY_LATER = Words(
    "         Deben esperar: {count:,}; la primera persona, hasta {since}.",
    "         Have to wait: {count:,}, the first until {since}.",
)
RETRY_NEVER = Words(
    "         No conviene enviarles otra vez.", "         It makes no sense to send again to them."
)
RETRY = Words(
    "Se envía otra vez a {taken:,}; {left_out:,} quedan fuera.",
    "{taken:,} are sent to again; {left_out:,} are left out.",
)

NOTHING = Words("Ningún mensaje está en duda.", "No message is in doubt.")
ASK = Words(
    "Se consultará a Vonage sobre {rows:,} mensajes de {campaigns:,} campañas.",
    "Vonage will be asked about {rows:,} messages of {campaigns:,} campaigns.",
)
PRICE = Words(
    "Vonage cobra {price:g} por cada registro que entrega: si cada mensaje tiene uno, {most:,.2f}.",
    "Vonage charges {price:g} for each record it returns: {most:,.2f} if every message has one.",
)
PRICE_UNKNOWN = Words(
    "Vonage cobra por cada registro que entrega; cuánto, lo dice su contrato (reportRecordPrice).",
    "Vonage charges for each record it returns; your contract says how much (reportRecordPrice).",
)
GO_ON = Words("¿Continuar?", "Continue?")
CAMPAIGN = Words("Campaña {campaign}, «{name}»:", "Campaign {campaign}, {name}:")
ASKED = Words(
    "Consultados {asked:,}; encontrados {found:,}; no encontrados en Vonage {not_found:,}; "
    "demasiado recientes para saberlo {early:,}.",
    "Asked about {asked:,}; found {found:,}; not found at Vonage {not_found:,}; "
    "too recent to tell {early:,}.",
)
GIVEN = Words(
    "Preguntas {questions:,}; registros {records:,}.", "Questions {questions:,}; records {records:,}."
)
FAILED = Words("No se completó. {reason}", "It was not completed. {reason}")

BACKED_UP = Words(
    "Se escribió {file} ({size} bytes). Contiene números de teléfono y textos: guárdelo en lugar seguro. "
    "Restaurada, la copia no envía nada hasta que ejecute «outbound-campaigns db accept».",
    "Wrote {file} ({size} bytes). It contains phone numbers and texts: keep it safe. Once restored, the copy "
    "sends nothing until you run outbound-campaigns db accept.",
)
BACKUP_EXISTS = Words(
    "{file} ya existe; elija otro nombre.",
    "{file} already exists; choose another name.",
)
BACKUP_FAILED = Words(
    "No se pudo escribir {file}: {error}. No quedó ninguna copia.",
    "{file} could not be written: {error}. No copy was left.",
)
USE_PG_DUMP = Words(
    "La base de datos es de PostgreSQL: cópiela con el programa de PostgreSQL; no hace falta detener el "
    "servicio:\n{command}",
    "The database is on PostgreSQL: copy it with PostgreSQL's own program; the service need not be "
    "stopped:\n{command}",
)
NOTHING_TO_ACCEPT = Words(
    "Nada que aceptar: esta base de datos no es una copia, hasta donde se puede ver. "
    "Si lo es (una instantánea del disco o de la máquina), detenga el servicio y use --anyway.",
    "Nothing to accept: this database is not a copy, as far as can be seen. If it is one all the same (a "
    "snapshot of the disk or the machine), stop the service and use --anyway.",
)
ENGINE_RUNS = Words(
    "Un motor está enviando desde esta base de datos. Antes, detenga el servicio.",
    "An engine is sending from this database. Stop the service first.",
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
    "Quien recibió un mensaje después de la copia figura otra vez como pendiente, y lo recibirá de nuevo si "
    "la campaña se reanuda. Lo mismo vale para campañas en pausa y borradores. Tampoco constan las bajas "
    "(opt-out) posteriores. Antes de seguir, averigüe en los registros de Vonage a quién se envió desde la "
    "hora indicada (docs/operations.md, «After a restore»).",
    "Everyone messaged after the copy was taken is pending again, and will be messaged again if the campaign "
    "is resumed. The same holds for paused campaigns and drafts. Opt-outs since then are missing too. First "
    "find out in Vonage's records who was sent a message since the time above (docs/operations.md, After a "
    "restore).",
)
ACCEPT_NOW = Words(
    "¿Pausar estas campañas y aceptar la copia?",
    "Pause these campaigns and accept the copy?",
)
ACCEPTED = Words(
    "Aceptada: {paused} campañas en pausa, {in_doubt} destinatarios en duda. El servicio puede enviar otra "
    "vez; reanude cada campaña cuando sepa a quién falta enviarle.",
    "Accepted: {paused} campaigns paused, {in_doubt} recipients in doubt. The service can send again; resume "
    "each campaign once you know who still has to get it.",
)

NOBODY = Words(
    "Ningún worker está en marcha. Inicie uno con: outbound-campaigns worker",
    "No worker is running. Start one with: outbound-campaigns worker",
)
WORKER = Words(
    "{name}, versión {version}, desde {since}, último latido hace {age} s{leads}",
    "{name}, version {version}, since {since}, last heartbeat {age} s ago{leads}",
)
LEADS = Words(", dirige", ", leads")
SENDS = Words("  envía la campaña {id} de {bot}: {name}", "  sends campaign {id} of {bot}: {name}")
IDLE = Words("  no envía nada ahora", "  sends nothing now")
WAITS = Words(
    "Campaña {id} de {bot} ({name}), no envía nada desde {since}: {why}",
    "Campaign {id} of {bot} ({name}), nothing sent since {since}: {why}",
)
NOTHING_WAITS = Words("Ninguna campaña está detenida.", "No campaign is stuck.")

READY = Words(
    """
Campañas Salientes, instalación de prueba en {folder}.
  Panel     http://{host}:{port}{page}   (abre ya con sesión; solo en esta prueba)
  Servicio  http://{host}:{port}   Simulador de Vonage  http://127.0.0.1:{simulator}
Nada sale de esta máquina: los mensajes los recibe el simulador.

En otra terminal:
  . {environment}
  {command} send --bot {bot} --template promo_navidad --csv {csv} --watch
  curl -H "Authorization: Bearer $TOKEN" $API/status
  curl http://127.0.0.1:{simulator}/_simulator/ledger
  {command} doctor --bot {bot}
Ctrl-C lo detiene todo.
""",
    """
Outbound campaigns, a demo installation in {folder}.
  Panel    http://{host}:{port}{page}   (already logged in; only in this demo)
  Service  http://{host}:{port}   Simulator of Vonage  http://127.0.0.1:{simulator}
Nothing leaves this machine: the simulator receives the messages.

In another terminal:
  . {environment}
  {command} send --bot {bot} --template promo_navidad --csv {csv} --watch
  curl -H "Authorization: Bearer $TOKEN" $API/status
  curl http://127.0.0.1:{simulator}/_simulator/ledger
  {command} doctor --bot {bot}
Ctrl-C stops everything.
""",
)
PORT_TAKEN = Words(
    "El puerto {port} está ocupado. Detenga el programa que lo usa, o elija otro en OUTBOUND_PORT.",
    "Port {port} is in use. Stop the program that uses it, or choose another in OUTBOUND_PORT.",
)
