"""Turns files into recipients, and recipients into files.

Others use: copying, exporting, importing, judging.anew, judging.starting, reading.csv_reader,
reading.encodings, reading.phone_column, reading.refused, reading.rows.
"""
