"""How a country writes dates and numbers: what a spreadsheet shows where a format leaves it to the viewer."""

from __future__ import annotations

from dataclasses import dataclass

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
}
BOOLEANS = {"en": ("FALSE", "TRUE"), "es": ("FALSO", "VERDADERO"), "pt": ("FALSO", "VERDADEIRO")}
HALVES_OF_DAY = {"en": ("AM", "PM"), "es": ("a. m.", "p. m."), "pt": ("AM", "PM")}

# CLDR: the decimal symbols of es_AR, es_BO, …, pt_BR. The others write as Mexico does.
_DECIMAL_COMMA = frozenset("AR BO BR CL CO CR EC ES PY UY VE".split())
_SHORT_DATES = {"US": "m/d/yyyy", "CL": "dd-mm-yyyy"}
_LANGUAGES = {"US": "en", "BR": "pt"}


@dataclass(frozen=True, slots=True)
class Conventions:
    """Decimal and thousands signs, the short date as a format, and the language of names."""

    decimal: str
    thousands: str
    short_date: str
    language: str


def conventions_of(country: str) -> Conventions:
    """Return how a country (ISO 3166) writes; one that is not known writes as Mexico does."""
    decimal, thousands = (",", ".") if country in _DECIMAL_COMMA else (".", ",")
    date = _SHORT_DATES.get(country, "dd/mm/yyyy")
    return Conventions(decimal, thousands, date, _LANGUAGES.get(country, "es"))
