"""What leaves as CSV."""
