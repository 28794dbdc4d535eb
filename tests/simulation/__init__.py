"""A deterministic simulation of workers, crashes and Vonage."""
