"""What comes back after a message left: receipts, replies, and Vonage's own records.

Others use: receipts, reconciliation, replies.
"""
