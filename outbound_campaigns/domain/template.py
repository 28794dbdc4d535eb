"""A template as it goes into a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResolvedTemplate:
    """A template as it goes into a message: found by id, frozen at the start."""

    name: str
    language: str
    namespace: str | None = None
    category: str | None = None
    """where the WhatsApp account's list tells it; it goes before the campaign's own"""
