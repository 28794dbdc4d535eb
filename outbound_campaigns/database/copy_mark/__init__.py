"""Which database is the one to send from, and which a copy of it."""

from outbound_campaigns.database.copy_mark.mark import CopySign, HeldCopy, InstanceMark, NotMarked

__all__ = ["CopySign", "HeldCopy", "InstanceMark", "NotMarked"]
