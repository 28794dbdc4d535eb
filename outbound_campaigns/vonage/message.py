"""Builds a message's body as Vonage wants it: `message_type: custom` with WhatsApp's template object.

One shape covers every kind of template (Messages API, "custom"; WhatsApp Cloud API, "template").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from outbound_campaigns.domain.placeholders import COLUMN
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.vonage.definitions.filling import MissingColumn

Variables = list[str] | dict[str, str] | None
"""columns in the order of the placeholders, or {placeholder: column}; None means all columns of the file"""


def body(
    template: ResolvedTemplate,
    components: Iterable[Mapping[str, Any]] | None,
    variables: Variables,
    cells: Mapping[str, str],
) -> dict[str, Any]:
    """Return the `custom` object of one recipient, the same for every transport. Raises MissingColumn.

    A body among the components replaces the variables: a template has only one body.
    """
    parameters = _parameters(variables, cells) if not has_body(components) else []
    own_body = [{"type": "body", "parameters": parameters}] if parameters else []
    return custom(template, with_body(components, own_body, cells))


def has_body(components: Iterable[Mapping[str, Any]] | None) -> bool:
    return any(component.get("type") == "body" for component in components or ())


def with_body(
    components: Iterable[Mapping[str, Any]] | None,
    body: Sequence[Mapping[str, Any]],
    cells: Mapping[str, str],
) -> list[Any]:
    """Return components with each {{column}} replaced by the cell, and a body after the header."""
    filled = [_fill(component, cells) for component in components or ()]
    place = _after_header(filled)
    return [*filled[:place], *body, *filled[place:]]


def custom(template: ResolvedTemplate, components: Sequence[Any]) -> dict[str, Any]:
    """Return the `custom` object of a template with these components."""
    content: dict[str, Any] = {
        "name": template.name,
        "language": {"policy": "deterministic", "code": template.language},
    }
    if template.namespace:
        content["namespace"] = template.namespace
    if components:
        content["components"] = list(components)
    return {"type": "template", "template": content}


def message(custom: Mapping[str, Any], to: str, sender: str, client_ref: str) -> dict[str, Any]:
    """Return the request's JSON; numbers are sent as digits only (Messages API, "to" and "from")."""
    return {
        "to": to.lstrip("+"),
        "from": sender.lstrip("+"),
        "channel": "whatsapp",
        "message_type": "custom",
        "custom": custom,
        "client_ref": client_ref,
    }


def _parameters(variables: Variables, cells: Mapping[str, str]) -> list[dict[str, str]]:
    if variables is None:
        return [{"type": "text", "text": cell} for cell in cells.values()]
    if isinstance(variables, list):
        return [{"type": "text", "text": _cell(cells, column)} for column in variables]
    if all(placeholder.isdecimal() for placeholder in variables):
        ordered = sorted(variables, key=int)
        return [{"type": "text", "text": _cell(cells, variables[placeholder])} for placeholder in ordered]
    return [
        {"type": "text", "parameter_name": placeholder, "text": _cell(cells, column)}
        for placeholder, column in variables.items()
    ]


def _cell(cells: Mapping[str, str], column: str) -> str:
    """Return a column's cell; names are compared without case, as headers are."""
    wanted = column.strip().casefold()
    for name, cell in cells.items():
        if name.casefold() == wanted:
            return cell
    raise MissingColumn(column)


def _fill(value: Any, cells: Mapping[str, str]) -> Any:
    """Return a component with each {{column}} replaced by the recipient's cell."""
    if isinstance(value, str):
        return COLUMN.sub(lambda match: _cell(cells, match[1]), value)
    if isinstance(value, Mapping):
        return {key: _fill(item, cells) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, cells) for item in value]
    return value


def _after_header(components: list[Any]) -> int:
    return sum(1 for component in components if component.get("type") == "header")
