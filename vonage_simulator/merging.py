"""Merges changes that arrive as JSON into a frozen set of settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar, get_args, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Settings = TypeVar("Settings", bound=DataclassInstance)


def merged(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """Return the settings with some of them changed.

    Whole numbers pass where a float is wanted, lists where a tuple is. Raises ValueError for an unknown
    name or a value of another type; the JSON's keys are the names of the settings.
    """
    hints = get_type_hints(type(settings))
    unknown = sorted(changes.keys() - hints.keys())
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}")
    fitted = {name: _fitted(name, value, hints[name]) for name, value in changes.items()}
    return dataclasses.replace(settings, **fitted)


def check_shares(settings: DataclassInstance) -> None:
    """Raise ValueError unless every field named `..._share` lies between 0 and 1."""
    for field in dataclasses.fields(settings):
        if field.name.endswith("_share") and not 0 <= getattr(settings, field.name) <= 1:
            raise ValueError(f"{field.name} must lie between 0 and 1")


def _fitted(name: str, value: object, hint: object) -> object:
    kinds = get_args(hint) or (hint,)
    if Ellipsis in kinds:
        return _fitted_list(name, value, kinds[0])
    if type(value) is int and int not in kinds and float in kinds:
        return float(value)
    if type(value) not in kinds:
        raise ValueError(f"{name} has a value of the wrong type")
    return value


def _fitted_list(name: str, value: object, hint: object) -> tuple[object, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} must be a list")  # noqa: TRY004 -- one kind of refusal for callers
    return tuple(_fitted(name, item, hint) for item in value)
