"""Refusals for values and files that can't be used."""

from bot_config.refusal import Refusal
from bot_config.words import Words


class InvalidValue(Refusal):
    """A setting or field with a value that can't be used; takes `name`, `value`, `expected`."""

    code = "invalid_value"
    words = Words(
        "El valor de {name} no sirve: {value}. Se espera {expected}.",
        "The value of {name} can't be used: {value}. Expected: {expected}.",
    )


class SearchRefused(Refusal):
    """Takes `value`: a text that recipients can't be searched by."""

    code = "search_refused"
    words = Words(
        "«{value}» no es un número de teléfono. Busque por el número entero o por sus últimas cifras, "
        "cuatro o más.",
        "{value} is no phone number. Search by the whole number or by its last digits, four or more.",
    )


class NumberNotRead(Refusal):
    """A phone number that can't be used; takes the sentence that says why: `why_es`, `why_en`."""

    code = "number_not_read"
    words = Words("{why_es}", "{why_en}")


class FileNotRead(Refusal):
    """A file that is refused as a whole; takes the sentence that says why: `why_es`, `why_en`."""

    code = "file_not_read"
    words = Words("{why_es}", "{why_en}")


class FileTooLarge(Refusal):
    """Takes `most`: the largest upload in MB."""

    code = "file_too_large"
    words = Words(
        "El archivo pasa de {most} MB. Divídalo en varios y súbalos uno tras otro.",
        "The file is larger than {most} MB. Split it and upload the parts one after the other.",
    )


class FileMissing(Refusal):
    """Takes `field`: the name under which a file was expected."""

    code = "file_missing"
    words = Words(
        "Falta el archivo: envíelo en el campo «{field}» de un formulario, o como text/csv.",
        "The file is missing: send it in the field {field} of a form, or as text/csv.",
    )


class FileNotStored(Refusal):
    """The upload could not be written to disk, or only in part; nothing of it remains."""

    code = "file_not_stored"
    words = Words(
        "El archivo no se pudo guardar en el servidor (¿disco lleno?). Avise a quien lo administra.",
        "The file could not be stored on the server (is its disk full?). Tell whoever runs it.",
    )


class SkippedTime(Refusal):
    """Takes `value`, `timezone` and `instead`, the time that the clock shows instead."""

    code = "skipped_time"
    words = Words(
        "La hora {value} no existe en {timezone}: ese día el reloj se adelanta. Por ejemplo, use {instead}.",
        "There is no {value} in {timezone}: the clock goes forward that day. Use {instead}, for example.",
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
        "The time of the start is missing: send scheduled_at, for example 2026-12-24T09:30:00.",
    )
