"""The columns that exports add to those of a campaign's files."""

OF_EXPORTS = (
    "error_code",
    "error_reason",
    "attempts",
    "last_attempt_at",
    "recipient_status",
    "message_uuid",
    "message_sent_at",
    "message_delivered_at",
    "message_read_at",
    "message_failed_at",
)
"""uploads ignore them, so a file can't use these names itself"""
