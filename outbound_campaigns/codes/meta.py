"""WhatsApp's own codes, which Vonage's reports pass on (WhatsApp Cloud API, "Error codes")."""

from outbound_campaigns.codes.code import read_table

META = read_table("meta")
