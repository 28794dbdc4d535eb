"""Serves HTTP on an event loop: connections and their limits, webhooks, and a bridge to Flask's routes."""
