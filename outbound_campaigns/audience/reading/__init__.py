"""Reads CSV files as spreadsheets write them: encoding, columns, rows and refusals."""
