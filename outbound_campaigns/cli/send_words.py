"""What `send` says."""

from outbound_campaigns.domain.words import Words

CREATED = Words("Campaña {campaign} creada.", "Campaign {campaign} created.")
IMPORTED = Words(
    "Importados {imported:,}; duplicados {duplicates:,}; rechazados {invalid:,}.",
    "Imported {imported:,}; duplicates {duplicates:,}; refused {invalid:,}.",
)
REFUSED_MORE = Words("  y {more:,} filas más", "  and {more:,} more rows")
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
    "\nInterrumpido. La campaña {campaign} sigue donde quedó en cuanto haya un motor: "
    "outbound-campaigns serve",
    "\nInterrupted. Campaign {campaign} goes on where it was as soon as an engine runs: "
    "outbound-campaigns serve",
)
SPENT = Words(
    "  Gastado {committed:,.2f} {currency}, y quizá {possible:,.2f} más.",
    "  Spent {committed:,.2f} {currency}, and perhaps {possible:,.2f} more.",
)
