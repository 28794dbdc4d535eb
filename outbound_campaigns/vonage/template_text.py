"""What a template says: its parts as the template list has them, and one recipient's values in their places.

The list does not name placeholders; they are read out of the texts (template management API, "components").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TEXT = "TEXT"
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Header:
    """`format` is TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION; `text` only with the first."""

    format: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Wording:
    """One template in one language. `placeholders` are those of the body, in its order, each once."""

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
        return list(dict.fromkeys(_PLACEHOLDER.findall(self.body)))


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A message as its recipient reads it."""

    header: str | None
    body: str
    footer: str | None
    buttons: Sequence[str]


def read_wording(listed: Mapping[str, Any]) -> Wording:
    """A template of the list, whatever of it is missing or odd."""
    parts = {str(part.get("type")).upper(): part for part in _objects(listed.get("components"))}
    header, buttons = parts.get("HEADER"), _objects(parts.get("BUTTONS", {}).get("buttons"))
    return Wording(
        id=_text(listed.get("id")) or "",
        name=_text(listed.get("name")) or "",
        language=_text(listed.get("language")) or "",
        status=_text(listed.get("status")) or "",
        category=_text(listed.get("category")),
        header=Header(str(header.get("format") or TEXT).upper(), _text(header.get("text")))
        if header
        else None,
        body=_text(parts.get("BODY", {}).get("text")) or "",
        footer=_text(parts.get("FOOTER", {}).get("text")),
        buttons=[label for button in buttons if (label := _text(button.get("text")))],
    )


def filled(wording: Wording, components: Sequence[Mapping[str, Any]]) -> RenderedMessage:
    """The template's texts with the parameters of a message's components in their places."""
    by_type = {part.get("type"): _texts(part) for part in components}
    header = wording.header.text if wording.header else None
    return RenderedMessage(
        header=_fill(header, by_type.get("header", {})) if header else None,
        body=_fill(wording.body, by_type.get("body", {})),
        footer=wording.footer,
        buttons=wording.buttons,
    )


def _texts(component: Mapping[str, Any]) -> dict[str, str]:
    """{placeholder: text}: by its name, else by its place from 1."""
    parameters = _objects(component.get("parameters"))
    return {
        str(one.get("parameter_name") or place): str(one["text"])
        for place, one in enumerate(parameters, 1)
        if "text" in one
    }


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return (
        str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None
    )
