"""The codes of Vonage's receipts and reports (Messages API, "Error codes"; the classes are ours)."""

from outbound_campaigns.domain.codes.code import read_table

VONAGE = read_table("vonage")
