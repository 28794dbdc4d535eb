"""Who is written to: CSV files and phone numbers."""
