"""The template that a campaign sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ResolvedTemplate:
    """A template as it goes into a message: looked up by its id, and frozen when the campaign starts."""

    name: str
    language: str
    namespace: str | None = None
    category: str | None = None
    """from the WhatsApp account's list, where it has one; takes precedence over the campaign's own"""
    definition: Mapping[str, Any] | None = None
    """its item in that list; None where the list could not be read, so that nothing was checked"""
    filling: Mapping[str, Any] | None = None
    """what fills its slots, as it is stored; with a definition only"""
