"""Outbound WhatsApp campaigns beside a self-hosted Botpress v12."""
