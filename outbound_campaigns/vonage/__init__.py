"""Everything that has the shape of Vonage's API. It knows no campaign and no database."""
