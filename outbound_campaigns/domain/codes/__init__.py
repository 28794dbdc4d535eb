"""Codes of failures, each with its meaning and what to do about it, in Spanish and English."""
