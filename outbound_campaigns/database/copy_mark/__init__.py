"""Tells the database that campaigns are sent from apart from copies of it."""

from outbound_campaigns.database.copy_mark.mark import CopySign, HeldCopy, InstanceMark, NotMarked

__all__ = ["CopySign", "HeldCopy", "InstanceMark", "NotMarked"]
