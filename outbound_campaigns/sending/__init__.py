"""From a due recipient to a recorded outcome."""
