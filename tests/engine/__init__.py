"""The engine as a real process, against a real HTTP server and real databases."""
