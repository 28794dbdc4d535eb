"""Codes and, for each, what it means and what to do about it, in Spanish and English."""
