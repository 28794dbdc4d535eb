"""The HTTP routes, below Botpress's own URL scheme."""
