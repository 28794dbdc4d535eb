"""Sending: messages, the way to Vonage, and how many may leave when."""
