"""What `reconcile` says."""

from outbound_campaigns.domain.words import Words

NOTHING = Words("Ningún mensaje está en duda.", "No message is in doubt.")
ASK = Words(
    "Se preguntará a Vonage por {rows:,} mensajes de {campaigns:,} campañas.",
    "Vonage will be asked about {rows:,} messages of {campaigns:,} campaigns.",
)
PRICE = Words(
    "Vonage cobra {price:g} por cada registro que entrega: si cada mensaje tiene uno, {most:,.2f}.",
    "Vonage charges {price:g} for each record that it gives: {most:,.2f} if every message has one.",
)
PRICE_UNKNOWN = Words(
    "Vonage cobra por cada registro que entrega; cuánto, lo dice su contrato (reportRecordPrice).",
    "Vonage charges for each record that it gives; your contract says how much (reportRecordPrice).",
)
GO_ON = Words("¿Continuar?", "Go on?")
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
FAILED = Words("No se terminó. {reason}", "It did not come to its end. {reason}")
