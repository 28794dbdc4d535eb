"""Files become recipients, and recipients become files.

Others use: copying, exporting, importing, reading.columns, reading.csv_reader, reading.refused,
reading.rows.
"""
