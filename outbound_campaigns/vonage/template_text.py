"""The text of a template: its parts in the template list, and one recipient's values filled in.

The list does not name placeholders; they are read out of the texts (template management API, "components").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outbound_campaigns.domain.placeholders import PLACEHOLDER
from outbound_campaigns.vonage.json_values import objects_of, text_or_number

TEXT = "TEXT"


@dataclass(frozen=True, slots=True)
class Header:
    """A template's header. `format` is TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION; only TEXT has a `text`."""

    format: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Wording:
    """One template in one language."""

    id: str
    name: str
    language: str
    status: str
    category: str | None
    header: Header | None
    body: str
    footer: str | None
    buttons: Sequence[str]

    @property
    def placeholders(self) -> Sequence[str]:
        """Return the placeholders of the body, in their order, each once."""
        return list(dict.fromkeys(PLACEHOLDER.findall(self.body)))


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A message as its recipient reads it."""

    header: str | None
    body: str
    footer: str | None
    buttons: Sequence[str]


def read_wording(listed: Mapping[str, Any]) -> Wording:
    """Read a template from the list, even if parts of it are missing or odd."""
    parts = {str(part.get("type")).upper(): part for part in objects_of(listed.get("components"))}
    header, buttons = parts.get("HEADER"), objects_of(parts.get("BUTTONS", {}).get("buttons"))
    return Wording(
        id=text_or_number(listed.get("id")) or "",
        name=text_or_number(listed.get("name")) or "",
        language=text_or_number(listed.get("language")) or "",
        status=text_or_number(listed.get("status")) or "",
        category=text_or_number(listed.get("category")),
        header=Header(str(header.get("format") or TEXT).upper(), text_or_number(header.get("text")))
        if header
        else None,
        body=text_or_number(parts.get("BODY", {}).get("text")) or "",
        footer=text_or_number(parts.get("FOOTER", {}).get("text")),
        buttons=[label for button in buttons if (label := text_or_number(button.get("text")))],
    )


def filled(wording: Wording, components: Sequence[Mapping[str, Any]]) -> RenderedMessage:
    """Fill the template's texts with the parameters of a message's components. Returns the message."""
    by_type = {part.get("type"): _texts(part) for part in components}
    header = wording.header.text if wording.header else None
    return RenderedMessage(
        header=_fill(header, by_type.get("header", {})) if header else None,
        body=_fill(wording.body, by_type.get("body", {})),
        footer=wording.footer,
        buttons=wording.buttons,
    )


def _texts(component: Mapping[str, Any]) -> dict[str, str]:
    """Return {placeholder: text}; a parameter without a name has its place, counted from 1."""
    parameters = objects_of(component.get("parameters"))
    return {
        str(one.get("parameter_name") or place): str(one["text"])
        for place, one in enumerate(parameters, 1)
        if "text" in one
    }


def _fill(text: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)
