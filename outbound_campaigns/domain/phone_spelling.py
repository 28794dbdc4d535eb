"""Takes a phone number out of what spreadsheets, chats and other programs write around it."""

from __future__ import annotations

import re

_BLANKS = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
# Characters that a phone's address book or a chat leaves around a copied number.
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_MARKS = str.maketrans("", "", " .()" + _BLANKS + _INVISIBLE + _DASHES)
_INVISIBLE_MARKS = str.maketrans("", "", _INVISIBLE)
_APOSTROPHES = "'\u2018\u2019"

# What advertisements' leads (p:), links (tel:, sms:) and Twilio's exports (whatsapp:) put before a number.
_SCHEME = re.compile(r"(?:p|tel|sms|whatsapp)\s*:", re.IGNORECASE)
# A person's address in WhatsApp, with the number of a device perhaps. Groups (@g.us) are no person.
_WHATSAPP_ADDRESS = re.compile(r"([0-9]{8,15})(?:[:.][0-9:]+)?@(?:s\.whatsapp\.net|c\.us)", re.IGNORECASE)
_WHATSAPP_LINK = re.compile(
    r"(?:https?://)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=)\+?([0-9]{8,15})/?", re.IGNORECASE
)
# A number that passed through a column of decimals: its dot must not be dropped as others are.
_WITH_DECIMALS = re.compile(r"([^.,]*[0-9]{3})[.,]0{1,2}")
_SCIENTIFIC = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,3})")


class DigitsLost(Exception):
    """Raised for a number that a spreadsheet has rounded: some of its digits are nowhere in the text."""


def plain_number(text: str) -> str:
    """Return the digits, with + before them where the country's code is certain.

    What is no number comes back as it is, without its blanks and dashes. Raises DigitsLost.
    """
    text = text.translate(_INVISIBLE_MARKS).strip().lstrip(_APOSTROPHES).strip()
    if match := _WHATSAPP_ADDRESS.fullmatch(text) or _WHATSAPP_LINK.fullmatch(text):
        return "+" + match[1]
    if match := _SCHEME.match(text):
        text = text[match.end() :].strip()
    if match := _WITH_DECIMALS.fullmatch(text):
        text = match[1]
    elif match := _SCIENTIFIC.fullmatch(text):
        text = _all_digits(match)
    return text.translate(_MARKS)


def _all_digits(match: re.Match[str]) -> str:
    whole, fraction, exponent = match[1], match[2] or "", int(match[3])
    if len(fraction) != exponent:
        raise DigitsLost
    return whole + fraction
