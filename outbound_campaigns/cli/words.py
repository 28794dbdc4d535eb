"""What the small commands say."""

from outbound_campaigns.domain.words import Words

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
NOTHING_WRONG = Words("Todo listo para enviar.", "Ready to send.")
