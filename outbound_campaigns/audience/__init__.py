"""Files become recipients, and recipients become files."""
