"""The template that a campaign sends."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResolvedTemplate:
    """A template as it goes into a message: looked up by its id, and frozen when the campaign starts."""

    name: str
    language: str
    namespace: str | None = None
    category: str | None = None
    """from the WhatsApp account's list, where it has one; takes precedence over the campaign's own"""
