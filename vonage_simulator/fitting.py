"""Holds a message's components against its template as Meta does, and says what does not fit.

After Meta's pages on template messages and its error codes: 132000 (numbers of parameters), 132012 (formats),
132018 (parameters), 131008 (missing), 132005 (too long), 100 (names). Vonage itself answers 202 first and
reports such a message as rejected (1022).
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_FORBIDDEN = re.compile(r"[\n\r\t]| {5,}")
_MEDIA = ("IMAGE", "VIDEO", "DOCUMENT")
_LOCATION = ("latitude", "longitude", "name", "address")
_SUB_TYPES = {"URL": "url", "QUICK_REPLY": "quick_reply", "COPY_CODE": "copy_code", "FLOW": "flow"}
_SUB_TYPES |= {"CATALOG": "catalog", "MPM": "mpm", "VOICE_CALL": "voice_call"}
_LONGEST_BODY, _LONGEST_OFFER, _LONGEST_HEADER, _LONGEST_COUPON = 1024, 600, 60, 20


def misfit(template: Json, components: Sequence[Json]) -> str | None:
    """Return what of a message does not fit its template, in Meta's manner; None if all does."""
    return next(_misfits(template.get("components") or [], components, _is_named(template)), None)


def _is_named(template: Json) -> bool:
    if "parameter_format" in template:
        return str(template["parameter_format"]).upper() == "NAMED"
    texts = [str(part.get("text", "")) for part in template.get("components") or []]
    return any(not name.isdigit() for text in texts for name in _PLACE.findall(text))


def _misfits(parts: Sequence[Json], components: Sequence[Json], named: bool) -> Iterator[str]:
    defined = {str(part.get("type")).upper(): part for part in parts}
    sent = {str(one.get("type")).lower(): one for one in components}
    yield from _header(defined.get("HEADER"), sent.get("header"), named)
    offer = defined.get("LIMITED_TIME_OFFER")
    longest = _LONGEST_OFFER if offer else _LONGEST_BODY
    yield from _text("body", defined.get("BODY", {}), sent.get("body"), named, longest)
    if offer and (offer.get("limited_time_offer") or {}).get("has_expiration"):
        yield from _offer(sent.get("limited_time_offer"))
    buttons = [one for one in components if str(one.get("type")).lower() == "button"]
    yield from _buttons(defined.get("BUTTONS", {}).get("buttons") or [], buttons)
    yield from _cards(defined.get("CAROUSEL", {}).get("cards") or [], sent.get("carousel"), named)


def _parameters(component: Json | None) -> list[Json]:
    return list((component or {}).get("parameters") or [])


def _header(part: Json | None, sent: Json | None, named: bool) -> Iterator[str]:
    form = str((part or {}).get("format") or "TEXT").upper()
    given = _parameters(sent)
    kind = str(given[0].get("type")).upper() if given else "UNKNOWN"
    if form in (*_MEDIA, "LOCATION"):
        if kind != form:
            yield f"header: Format mismatch, expected {form}, received {kind}"
            return
        content = given[0].get(form.lower()) or {}
        if form == "LOCATION":
            for name in _LOCATION:
                if not content.get(name):
                    yield f"Parameter '{name}' is mandatory for component parameter type 'location'"
        elif not (content.get("link") or content.get("id")):
            yield "Either one of media ID or link must be present"
    else:
        yield from _text("header", part or {}, sent, named, _LONGEST_HEADER)


def _text(name: str, part: Json, sent: Json | None, named: bool, longest: int) -> Iterator[str]:
    text = str(part.get("text") or "")
    places = list(dict.fromkeys(_PLACE.findall(text)))
    given = _parameters(sent)
    if len(given) != len(places):
        yield f"{name}: number of localizable_params ({len(given)}) does not match {len(places)}"
        return
    if named and places and not places[0].isdigit():
        missing = set(places) - {str(one.get("parameter_name")) for one in given}
        if missing:
            yield f"Parameter name is missing for the parameter '{min(missing)}'"
            return
        values = {str(one.get("parameter_name")): str(one.get("text") or "") for one in given}
    else:
        values = {place: str(one.get("text") or "") for place, one in zip(places, given, strict=True)}
    for value in values.values():
        yield from _value(value)
    length = len(_PLACE.sub(lambda match: values.get(match[1], ""), text))
    if length > longest:
        yield f"Translated text too long: {length} of {longest} in {name}"


def _value(text: str) -> Iterator[str]:
    if not text.strip():
        yield "Parameter of type text is missing text value"
    elif _FORBIDDEN.search(text):
        yield "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"


def _buttons(defined: Sequence[Json], sent: Sequence[Json]) -> Iterator[str]:
    by_index = {str(one.get("index")): one for one in sent}
    for index in by_index:
        if not index.isdigit() or int(index) >= len(defined):
            yield f"buttons: there is no button at index {index}"
    for place, button in enumerate(defined):
        kind = str(button.get("type")).upper()
        component = by_index.get(str(place))
        takes = bool(_PLACE.search(str(button.get("url") or ""))) if kind == "URL" else kind in _SUB_TYPES
        if component is not None:
            if not takes:
                yield f"buttons: Button at index {place} of type {kind} does not require parameters"
            elif str(component.get("sub_type")).lower() != _SUB_TYPES[kind]:
                yield f"buttons: Button at index {place} must be of type {kind}"
        given = _parameters(component)
        first = given[0] if given else {}
        if kind == "URL" and takes and not str(first.get("text") or ""):
            yield f"buttons: Button at index {place} of type Url requires a parameter"
        if kind == "COPY_CODE" and not 0 < len(str(first.get("coupon_code") or "")) <= _LONGEST_COUPON:
            yield f"buttons: Button at index {place} of type copy_code requires a parameter coupon_code"


def _offer(sent: Json | None) -> Iterator[str]:
    given = _parameters(sent)
    at = (given[0].get("limited_time_offer") or {}).get("expiration_time_ms") if given else None
    if not isinstance(at, int) or at <= time.time() * 1000:
        yield "limited_time_offer: expiration_time_ms is missing or in the past"


def _cards(defined: Sequence[Json], sent: Json | None, named: bool) -> Iterator[str]:
    cards = list((sent or {}).get("cards") or [])
    if len(cards) != len(defined):
        yield f"carousel: {len(cards)} cards, expected {len(defined)}"
        return
    by_index = {card.get("card_index", place): card for place, card in enumerate(cards)}
    for index, card in enumerate(defined):
        components = (by_index.get(index) or {}).get("components") or []
        yield from _misfits(card.get("components") or [], components, named)
