"""The HTTP doors: who may enter, the API, webhooks, health, and the panel's files."""
