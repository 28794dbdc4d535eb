"""Which database is the one to send from, and which a copy of it."""

from outbound_campaigns.database.copy_mark.mark import Held, InstanceMark, NotMarked, Sign

__all__ = ["Held", "InstanceMark", "NotMarked", "Sign"]
