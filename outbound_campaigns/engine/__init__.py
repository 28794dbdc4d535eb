"""When a batch runs, and on which worker."""
