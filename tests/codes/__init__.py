"""Codes: their tables, how they are found, and the sentences made of them."""
