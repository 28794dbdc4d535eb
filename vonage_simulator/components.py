"""Checks the components of a WhatsApp template in a message."""

from collections.abc import Callable, Iterator

from vonage_simulator.problems import Complaint

COMPONENTS = ("header", "body", "footer", "button", "carousel", "limited_time_offer")
BUTTONS = ("url", "quick_reply", "copy_code", "flow", "catalog", "mpm", "voice_call")


def component_complaints(components: object, path: str) -> Iterator[Complaint]:
    """Yield what is wrong in a template's `components`, each with its path."""
    if not isinstance(components, list):
        yield Complaint("params", path, "must be an array.")
        return
    for index, component in enumerate(components):
        yield from _component_complaints(component, f"{path}[{index}]")


def _component_complaints(component: object, path: str) -> Iterator[Complaint]:
    if not isinstance(component, dict) or component.get("type") not in COMPONENTS:
        yield Complaint("params", f"{path}.type", f"must be one of {', '.join(COMPONENTS)}.")
        return
    if component["type"] == "button":
        yield from _button_complaints(component, path)
    if component["type"] == "carousel":
        yield from _card_complaints(component.get("cards"), path)
    yield from _parameter_complaints(component.get("parameters", []), f"{path}.parameters")


def _button_complaints(button: dict[str, object], path: str) -> Iterator[Complaint]:
    if button.get("sub_type") not in BUTTONS:
        yield Complaint("params", f"{path}.sub_type", f"must be one of {', '.join(BUTTONS)}.")
    index = button.get("index")
    if type(index) not in (str, int) or not str(index).isdigit():
        yield Complaint("params", f"{path}.index", "must be the button's place, from 0.")


def _card_complaints(cards: object, path: str) -> Iterator[Complaint]:
    if not isinstance(cards, list) or not all(isinstance(card, dict) for card in cards):
        yield Complaint("params", f"{path}.cards", "must be an array of cards.")
        return
    for index, card in enumerate(cards):
        yield from component_complaints(card.get("components"), f"{path}.cards[{index}].components")


def _parameter_complaints(parameters: object, path: str) -> Iterator[Complaint]:
    if not isinstance(parameters, list):
        yield Complaint("params", path, "must be an array.")
        return
    for index, parameter in enumerate(parameters):
        kind = parameter.get("type") if isinstance(parameter, dict) else None
        shape = PARAMETERS.get(kind) if isinstance(kind, str) else None
        if shape is None:
            yield Complaint("params", f"{path}[{index}].type", "must be a known parameter type.")
        elif not shape(parameter.get(kind)):
            yield Complaint("params", f"{path}[{index}].{kind}", "is missing or has the wrong shape.")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_medium(value: object) -> bool:
    """Return whether a medium is named by `link` or `id`; WhatsApp refuses `url`, a known mistake."""
    return isinstance(value, dict) and any(_is_text(value.get(key)) for key in ("link", "id"))


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


# A parameter has its value under the name of its type.
PARAMETERS: dict[str, Callable[[object], bool]] = {
    "text": _is_text,
    "payload": _is_text,
    "coupon_code": _is_text,
    "image": _is_medium,
    "video": _is_medium,
    "document": _is_medium,
    "location": _is_object,
    "currency": _is_object,
    "date_time": _is_object,
    "action": _is_object,
    "limited_time_offer": _is_object,
}
