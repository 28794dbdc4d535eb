"""Reads what Botpress's own files say about a bot; knows nothing of campaigns."""
