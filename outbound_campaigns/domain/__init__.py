"""Values, tables and refusals: what things are called, and what follows from what. No input, no output."""
