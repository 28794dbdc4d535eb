"""Exports CSV files in chunks of bytes: memory stays flat, and no transaction waits for a slow client."""

from outbound_campaigns.audience.exporting.recipients import failed_csv, recipients_csv
from outbound_campaigns.audience.exporting.refused import errors_csv

__all__ = ["errors_csv", "failed_csv", "recipients_csv"]
