"""Everything that comes back after a message has left: receipts, replies, and Vonage's own records.

Others use: receipts, reconciliation, replies.
"""
