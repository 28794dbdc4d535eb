"""The HTTP side: access, the API, webhooks, health, and the panel's files. wsgi.py serves `app`.

Others use: demo_site.
"""
