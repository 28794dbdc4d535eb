"""WhatsApp's own codes, which Vonage's reports pass on (WhatsApp Cloud API, "Error codes")."""

from outbound_campaigns.domain.codes.code import read_table

META = read_table("meta")
