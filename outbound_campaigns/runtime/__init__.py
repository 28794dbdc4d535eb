"""What a process needs whatever it does: proxies."""
