"""Reads CSV files as spreadsheets write them: encoding, columns, rows and what is refused of them."""
