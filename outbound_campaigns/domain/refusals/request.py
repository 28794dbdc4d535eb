"""Refusals for what a request names that does not exist, or holds that can't be used."""

from collections.abc import Mapping, Sequence

from bot_config.refusal import Refusal, RefusalKind
from bot_config.words import Sentence, Words
from outbound_campaigns.domain.message_flaws import FLAWS


class CampaignNotFound(Refusal):
    kind = RefusalKind.NOT_FOUND
    code = "campaign_not_found"
    words = Words("No hay ninguna campaña {campaign}.", "There is no campaign {campaign}.")


class RecipientNotFound(Refusal):
    kind = RefusalKind.NOT_FOUND
    code = "recipient_not_found"
    words = Words(
        "La campaña no tiene ningún destinatario {recipient}.", "The campaign has no recipient {recipient}."
    )


class ImportNotFound(Refusal):
    kind = RefusalKind.NOT_FOUND
    code = "import_not_found"
    words = Words("La campaña no tiene ninguna importación {number}.", "The campaign has no import {number}.")


class OptOutNotFound(Refusal):
    kind = RefusalKind.NOT_FOUND
    code = "opt_out_not_found"
    words = Words(
        "Esa persona no está en la lista de bajas del bot.",
        "That person is not on the bot's list of opt-outs.",
    )


class ReconciliationNotFound(Refusal):
    kind = RefusalKind.NOT_FOUND
    code = "reconciliation_not_found"
    words = Words(
        "La campaña no tiene ninguna conciliación {number}.", "The campaign has no reconciliation {number}."
    )


class TemplateUnknown(Refusal):
    kind = RefusalKind.NOT_FOUND
    code = "template_unknown"
    words = Words(
        "La cuenta de WhatsApp no tiene la plantilla {template_id}.",
        "The WhatsApp account has no template {template_id}.",
    )


class BotDisabled(Refusal):
    kind = RefusalKind.NOT_FOUND
    code = "bot_disabled"
    words = Words(
        "El bot {bot} está deshabilitado en Botpress.",
        "The bot {bot} is disabled in Botpress.",
    )

    @property
    def botpress_message(self) -> str:
        return "Not Found: Bot is disabled"


class InvalidValue(Refusal):
    """A setting or field with a value that can't be used; takes `name`, `value`, `expected`."""

    kind = RefusalKind.INVALID
    code = "invalid_value"
    words = Words(
        "El valor de {name} no sirve: {value}. Se espera {expected}.",
        "The value of {name} can't be used: {value}. Expected: {expected}.",
    )


class SearchRefused(Refusal):
    """Takes `value`: a text that recipients can't be searched by."""

    kind = RefusalKind.INVALID
    code = "search_refused"
    words = Words(
        "«{value}» no es un número de teléfono. Busque por el número entero o por sus últimas cifras, "
        "cuatro o más.",
        "{value} is not a phone number. Search by the whole number or by its last digits, four or more.",
    )


class NumberNotRead(Refusal):
    """A phone number that can't be used; takes `why`, a Sentence."""

    code = "number_not_read"
    words = Words("{why}", "{why}")


class FileNotRead(Refusal):
    """A file that is refused as a whole; takes `why`, a Sentence."""

    kind = RefusalKind.INVALID
    code = "file_not_read"
    words = Words("{why}", "{why}")


class ImportRefused(FileNotRead):
    """A campaign's file that is refused as a whole; its import is kept under `import_id`."""

    def __init__(self, import_id: int, why: Sentence) -> None:
        self.import_id = import_id
        super().__init__(why=why)


class FileTooLarge(Refusal):
    """Takes `most`: the largest upload in MB."""

    kind = RefusalKind.TOO_LARGE
    code = "file_too_large"
    words = Words(
        "El archivo pasa de {most} MB. Divídalo en varios y súbalos uno tras otro.",
        "The file is larger than {most} MB. Split it and upload the parts one after the other.",
    )


class FileMissing(Refusal):
    """Takes `field`: the name under which a file was expected."""

    kind = RefusalKind.INVALID
    code = "file_missing"
    words = Words(
        "Falta el archivo: envíelo en el campo «{field}» de un formulario, o como text/csv.",
        "The file is missing: send it in the field {field} of a form, or as text/csv.",
    )


class BoundaryMissing(Refusal):
    kind = RefusalKind.INVALID
    code = "boundary_missing"
    words = Words(
        "El encabezado Content-Type del formulario no tiene «boundary», y sin él no se puede leer. Deje que "
        "su programa ponga ese encabezado.",
        "The form's header Content-Type has no boundary, without which it can't be read. Let your program "
        "set that header.",
    )


class FileNotStored(Refusal):
    """The upload could not be written to disk, or only in part; nothing of it remains."""

    kind = RefusalKind.UNAVAILABLE
    code = "file_not_stored"
    words = Words(
        "El archivo no se pudo guardar en el servidor (¿disco lleno?). Avise a quien lo administra.",
        "The file could not be stored on the server (is its disk full?). Tell whoever runs it.",
    )


class SkippedTime(Refusal):
    """Takes `value`, `timezone` and `instead`, the time that the clock shows instead."""

    kind = RefusalKind.INVALID
    code = "skipped_time"
    words = Words(
        "La hora {value} no existe en {timezone}: ese día el reloj se adelanta. Por ejemplo, use {instead}.",
        "The time {value} does not exist in {timezone}: the clock goes forward that day. Use {instead}, "
        "for example.",
    )


class TimePassed(Refusal):
    """Takes `value`: the time, in UTC."""

    code = "time_passed"
    words = Words(
        "La hora {value} ya pasó. Elija otra, o inicie la campaña ahora.",
        "The time {value} has passed. Choose another, or start the campaign now.",
    )


class TimeMissing(Refusal):
    code = "time_missing"
    words = Words(
        "Falta la hora de inicio: envíe scheduled_at, por ejemplo 2026-12-24T09:30:00.",
        "The start time is missing: send scheduled_at, for example 2026-12-24T09:30:00.",
    )


class MessageFlawed(Refusal):
    """Messages that would be refused; takes `problems_es` and `problems_en`, one sentence after the other.

    `by_place` has the codes of FLAWS and their values by the slot or part that they are about.
    """

    code = "message_flawed"
    words = Words("{problems_es}", "{problems_en}")

    def __init__(self, flaws: Sequence[tuple[str, str | None, Mapping[str, object]]]) -> None:
        """Take of each flaw its code, its place if it has one, and its values."""
        self.flaws = list(flaws)
        told = [Sentence(FLAWS[code], values) for code, _, values in self.flaws]
        super().__init__(
            problems_es=" ".join(one.text("es") for one in told),
            problems_en=" ".join(one.text("en") for one in told),
        )

    def by_place(self, language: str) -> dict[str, list[str]]:
        """Return {slot or part: sentences}; what concerns the whole message stands under `message`."""
        found: dict[str, list[str]] = {}
        for code, place, values in self.flaws:
            found.setdefault(place or "message", []).append(FLAWS[code].text(language, **values))
        return found
