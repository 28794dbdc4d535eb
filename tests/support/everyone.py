"""An operator who sends again to everyone that failed, whatever for."""

from typing import Any

from outbound_campaigns.campaigns.retrying import Choice
from outbound_campaigns.domain.codes.tables import CodeClass

EVERYONE = Choice(classes=[*CodeClass])


def chosen_for(what: str) -> tuple[Any, ...]:
    """What an action takes beside its act."""
    return (EVERYONE,) if what == "retry_failed" else ()
