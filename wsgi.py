"""Offers the application to gunicorn and other servers: `gunicorn wsgi:app`."""

from outbound_campaigns.web.app import create_app

app = create_app()
