"""Decides who may use the HTTP API of a bot: Botpress's users, by Botpress's own roles."""
