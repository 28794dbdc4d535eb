"""Names, tables and refusals: the vocabulary of the product. No input, no output, no framework."""
