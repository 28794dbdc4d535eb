"""For gunicorn and other servers: `gunicorn wsgi:app`."""

from outbound_campaigns.app import create_app

app = create_app()
