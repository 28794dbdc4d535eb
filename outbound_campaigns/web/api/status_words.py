"""What the status says beside the problems that Botpress's files have."""

from outbound_campaigns.domain.words import Words

NO_RECEIPTS = Words(
    "Falta EXTERNAL_URL: sin la dirección pública de Botpress, Vonage no puede entregar acuses.",
    "EXTERNAL_URL is missing: without Botpress's public address Vonage can't deliver receipts.",
)
NO_SECRET = Words(
    "Falta signatureSecret en el canal vonage: los acuses no se podrían comprobar.",
    "signatureSecret is missing in the vonage channel: receipts could not be verified.",
)
PACE_SHARED = Words(
    "Otro bot envía por la misma cuenta de Vonage con un messagesPerSecond menor: ese vale para los dos. "
    "Ponga el mismo valor en config/outbound-campaigns.json de ambos.",
    "Another bot sends through the same Vonage account with a smaller messagesPerSecond: that holds for "
    "both. Set the same value in config/outbound-campaigns.json of both.",
)
NO_FORWARDING = Words(
    "Falta BOTPRESS_URL: lo que escriben las personas no se entrega a Botpress. "
    "Póngala, o deje el webhook inbound de Vonage apuntando a Botpress.",
    "BOTPRESS_URL is missing: what people write is not handed on to Botpress. "
    "Set it, or leave Vonage's inbound webhook pointed at Botpress.",
)
