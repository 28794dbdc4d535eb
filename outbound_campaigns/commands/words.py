"""What the small commands say."""

from outbound_campaigns.codes.words import Words

UPGRADED = Words("Las tablas están al día.", "The tables are up to date.")
NO_DIFFERENCE = Words("Los contadores coinciden con las filas.", "The counts agree with the rows.")
DIFFERENCE = Words(
    "Campaña {campaign}, {status}: contador {kept}, filas {counted}.",
    "Campaign {campaign}, {status}: count {kept}, rows {counted}.",
)
NOTHING_WRONG = Words("Todo listo para enviar.", "Ready to send.")
