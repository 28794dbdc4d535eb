"""Reasons for refusing a row or a whole file: codes are stored, sentences are chosen when shown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from bot_config.words import Sentence, Words


class RowCode(StrEnum):
    PHONE_EMPTY = "phone_empty"
    PHONE_NOT_A_NUMBER = "phone_not_a_number"
    PHONE_SPREADSHEET = "phone_spreadsheet"
    PHONE_AMBIGUOUS = "phone_ambiguous"
    PHONE_WRONG_LENGTH = "phone_wrong_length"
    PHONE_INVALID = "phone_invalid"
    PHONE_CANNOT_RECEIVE = "phone_cannot_receive"
    DUPLICATE = "duplicate"
    ROW_TOO_SHORT = "row_too_short"
    ROW_TOO_LONG = "row_too_long"
    ROW_TOO_LARGE = "row_too_large"
    ROW_MISQUOTED = "row_misquoted"
    VARIABLE_EMPTY = "variable_empty"
    VARIABLE_NULL = "variable_null"
    VARIABLE_FORMULA = "variable_formula"
    VARIABLE_LINE_BREAK = "variable_line_break"
    VARIABLE_TAB = "variable_tab"
    VARIABLE_SPACES = "variable_spaces"
    VARIABLE_TOO_LONG = "variable_too_long"
    CONTROL_CHARACTER = "control_character"
    UNREADABLE_CHARACTER = "unreadable_character"


class FileCode(StrEnum):
    FILE_EMPTY = "file_empty"
    FILE_WITHOUT_ROWS = "file_without_rows"
    FILE_IS_PDF = "file_is_pdf"
    FILE_IS_WORKBOOK = "file_is_workbook"
    FILE_IS_ARCHIVE = "file_is_archive"
    FILE_IS_BINARY = "file_is_binary"
    FILE_UNREADABLE = "file_unreadable"
    WORKBOOK_LOCKED = "workbook_locked"
    WORKBOOK_WITH_MACROS = "workbook_with_macros"
    WORKBOOK_OLD = "workbook_old"
    WORKBOOK_BROKEN = "workbook_broken"
    WORKBOOK_TOO_LARGE = "workbook_too_large"
    SEVERAL_SHEETS = "several_sheets"
    SHEET_MISSING = "sheet_missing"
    NO_PHONE_COLUMN = "no_phone_column"
    PHONE_COLUMN_MISSING = "phone_column_missing"
    SEVERAL_PHONE_COLUMNS = "several_phone_columns"
    COLUMN_TWICE = "column_twice"
    COLUMN_WITHOUT_NAME = "column_without_name"
    COLUMN_MISSING = "column_missing"
    TOO_MANY_COLUMNS = "too_many_columns"
    HEADER_TOO_LARGE = "header_too_large"
    QUOTE_NOT_CLOSED = "quote_not_closed"
    CAMPAIGN_CLOSED = "campaign_closed"
    IMPORT_INTERRUPTED = "import_interrupted"
    SETTINGS_UNREADABLE = "settings_unreadable"
    IMPORT_BROKEN = "import_broken"


_R = RowCode
_F = FileCode

ROW_WORDS: Mapping[str, Words] = {
    _R.PHONE_EMPTY: Words(
        "Fila {row}: falta el número de teléfono.",
        "Row {row}: the phone number is missing.",
    ),
    _R.PHONE_NOT_A_NUMBER: Words(
        "Fila {row}: «{value}» no es un número de teléfono. Escriba solo un número por fila.",
        "Row {row}: {value} is not a phone number. Write one number per row and nothing else.",
    ),
    _R.PHONE_SPREADSHEET: Words(
        "Fila {row}: la hoja de cálculo convirtió el número en «{value}», donde ya no están todas sus "
        "cifras. Dé formato de texto a la columna, escriba de nuevo los números y vuelva a exportar.",
        "Row {row}: the spreadsheet turned the number into {value}, which no longer has all of its digits. "
        "Format the column as text, enter the numbers again and export once more.",
    ),
    _R.PHONE_AMBIGUOUS: Words(
        "Fila {row}: «{value}» puede ser de México o de Estados Unidos. Escríbalo con + y el código de país.",
        "Row {row}: {value} may be Mexican or from the United States. Write it with + and the country code.",
    ),
    _R.PHONE_WRONG_LENGTH: Words(
        "Fila {row}: a «{value}» le faltan o le sobran cifras. Un número nacional lleva las de su país (diez "
        "en México); uno de otro país empieza con + y su código.",
        "Row {row}: {value} has too few or too many digits. A national number has as many as its country "
        "uses (ten in Mexico); one from another country begins with + and its code.",
    ),
    _R.PHONE_INVALID: Words(
        "Fila {row}: «{value}» no existe en el plan de numeración de su país. Revise las cifras; uno de "
        "otro país empieza con + y su código.",
        "Row {row}: {value} does not exist in its country's numbering plan. Check the digits; one from "
        "another country begins with + and its code.",
    ),
    _R.PHONE_CANNOT_RECEIVE: Words(
        "Fila {row}: «{value}» es un número de servicio (gratuito, de tarifa especial) o de una línea sin "
        "celulares, no de una persona.",
        "Row {row}: {value} is a service number (toll-free, premium rate) or a line without mobile phones, "
        "not a person's.",
    ),
    _R.DUPLICATE: Words(
        "Fila {row}: {value} ya está en la campaña; se conserva la primera fila.",
        "Row {row}: {value} is already in the campaign; the first row is kept.",
    ),
    _R.ROW_TOO_SHORT: Words(
        "Fila {row}: le faltan celdas; no llega a la columna «{column}».",
        "Row {row}: cells are missing; it does not reach the column {column}.",
    ),
    _R.ROW_TOO_LONG: Words(
        "Fila {row}: tiene más celdas que columnas; sobra «{value}». ¿Faltan comillas en un texto?",
        "Row {row}: it has more cells than columns; {value} is left over. Is some text missing its quotes?",
    ),
    _R.ROW_TOO_LARGE: Words(
        "Fila {row}: el texto de la fila es demasiado largo; empieza con «{value}».",
        "Row {row}: the row's text is far too long; it begins with {value}.",
    ),
    _R.ROW_MISQUOTED: Words(
        "Fila {row}: unas comillas sueltas no dejan ver dónde termina cada texto: {value}. Dentro de un "
        "texto entre comillas, cada comilla se escribe dos veces.",
        "Row {row}: stray quotes make it unclear where each text ends: {value}. Inside a text in quotes, "
        "each quote is written twice.",
    ),
    _R.VARIABLE_EMPTY: Words(
        "Fila {row}: la columna «{column}» está vacía, y WhatsApp no admite variables vacías.",
        "Row {row}: the column {column} is empty, and WhatsApp does not allow empty variables.",
    ),
    _R.VARIABLE_NULL: Words(
        "Fila {row}: la columna «{column}» dice «{value}», que es lo que escriben los programas cuando falta "
        "un dato. Escriba el dato.",
        "Row {row}: the column {column} says {value}, which programs write where a value is missing. "
        "Enter the value.",
    ),
    _R.VARIABLE_FORMULA: Words(
        "Fila {row}: en la columna «{column}» hay un error o una fórmula de la hoja de cálculo: «{value}». "
        "Corríjalo ahí, copie los resultados como valores y vuelva a exportar.",
        "Row {row}: the column {column} has a spreadsheet's error or formula: {value}. Mend it there, paste "
        "the results as values and export once more.",
    ),
    _R.VARIABLE_LINE_BREAK: Words(
        "Fila {row}: la columna «{column}» tiene un salto de línea; WhatsApp no los admite.",
        "Row {row}: the column {column} has a line break; WhatsApp does not allow them.",
    ),
    _R.VARIABLE_TAB: Words(
        "Fila {row}: la columna «{column}» tiene un tabulador; WhatsApp no los admite.",
        "Row {row}: the column {column} has a tab; WhatsApp does not allow them.",
    ),
    _R.VARIABLE_SPACES: Words(
        "Fila {row}: la columna «{column}» tiene más de cuatro espacios seguidos; WhatsApp no los admite.",
        "Row {row}: the column {column} has more than four spaces in a row; WhatsApp does not allow them.",
    ),
    _R.VARIABLE_TOO_LONG: Words(
        "Fila {row}: la columna «{column}» pasa de 1024 caracteres, que es lo más que admite WhatsApp.",
        "Row {row}: the column {column} has over 1024 characters, the most that WhatsApp allows.",
    ),
    _R.CONTROL_CHARACTER: Words(
        "Fila {row}: la columna «{column}» tiene un carácter de control invisible.",
        "Row {row}: the column {column} has an invisible control character.",
    ),
    _R.UNREADABLE_CHARACTER: Words(
        "Fila {row}: la columna «{column}» tiene un carácter dañado: {value}. Guárdelo como CSV UTF-8.",
        "Row {row}: the column {column} has a damaged character ({value}). Save the file as CSV UTF-8.",
    ),
}

FILE_WORDS: Mapping[str, Words] = {
    _F.FILE_EMPTY: Words(
        "El archivo está vacío.",
        "The file is empty.",
    ),
    _F.FILE_WITHOUT_ROWS: Words(
        "El archivo solo tiene encabezados; no hay ningún destinatario.",
        "The file has headers only; there are no recipients in it.",
    ),
    _F.FILE_IS_PDF: Words(
        "El archivo es un PDF. Suba un libro de Excel (.xlsx), uno de LibreOffice (.ods) o un CSV.",
        "The file is a PDF. Upload an Excel workbook (.xlsx), one of LibreOffice's (.ods) or a CSV.",
    ),
    _F.FILE_IS_WORKBOOK: Words(
        "El archivo es un libro de Excel u otro archivo comprimido. Guárdelo como CSV UTF-8 y suba ese.",
        "The file is an Excel workbook or another compressed file. Save it as CSV UTF-8 and upload that.",
    ),
    _F.FILE_IS_BINARY: Words(
        "El archivo no es de texto. Suba un libro de Excel (.xlsx), uno de LibreOffice (.ods) o un CSV.",
        "The file is not text. Upload an Excel workbook (.xlsx), one of LibreOffice's (.ods) or a CSV.",
    ),
    _F.FILE_IS_ARCHIVE: Words(
        "El archivo está comprimido, pero no es un libro .xlsx ni .ods. Suba la hoja de cálculo misma.",
        "The file is compressed, but neither an .xlsx nor an .ods workbook. Upload the spreadsheet itself.",
    ),
    _F.WORKBOOK_LOCKED: Words(
        "El libro está protegido con contraseña. Guárdelo sin ella y súbalo de nuevo.",
        "The workbook is protected by a password. Save it without one and upload it again.",
    ),
    _F.WORKBOOK_WITH_MACROS: Words(
        "El libro lleva macros, que no se admiten. Guárdelo como libro de Excel (.xlsx) y suba ese.",
        "The workbook has macros, which are not accepted. Save it as an Excel workbook (.xlsx) and upload "
        "that.",
    ),
    _F.WORKBOOK_OLD: Words(
        "El libro está en un formato de Excel que aquí no se lee (.xls, .xlsb). Guárdelo como .xlsx y suba "
        "ese.",
        "The workbook is in a format of Excel's that is not read here (.xls, .xlsb). Save it as .xlsx and "
        "upload that.",
    ),
    _F.WORKBOOK_BROKEN: Words(
        "No se pudo leer el libro: está dañado o incompleto. Ábralo, guárdelo de nuevo como .xlsx y suba "
        "ese.",
        "The workbook could not be read: it is damaged or incomplete. Open it, save it again as .xlsx and "
        "upload that.",
    ),
    _F.WORKBOOK_TOO_LARGE: Words(
        "El libro es demasiado grande para leerlo. Deje solo la hoja y las columnas que hacen falta, o "
        "guarde la hoja como CSV.",
        "The workbook is too large to be read. Keep only the sheet and the columns that are needed, or save "
        "the sheet as CSV.",
    ),
    _F.SEVERAL_SHEETS: Words(
        "El libro tiene varias hojas con datos: {sheets}. Elija una.",
        "The workbook has several sheets with data: {sheets}. Choose one.",
    ),
    _F.SHEET_MISSING: Words(
        "El libro no tiene la hoja «{sheet}». Tiene: {sheets}.",
        "The workbook has no sheet {sheet}. It has: {sheets}.",
    ),
    _F.FILE_UNREADABLE: Words(
        "No se pudo leer el archivo subido. Súbalo de nuevo.",
        "The uploaded file could not be read. Upload it again.",
    ),
    _F.NO_PHONE_COLUMN: Words(
        "No se ve qué columna tiene los números de teléfono; llámela phone_number, o elíjala. Se "
        "encontraron: {columns}.",
        "It is not clear which column has the phone numbers; call it phone_number, or choose it. Found: "
        "{columns}.",
    ),
    _F.PHONE_COLUMN_MISSING: Words(
        "El archivo no tiene la columna «{column}», de donde debían salir los números. Se encontraron: "
        "{columns}.",
        "The file has no column {column}, which was to give the numbers. Found: {columns}.",
    ),
    _F.SEVERAL_PHONE_COLUMNS: Words(
        "Hay varias columnas que pueden tener los números de teléfono: {columns}. Elija una.",
        "Several columns may have the phone numbers: {columns}. Choose one.",
    ),
    _F.COLUMN_TWICE: Words(
        "Hay dos columnas con el nombre «{column}». Cambie el nombre de una.",
        "Two columns are called {column}. Rename one of them.",
    ),
    _F.COLUMN_WITHOUT_NAME: Words(
        "La columna {number} no tiene nombre. Póngale uno o quítela.",
        "Column {number} has no name. Name it or remove it.",
    ),
    _F.COLUMN_MISSING: Words(
        "La plantilla usa la columna «{column}», que no está en el archivo. Se encontraron: {columns}.",
        "The template uses the column {column}, which is not in the file. Found: {columns}.",
    ),
    _F.TOO_MANY_COLUMNS: Words(
        "El archivo tiene {count} columnas; se admiten hasta {most}.",
        "The file has {count} columns; at most {most} are allowed.",
    ),
    _F.HEADER_TOO_LARGE: Words(
        "La primera línea no puede ser un encabezado: es demasiado larga. Empieza con «{value}».",
        "The first line can't be a header: it is far too long. It begins with {value}.",
    ),
    _F.QUOTE_NOT_CLOSED: Words(
        "En la fila {row}, columna «{column}», se abren unas comillas que no se cierran: «{value}». "
        "No se importó ninguna fila; corrija esa celda y suba el archivo de nuevo.",
        "In row {row}, column {column}, a quote is opened and never closed: {value}. "
        "No row was imported; fix that cell and upload the file again.",
    ),
    _F.CAMPAIGN_CLOSED: Words(
        "La campaña dejó de admitir destinatarios mientras se importaba el archivo.",
        "The campaign stopped accepting recipients while the file was being imported.",
    ),
    _F.IMPORT_INTERRUPTED: Words(
        "El servicio se interrumpió durante la importación. Sus filas se retiran; suba el archivo de nuevo.",
        "The service was interrupted during the import. Its rows are being removed; upload the file again.",
    ),
    _F.SETTINGS_UNREADABLE: Words(
        "No se pudo leer la configuración del bot, que dice cómo se entienden los números. Revise la sección "
        "Salud y suba el archivo de nuevo.",
        "The bot's configuration, which says how numbers are read, could not be read. Look at Health, and "
        "upload the file again.",
    ),
    _F.IMPORT_BROKEN: Words(
        "La importación falló por un error interno. Sus filas se retiran; suba el archivo de nuevo.",
        "The import failed because of an internal error. Its rows are being removed; upload the file again.",
    ),
}


def row_sentence(code: str, row: int, column: str | None, value: str | None) -> Sentence:
    """Return the sentence for one refused row, from its stored code and values."""
    return Sentence(ROW_WORDS[code], {"row": row, "column": column, "value": value})


def file_sentence(error: Mapping[str, Any]) -> Sentence:
    """Return the sentence for a failed import; `error` is {"code", …values}, as stored."""
    return Sentence(FILE_WORDS[error["code"]], error)
