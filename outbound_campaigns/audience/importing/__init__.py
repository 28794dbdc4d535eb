"""Imports files into a campaign: spools, queues and imports them, and deletes their rows again."""

from outbound_campaigns.audience.importing.job import Timer
from outbound_campaigns.audience.importing.queue import (
    Upload,
    add_import,
    claim_import,
    fail_abandoned,
    must_take_recipients,
)
from outbound_campaigns.audience.importing.rows import spool_rows
from outbound_campaigns.audience.importing.running import run_import
from outbound_campaigns.audience.importing.spool import Spooled, Stream, discarded_on_error, spool, sweep
from outbound_campaigns.audience.importing.undoing import being_undone, remove_import, undo_some
from outbound_campaigns.domain.phone_numbers import NumberRules

__all__ = [
    "NumberRules",
    "Spooled",
    "Stream",
    "Timer",
    "Upload",
    "add_import",
    "being_undone",
    "claim_import",
    "discarded_on_error",
    "fail_abandoned",
    "must_take_recipients",
    "remove_import",
    "run_import",
    "spool",
    "spool_rows",
    "sweep",
    "undo_some",
]
