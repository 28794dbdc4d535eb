"""Finds the column that holds the phone numbers: the one that is told, else by headers, else by cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from outbound_campaigns.audience.reading.refused import BadFile, listed
from outbound_campaigns.audience.reading.restoring import restored
from outbound_campaigns.domain.phone_numbers import BadNumber, NumberRules, first_number
from outbound_campaigns.domain.row_refusals import FileCode
from outbound_campaigns.domain.spelling import bare

PHONE_NUMBER = "phone_number"

# As address books, shops and customer managers call it in Spanish, English and Portuguese: first what can
# only be meant for WhatsApp, last what may be a fixed line.
_HEADERS = (
    "phonenumber",
    "whatsapp whatsappnumber whatsappphone numerodewhatsapp numerowhatsapp telefonowhatsapp celularwhatsapp",
    "celular cel movil mobile mobilephone mobilephonenumber mobilenumber cellphone cellphonenumber cellnumber"
    " telefonocelular telefonomovil numerocelular numerodecelular numeromovil numerodemovil telefonemovel"
    " celularcontacto telefonocelularcontacto",
    "telefono tel phone telephone telephonenumber numerodetelefono numerotelefonico numerotelefono"
    " telefonodecontacto contactphone phone1value billingphone phonebilling customerphone telefone"
    " numerodetelefone telefonedecontato",
    # Where contacts come in by chat, some customer managers keep their mobiles as the office's.
    "telefonooficina telefonooficinacontacto telefonecomercial telefonecomercialcontato workphone"
    " businessphone",
    # In the exports of shops it is the house's.
    "numero",
)
_KNOWN = tuple(frozenset(names.split()) for names in _HEADERS)

_MOST_ARE = 0.8
"""of a column's cells, so that it is taken for the numbers' by its cells alone"""


def names_phone(names: Sequence[str], told: str | None = None) -> bool:
    """Return whether a header names a column for phone numbers."""
    known = {bare(told)} if told else frozenset().union(*_KNOWN)
    return any(bare(name) in known for name in names)


def find_phone_column(
    names: Sequence[str],
    told: str | None,
    first_rows: Callable[[], Iterable[Sequence[str]]],
    numbers: NumberRules,
) -> int:
    """Return the place of the numbers' column, from 0; `told` is the one that the file's owner chose.

    `first_rows` gives some rows below the header, if they are needed: a column that is empty in them is only
    taken if no other has a fitting header. Raises BadFile where none fits, or more than one fits as well.
    """
    if told is not None:
        return _only([place for place, name in enumerate(names) if bare(name) == bare(told)], names, told)
    exact = [place for place, name in enumerate(names) if name.casefold() == PHONE_NUMBER]
    if exact:
        return exact[0]
    cells = _cells_of(names, first_rows())
    by_header = [[place for place, name in enumerate(names) if bare(name) in known] for known in _KNOWN]
    filled = [[place for place in fitting if cells[place]] for fitting in by_header]
    for fitting in (*filled, *by_header):
        if fitting:
            return _only(fitting, names)
    return _only([place for place in range(len(names)) if _are_numbers(cells[place], numbers)], names)


def _only(fitting: Sequence[int], names: Sequence[str], told: str | None = None) -> int:
    if len(fitting) == 1:
        return fitting[0]
    choices = {"columns": list(names)}
    if fitting:
        several = listed([names[place] for place in fitting])
        raise BadFile(FileCode.SEVERAL_PHONE_COLUMNS, choices, columns=several)
    found = listed(names)
    if not found.isprintable():
        raise BadFile(FileCode.FILE_IS_BINARY)
    if told is not None:
        raise BadFile(FileCode.PHONE_COLUMN_MISSING, choices, column=told, columns=found)
    raise BadFile(FileCode.NO_PHONE_COLUMN, choices, columns=found)


def _cells_of(names: Sequence[str], rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return the cells of each column that are not empty."""
    columns: list[list[str]] = [[] for _ in names]
    for row in rows:
        for cells, cell in zip(columns, row, strict=False):
            if text := restored(cell):
                cells.append(text)
    return columns


def _are_numbers(cells: Sequence[str], numbers: NumberRules) -> bool:
    return bool(cells) and sum(_is_number(cell, numbers) for cell in cells) >= _MOST_ARE * len(cells)


def _is_number(cell: str, numbers: NumberRules) -> bool:
    try:
        first_number(cell, numbers)
    except BadNumber:
        return False
    return True
